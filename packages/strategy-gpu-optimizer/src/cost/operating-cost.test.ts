import { describe, expect, it } from 'vitest'
import { guideGpu } from '../../test/sample-gpu.ts'
import { idleCostPerHour, runningCostPerHour } from './operating-cost.ts'

describe('the cost of a GPU', () => {
  it('is 450 W × $0.12 + $0.02 = $0.074 an hour while rented', () => {
    expect(runningCostPerHour(guideGpu)).toBeCloseTo(0.074, 12)
  })

  it('is 30 W × $0.12 + $0.02 = $0.0236 an hour while idle', () => {
    expect(idleCostPerHour(guideGpu)).toBeCloseTo(0.0236, 12)
  })

  it('takes a tenth of powerWatts for idle when idleWatts is not given', () => {
    const { idleWatts: _, ...gpu } = guideGpu
    expect(idleCostPerHour(gpu)).toBeCloseTo(0.045 * 0.12 + 0.02, 12)
  })
})
