import { type Random, seededRandom } from '@org/core'

export interface Interval {
  readonly low: number
  readonly median: number
  readonly high: number
}

export interface BootstrapOptions {
  /** Returns that stay together, so that what depends on the day before keeps doing so. @default the cube root of their number */
  readonly blockLength?: number
  /** @default 1_000 */
  readonly rounds?: number
  /** Share that lies between low and high. @default 0.95 */
  readonly confidence?: number
  readonly random?: Random
}

/**
 * Where a figure of returns would lie if history had come in another order: blocks of the returns, drawn with replacement, round the end. `undefined`
 * for fewer than ten returns.
 *
 * Source: Politis and Romano, "A Circular Block-Resampling Procedure for Stationary Data", 1992.
 *
 * @example
 * bootstrapInterval(returns, values => values.reduce((product, r) => product * (1 + r), 1) - 1)
 */
export function bootstrapInterval(
  returns: readonly number[],
  figure: (returns: readonly number[]) => number,
  options: BootstrapOptions = {},
): Interval | undefined {
  const { length } = returns
  if (length < 10) return undefined
  const { rounds = 1_000, confidence = 0.95, random = seededRandom(1) } = options
  const blockLength = options.blockLength ?? Math.max(1, Math.round(Math.cbrt(length)))
  const drawn = Array.from({ length: rounds }, () => {
    const sample: number[] = []
    while (sample.length < length) {
      const from = Math.floor(random.next() * length)
      for (let i = 0; i < blockLength && sample.length < length; i++)
        sample.push(returns[(from + i) % length] as number)
    }
    return figure(sample)
  }).sort((a, b) => a - b)
  const at = (share: number) => drawn[Math.min(rounds - 1, Math.floor(share * rounds))] as number
  return { low: at((1 - confidence) / 2), median: at(0.5), high: at((1 + confidence) / 2) }
}
