import { defined, meanOf, varianceOf } from './moments.ts'
import { normalCdf, normalQuantile } from './normal.ts'

/** Euler and Mascheroni's constant. */
const gamma = 0.5772156649015329

/**
 * The probability that the Sharpe ratio of the best of many trials is above what the best of as many worthless ones would show. Below 0.95 the
 * search has shown nothing. `undefined` for fewer than three returns or two trials.
 *
 *     expected best   = √V × ((1 − γ) Φ⁻¹(1 − 1/N) + γ Φ⁻¹(1 − 1/(N e)))         V: variance of the trials' Sharpe ratios
 *     deflated Sharpe = Φ( (S − expected best) √(n − 1) / √(1 − skew S + (kurtosis − 1)/4 S²) )
 *
 * Source: Bailey and López de Prado, "The Deflated Sharpe Ratio", 2014.
 *
 * @param returns Of the best trial, one for each period.
 * @param trialSharpes Of all trials that were made, each mean / standard deviation of a period's returns (not of a year's).
 */
export function deflatedSharpe(returns: readonly number[], trialSharpes: readonly number[]): number | undefined {
  const count = trialSharpes.length
  if (returns.length < 3 || count < 2) return undefined
  const mean = meanOf(returns)
  const deviation = Math.sqrt(varianceOf(returns))
  const sharpe = mean / deviation
  const standard = returns.map(value => (value - mean) / deviation)
  const skew = meanOf(standard.map(value => value ** 3))
  const kurtosis = meanOf(standard.map(value => value ** 4))
  const spread = Math.sqrt(varianceOf(trialSharpes))
  const best = spread * ((1 - gamma) * normalQuantile(1 - 1 / count) + gamma * normalQuantile(1 - 1 / (count * Math.E)))
  const error = Math.sqrt(1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2)
  return defined(normalCdf(((sharpe - best) * Math.sqrt(returns.length - 1)) / error))
}
