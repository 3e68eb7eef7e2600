import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priceFloor, profitability } from './profit-test.ts'

const required = { minExpectedProfit: 0.1, minRoi: 0.25 }

describe('profitability', () => {
  it("is the guide's example: market $0.50 leaves $0.426 of profit, a margin of 575 %", () => {
    const { profitPerGpuHour, margin } = profitability(0.5, 0.074)
    expect(profitPerGpuHour).toBeCloseTo(0.426, 12)
    expect(Math.floor(margin * 100)).toBe(575)
  })

  it('has no bound for a machine that costs nothing', () => {
    expect(profitability(0.5, 0).margin).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('the price floor', () => {
  it('is cost + $0.10 where that is the larger demand', () => {
    expect(priceFloor(0.074, required)).toBeCloseTo(0.174, 12)
  })

  it('is cost × 1.25 where that is the larger demand', () => {
    expect(priceFloor(1, required)).toBeCloseTo(1.25, 12)
  })

  it('is the least price that meets both demands', () => {
    const cost = fc.double({ min: 0.001, max: 10, noNaN: true })
    fc.assert(
      fc.property(
        cost,
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (costPerGpuHour, minExpectedProfit, minRoi) => {
          const floor = priceFloor(costPerGpuHour, { minExpectedProfit, minRoi })
          const meets = (price: number) => {
            const { profitPerGpuHour, margin } = profitability(price, costPerGpuHour)
            return profitPerGpuHour >= minExpectedProfit && margin >= minRoi
          }
          expect(meets(floor + 1e-6)).toBe(true)
          expect(meets(floor - 1e-6)).toBe(false)
        },
      ),
    )
  })
})
