/** A mean with its 95 % confidence interval. */
export interface MeanInterval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** Student's t at 0.975 for 1 to 30 degrees of freedom; beyond, the normal's 1.96 is within 4 %. */
const t975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]

/**
 * Of independent values. With fewer than two the interval is unbounded.
 *
 * @example
 * meanInterval([1, 2, 3]) // mean 2, from -0.48 to 4.48
 */
export function meanInterval(values: readonly number[]): MeanInterval {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  if (count < 2) return { mean, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  const half = (t975[count - 2] ?? 1.96) * Math.sqrt(variance / count)
  return { mean, low: mean - half, high: mean + half }
}
