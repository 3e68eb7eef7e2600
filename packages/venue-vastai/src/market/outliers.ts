import { quantile } from './price-band.ts'

const fenceFactor = 1.5
/** Spread of logarithms that is always allowed: with nearly equal prices a fence on their own spread would cut honest ones. */
const spreadMin = 0.2

/**
 * Where the prices begin and end that lie within Tukey's fence, as indexes `[from, to)` into prices sorted ascending.
 *
 * The fence stands on logarithms: $40 among dimes is cut as well as $0.001, which a fence on plain figures would keep.
 *
 * Source: Tukey, Exploratory Data Analysis (1977), inner fences.
 */
export function withinFence(sorted: readonly number[]): readonly [from: number, to: number] {
  if (sorted.length === 0) return [0, 0]
  const low = Math.log(quantile(sorted, 0.25))
  const high = Math.log(quantile(sorted, 0.75))
  const reach = fenceFactor * Math.max(high - low, spreadMin)
  const floor = Math.exp(low - reach)
  const ceiling = Math.exp(high + reach)
  let from = 0
  let to = sorted.length
  while (from < to && (sorted[from] ?? 0) < floor) from++
  while (to > from && (sorted[to - 1] ?? 0) > ceiling) to--
  return [from, to]
}
