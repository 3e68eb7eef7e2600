import { describe, expect, it } from 'vitest'
import { aimOnce } from '../../../test/pricing-input.ts'
import { sampleMarket } from '../../../test/sample-market.ts'
import { guideRule } from './guide-rule.ts'

describe('guideRule', () => {
  it('asks 0.98 × the median: $0.49 at a market of $0.50', () => {
    expect(aimOnce(guideRule(), { market: sampleMarket({ median: 0.5 }) }).targetPrice).toBeCloseTo(0.49, 12)
  })

  it('looks at nothing but the median', () => {
    const idle = aimOnce(guideRule(), { market: sampleMarket({ rentedShare: 0 }), rentedGpus: 0 })
    expect(aimOnce(guideRule(), { market: sampleMarket({ rentedShare: 1 }), rentedGpus: 1 })).toEqual(idle)
  })

  it('takes another factor, and refuses what is none', () => {
    expect(aimOnce(guideRule({ factor: 1.1 }), {}).targetPrice).toBeCloseTo(0.33, 12)
    for (const factor of [0, -1, Number.NaN, 98])
      expect(() => guideRule({ factor })).toThrow(/expected a factor of the median above 0/)
  })
})
