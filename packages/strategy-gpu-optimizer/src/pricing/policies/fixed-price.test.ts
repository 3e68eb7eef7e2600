import { describe, expect, it } from 'vitest'
import { aimOnce } from '../../../test/pricing-input.ts'
import { sampleMarket } from '../../../test/sample-market.ts'
import { fixedPrice } from './fixed-price.ts'
import { openingMedian } from './opening-median.ts'

describe('fixedPrice', () => {
  it('asks the same whatever the market does', () => {
    for (const median of [0.1, 0.3, 3])
      expect(aimOnce(fixedPrice(0.25), { market: sampleMarket({ median }) }).targetPrice).toBe(0.25)
  })

  it('refuses what is no price', () => {
    for (const price of [0, -0.1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => fixedPrice(price)).toThrow(/expected a fixed price above 0 USD per GPU-hour/)
  })
})

describe('openingMedian', () => {
  it('asks the first median it saw, for ever', () => {
    const first = aimOnce(openingMedian(), { market: sampleMarket({ median: 0.3 }) })
    const later = aimOnce(openingMedian(), { market: sampleMarket({ median: 0.4 }), memory: first.memory })
    expect([first.targetPrice, later.targetPrice]).toEqual([0.3, 0.3])
  })
})
