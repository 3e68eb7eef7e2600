/** `NaN` of nothing, as all figures here that have no value; {@link defined} turns them into `undefined` at the end. */
export function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length
}

export function sumOf(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** With n − 1; `NaN` for fewer than two. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values)
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return values.length < 2 ? Number.NaN : squares / (values.length - 1)
}

/** `exp(mean(ln(1 + r))) − 1`; 0 when everything was lost at once. */
export function geometricMeanOf(returns: readonly number[]): number {
  let logs = 0
  for (const value of returns) {
    if (value <= -1) return 0
    logs += Math.log(1 + value)
  }
  return Math.exp(logs / returns.length) - 1
}

/** A figure, or `undefined` where the sample is too small for one. */
export function defined(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value
}
