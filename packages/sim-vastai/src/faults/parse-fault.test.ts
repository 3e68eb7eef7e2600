import { describe, expect, it } from 'vitest'
import type { Fault } from './fault.ts'
import { parseFault } from './parse-fault.ts'

const good: readonly Fault[] = [
  { kind: 'status', status: 429, afterEffect: false },
  { kind: 'slow', delayMs: 5_000, method: 'GET', path: '/machines' },
  { kind: 'reset-before', count: 2 },
  { kind: 'reset-after', skip: 1, probability: 0.5 },
  { kind: 'malformed-json' },
  { kind: 'missing-field', field: 'dph_total' },
  { kind: 'truncated-list', keep: 0 },
  { kind: 'stale-rows' },
  { kind: 'wrong-unit', factor: 0.01 },
]

describe('parseFault', () => {
  it.each(good)('reads $kind', fault => {
    expect(parseFault(structuredClone(fault))).toEqual(fault)
  })

  it.each([
    [null, 'expected a JSON object'],
    [{ kind: 'explode' }, 'kind: unknown "explode"'],
    [{ kind: 'status', status: 200 }, 'status: expected one of'],
    [{ kind: 'slow' }, 'delayMs: expected a number >= 0'],
    [{ kind: 'slow', delayMs: -1 }, 'delayMs: expected a number >= 0'],
    [{ kind: 'missing-field' }, 'field: expected a string'],
    [{ kind: 'stale-rows', count: 1.5 }, 'count: expected a count'],
    [{ kind: 'stale-rows', skip: -1 }, 'skip: expected a count'],
    [{ kind: 'stale-rows', probability: 2 }, 'probability: expected a number from 0 to 1'],
    [{ kind: 'stale-rows', path: 5 }, 'path: expected a string'],
  ])('refuses %j in one line', (value, message) => {
    expect(() => parseFault(value)).toThrow(
      expect.objectContaining({ code: 'INVALID_FAULT', shortMessage: expect.stringContaining(message) }),
    )
  })
})
