import type { Bar } from '@org/indicators'
import fc from 'fast-check'

const cents = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map(value => value / 100)

const bar: fc.Arbitrary<Bar> = fc
  .record({
    a: cents(50, 150),
    b: cents(50, 150),
    open: cents(50, 150),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    volume: fc.integer({ min: 1, max: 1e6 }),
  })
  .map(({ a, b, open, at, volume }) => {
    const high = Math.max(a, b)
    const low = Math.min(a, b)
    return { open: Math.min(high, Math.max(low, open)), high, low, close: low + at * (high - low), volume }
  })

/** Bars of a wild market, with flat stretches now and then. */
export const someBars: fc.Arbitrary<readonly Bar[]> = fc
  .array(fc.record({ bar, times: fc.constantFrom(1, 1, 1, 1, 6) }), { minLength: 20, maxLength: 60 })
  .map(parts => parts.flatMap(part => Array.from({ length: part.times }, () => part.bar)))

/** A long series of prices around `level`, the same on every run. */
export function* longSeries(count: number, level: number): Generator<number> {
  let state = 12_345
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield level + state / 2 ** 32
  }
}
