import { describe, expect, it } from 'vitest'
import { aimOnce } from '../../../test/pricing-input.ts'
import { hourMs, sampleMarket, startMs } from '../../../test/sample-market.ts'
import { twoPrice } from './two-price.ts'

/** Idle shares of the market, six hours apart, and the factors of the median that are asked. */
function factors(idleShares: readonly number[]): number[] {
  let memory: ReturnType<ReturnType<typeof twoPrice>['aim']>['memory'] | undefined
  return idleShares.map((idleShare, index) => {
    const target = aimOnce(twoPrice(), {
      nowMs: startMs + index * 6 * hourMs,
      market: sampleMarket({ rentedShare: 1 - idleShare }),
      memory,
    })
    memory = target.memory
    return Number((target.targetPrice / 0.3).toFixed(6))
  })
}

describe('twoPrice', () => {
  it('asks the high price while idle stock is below the usual, else the low one', () => {
    expect(factors([0.2, 0.1, 0.1])).toEqual([0.96, 1.08, 1.08])
    expect(factors([0.2, 0.3])).toEqual([0.96, 0.96])
  })

  it('changes sides only when the stock is a tenth beyond the usual', () => {
    expect(factors([0.2, 0.19, 0.21, 0.19])).toEqual([0.96, 0.96, 0.96, 0.96])
    expect(factors([0.2, 0.1, 0.195, 0.195])).toEqual([0.96, 1.08, 1.08, 1.08])
  })
})
