import { describe, expect, it } from 'vitest'
import { Sharpe } from './sharpe.ts'
import { Sortino } from './sortino.ts'

/** Prices that make these returns. */
function pricesOf(returns: readonly number[]): number[] {
  const prices = [100]
  for (const each of returns) prices.push((prices.at(-1) ?? 0) * (1 + each))
  return prices
}

describe('ratios', () => {
  it('Sortino is 4.417 in the worked example of Rollinger and Hoffman', () => {
    const sortino = new Sortino(8)
    for (const price of pricesOf([0.17, 0.15, 0.23, -0.05, 0.12, 0.09, 0.13, -0.04])) sortino.update(price)
    expect(sortino.value).toBeCloseTo(4.417, 3)
  })

  it('Sharpe is mean over deviation: returns of 1 and 3 per cent have 2', () => {
    const sharpe = new Sharpe(2)
    for (const price of pricesOf([0.01, 0.03])) sharpe.update(price)
    expect(sharpe.value).toBeCloseTo(2, 10)
  })

  it('are 0 where there is no spread and no shortfall', () => {
    const sharpe = new Sharpe(2)
    const sortino = new Sortino(2)
    for (const price of [100, 100, 100]) {
      sharpe.update(price)
      sortino.update(price)
    }
    expect([sharpe.value, sortino.value]).toEqual([0, 0])
  })

  it('refuse a price that has no return', () => {
    expect(() => new Sharpe(2).update(0)).toThrow('Sharpe(2,0): expected a price above 0, was 0')
  })
})
