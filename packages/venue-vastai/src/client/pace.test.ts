import { VirtualClock } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Pace } from './pace.ts'
import { sharePace } from './pace-registry.ts'

const startMs = 1_000_000

/** When each of some calls that come at once begins, milliseconds after the first. */
async function starts(calls: number, limit: { calls: number; perMs: number }): Promise<number[]> {
  const clock = new VirtualClock({ startMs })
  const pace = new Pace(clock)
  const begun: number[] = []
  await clock.run(async () => {
    await Promise.all(
      Array.from({ length: calls }, async () => {
        await pace.enter('lane', limit, undefined)
        begun.push(clock.now() - startMs)
      }),
    )
  })
  return begun
}

describe('Pace', () => {
  it('keeps calls the interval and a margin apart, first come, first served', async () => {
    expect(await starts(4, { calls: 1, perMs: 3000 })).toEqual([0, 3100, 6200, 9300])
  })

  it('lets a burst pass that the limit allows', async () => {
    expect(await starts(5, { calls: 2, perMs: 10_000 })).toEqual([0, 0, 10_100, 10_100, 20_200])
  })

  it('never lets more calls begin within any period than the limit says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 30 }),
        async (calls, perMs, count) => {
          const begun = await starts(count, { calls, perMs })
          for (let i = calls; i < begun.length; i++)
            expect((begun[i] ?? 0) - (begun[i - calls] ?? 0)).toBeGreaterThanOrEqual(perMs)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('does not wait for hours when the clock stepped back', async () => {
    const clock = new VirtualClock({ startMs })
    const pace = new Pace(clock)
    await clock.run(async () => {
      await pace.enter('lane', { calls: 1, perMs: 2000 }, undefined)
      clock.jumpTo(startMs - 7_200_000)
      await pace.enter('lane', { calls: 1, perMs: 2000 }, undefined)
      expect(clock.now()).toBe(startMs - 7_200_000 + 2100)
    })
  })

  it('learns a longer interval from a 429, and keeps to it', async () => {
    const clock = new VirtualClock({ startMs })
    const pace = new Pace(clock)
    await clock.run(async () => {
      await pace.enter('lane', { calls: 1, perMs: 1000 }, undefined)
      expect(pace.slowDown('lane', { calls: 1, perMs: 1000 }, 4000)).toBe(4000)
      await pace.enter('lane', { calls: 1, perMs: 1000 }, undefined)
      await pace.enter('lane', { calls: 1, perMs: 1000 }, undefined)
      expect(clock.now() - startMs).toBe(8200)
    })
  })

  it('waits out the penalty of a call that came too early', () => {
    const pace = new Pace(new VirtualClock({ startMs }))
    expect(pace.slowDown('lane', { calls: 1, perMs: 4500, penaltyMs: 12_000 }, 4500)).toBe(12_000)
  })

  it('slows down a lane without a known limit as well', async () => {
    const clock = new VirtualClock({ startMs })
    const pace = new Pace(clock)
    expect(pace.enter('lane', undefined, undefined)).toBeUndefined()
    pace.slowDown('lane', undefined, undefined)
    await clock.run(async () => pace.enter('lane', undefined, undefined))
    expect(clock.now() - startMs).toBe(1100)
  })

  it('gives a waiting call up when it is aborted', async () => {
    const clock = new VirtualClock({ startMs })
    const pace = new Pace(clock)
    const controller = new AbortController()
    await clock.run(async () => {
      await pace.enter('lane', { calls: 1, perMs: 5000 }, undefined)
      const waiting = pace.enter('lane', { calls: 1, perMs: 5000 }, controller.signal)
      controller.abort()
      await expect(waiting).rejects.toMatchObject({ code: 'ABORTED', effect: 'none' })
    })
  })
})

describe('sharePace', () => {
  it('is one for all clients of a key, and another for another key, server or clock', () => {
    const clock = new VirtualClock()
    const first = sharePace(clock, 'https://a', 'key')
    const same = sharePace(clock, 'https://a', 'key')
    const others = [
      sharePace(clock, 'https://a', 'other'),
      sharePace(clock, 'https://b', 'key'),
      sharePace(new VirtualClock(), 'https://a', 'key'),
    ]
    expect(same.pace).toBe(first.pace)
    for (const other of others) expect(other.pace).not.toBe(first.pace)
  })

  it('ends with the last client', () => {
    const clock = new VirtualClock()
    const first = sharePace(clock, 'https://a', 'key')
    const second = sharePace(clock, 'https://a', 'key')
    first.release()
    const third = sharePace(clock, 'https://a', 'key')
    expect(third.pace).toBe(first.pace)
    second.release()
    third.release()
    expect(sharePace(clock, 'https://a', 'key').pace).not.toBe(first.pace)
  })
})
