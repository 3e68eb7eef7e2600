import { describe, expect, it } from 'vitest'
import { aimOnce } from '../../../test/pricing-input.ts'
import { hourMs, sampleMarket, startMs } from '../../../test/sample-market.ts'
import type { PricingInput } from '../pricing-policy.ts'
import { idleLadder } from './idle-ladder.ts'

// Median 0.30, p75 0.36, p10 0.21: the ladder begins at min(0.36, max(last, 0.315)) and ends at 0.189.
const after = (hours: number, input: Partial<PricingInput> = {}) =>
  aimOnce(idleLadder(), { nowMs: startMs + hours * hourMs, idleSinceMs: startMs, ...input }).targetPrice

describe('idleLadder', () => {
  it('begins at 1.05 × the median, or at what was paid last, at most at the upper quartile', () => {
    expect(after(0)).toBeCloseTo(0.315, 12)
    expect(after(0, { lastRentedPrice: 0.33 })).toBeCloseTo(0.33, 12)
    expect(after(0, { lastRentedPrice: 0.9 })).toBeCloseTo(0.36, 12)
  })

  it('asks 0.95, 0.9, 0.8 of it from 6, 12, 24 idle hours on', () => {
    expect([5.9, 6, 11.9, 12, 23.9, 24].map(hours => after(hours) / 0.315)).toEqual(
      [1, 0.95, 0.95, 0.9, 0.9, 0.8].map(factor => expect.closeTo(factor, 9)),
    )
  })

  it('stays above 0.9 × the tenth percentile, and above the floor', () => {
    const steps = [{ afterHours: 0, factor: 0.1 }]
    const bottom = (floorPerGpuHour: number) => aimOnce(idleLadder({ steps }), { floorPerGpuHour }).targetPrice
    expect(bottom(0.1)).toBeCloseTo(0.189, 12)
    expect(bottom(0.2)).toBeCloseTo(0.2, 12)
  })

  it('is no ladder up to a floor that nobody asks: then the machine is better taken off', () => {
    expect(after(48, { floorPerGpuHour: 0.6 })).toBeLessThan(0.6)
  })

  it('keeps its top while the GPU stays idle, and begins anew after a rental', () => {
    const first = aimOnce(idleLadder(), {})
    const dearer = sampleMarket({ median: 0.34 })
    const idle = aimOnce(idleLadder(), { nowMs: startMs + hourMs, market: dearer, memory: first.memory })
    expect(idle.targetPrice).toBeCloseTo(0.315, 12)
    const rented = aimOnce(idleLadder(), {
      nowMs: startMs + hourMs,
      market: dearer,
      idleSinceMs: undefined,
      memory: first.memory,
    })
    expect(rented.targetPrice).toBeCloseTo(1.05 * 0.34, 12)
  })
})
