import { seededRandom, VirtualClock } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composeInstanceLabel, newIdempotencyKey, parseInstanceLabel } from './instance-label.ts'

const key = fc.stringMatching(/^[A-Za-z0-9._:-]{1,100}$/)

describe('a label with a key', () => {
  it('gives both back', () => {
    fc.assert(
      fc.property(
        fc.option(fc.string({ minLength: 1, maxLength: 200 }), { nil: undefined }),
        key,
        (label, idempotencyKey) => {
          expect(parseInstanceLabel(composeInstanceLabel(label, idempotencyKey))).toEqual({ label, idempotencyKey })
        },
      ),
    )
  })

  it('is told from one without', () => {
    expect(parseInstanceLabel('train 7')).toEqual({ label: 'train 7', idempotencyKey: undefined })
    expect(parseInstanceLabel(null)).toEqual({ label: undefined, idempotencyKey: undefined })
  })

  it.each(['', 'a b', 'a#b', 'x'.repeat(101), 'a\nb'])('refuses the key %j', idempotencyKey => {
    expect(() => composeInstanceLabel('x', idempotencyKey)).toThrow(/idempotencyKey/)
  })
})

describe('a generated key', () => {
  it('is one that a label can carry, and differs by offer and time even under one seed', () => {
    const clock = new VirtualClock()
    const keys = [1, 2].map(offerId => newIdempotencyKey(offerId, clock, seededRandom(7)))
    clock.jumpTo(clock.now() + 1)
    keys.push(newIdempotencyKey(1, clock, seededRandom(7)))
    expect(new Set(keys).size).toBe(3)
    for (const each of keys) expect(() => composeInstanceLabel(undefined, each)).not.toThrow()
  })
})
