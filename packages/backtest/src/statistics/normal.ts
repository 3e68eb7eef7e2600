/**
 * The normal distribution up to `x`; error below 7.5e-8.
 *
 * Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.2.17.
 */
export function normalCdf(x: number): number {
  if (x < 0) return 1 - normalCdf(-x)
  const t = 1 / (1 + 0.2316419 * x)
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return 1 - (Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum
}

/** Where {@link normalCdf} reaches `p`, between 0 and 1; by halving. */
export function normalQuantile(p: number): number {
  let [low, high] = [-10, 10]
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2
    if (normalCdf(middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
