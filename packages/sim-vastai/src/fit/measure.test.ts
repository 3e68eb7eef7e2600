import { describe, expect, it } from 'vitest'
import { averageMeasures } from './average.ts'
import { ratioOf } from './calibrate.ts'
import { measure, perHour, quantile } from './measure.ts'
import type { OfferRow, Recording } from './offer-row.ts'

const HOUR_MS = 3_600_000

function offer(machineId: number, usd: number, isRentable: boolean, more: Partial<OfferRow> = {}): OfferRow {
  return {
    machineId,
    hostId: machineId,
    gpuCount: 1,
    usdPerGpuHour: usd,
    minBidUsdPerGpuHour: usd,
    isRentable,
    reliability: 0.99,
    isVerified: true,
    isDatacenter: false,
    ...more,
  }
}

/** Cycles 10 hours apart. */
function recording(...cycles: readonly (readonly OfferRow[])[]): Recording {
  return { model: 'RTX_4090', cycles: cycles.map((rows, index) => ({ atMs: index * 10 * HOUR_MS, rows })) }
}

describe('measure', () => {
  it('counts a free offer that is taken per hour that free offers were seen', () => {
    const measures = measure(
      recording(
        [offer(1, 1, true), offer(2, 1, true), offer(3, 1, false)],
        [offer(1, 1, false), offer(2, 1, true), offer(3, 1, true)],
      ),
    )
    expect(measures.takeOneVerified).toEqual({ events: 1, hours: 20 })
    expect(measures.takeSingleVerified).toEqual({ events: 1, hours: 20 })
    expect(measures.releaseVerified).toEqual({ events: 1, hours: 10 })
    expect(perHour(measures.releaseVerified)).toBe(0.1)
  })

  it('keeps apart what is verified and what is not', () => {
    const other = { isVerified: false }
    const measures = measure(recording([offer(1, 1, true, other)], [offer(1, 1, false, other)]))
    expect(measures.takeOneOther).toEqual({ events: 1, hours: 10 })
    expect(measures.takeOneVerified).toEqual({ events: 0, hours: 0 })
  })

  it('says nothing about rates across a gap of more than 13 hours', () => {
    const [first, second] = recording([offer(1, 1, true)], [offer(1, 2, false)]).cycles as [never, never]
    const late = { ...(second as object), atMs: 14 * HOUR_MS } as never
    expect(measure({ model: 'RTX_4090', cycles: [first, late] })).toMatchObject({
      takeOneVerified: { events: 0, hours: 0 },
      reprice: { events: 0, hours: 0 },
    })
  })

  it('takes occupancy from the largest chunk of each machine, counted once', () => {
    const whole = { gpuCount: 4 }
    // Machine 1 has one of four GPUs free, machine 2 all four.
    const rows = [offer(1, 1, false, whole), offer(1, 1, true), offer(2, 1, true, whole), offer(2, 1, true)]
    expect(measure(recording(rows, rows)).occupancyMean).toBeCloseTo(3 / 8, 12)
  })

  it('sees repricings, their size, their direction, and that one undoes the other', () => {
    const asks = [1, 1.1, 1, 1, 1.1, 1]
    const { reprice, repriceUpShare, repriceMedian, repriceEcho } = measure(
      recording(...asks.map(usd => [offer(1, usd, false)])),
    )
    expect(reprice).toEqual({ events: 4, hours: 50 })
    expect(repriceUpShare).toBe(0.5)
    expect(repriceMedian).toBeCloseTo(Math.log(1.1), 12)
    expect(repriceEcho).toBeCloseTo(-1, 12)
  })

  it('ignores changes of a ten-thousandth, which are the storage part of a price', () => {
    expect(measure(recording([offer(1, 1, false)], [offer(1, 1.0001, false)])).reprice.events).toBe(0)
  })

  it('compares offers after their own cut with unchanged ones, within trust and size', () => {
    // Machines 1 and 2 cut by 10 % while free, 3 and 4 do not; then 1, 2 and 3 are taken.
    const measures = measure(
      recording(
        [1, 2, 3, 4].map(id => offer(id, 1, true)),
        [1, 2, 3, 4].map(id => offer(id, id <= 2 ? 0.9 : 1, true)),
        [1, 2, 3, 4].map(id => offer(id, id <= 2 ? 0.9 : 1, id === 4)),
      ),
    )
    expect(measures.cutResponse.events).toBe(2)
    expect(ratioOf([measures.cutResponse])).toBeCloseTo(2, 12)
  })

  it('ranks free verified 1-GPU offers by price within their cycle', () => {
    const before = [1, 2, 3, 4].map(usd => offer(usd, usd, true))
    const after = [1, 2, 3, 4].map(usd => offer(usd, usd, usd !== 4))
    expect(measure(recording(before, after)).takeByPriceRank.map(rate => rate.events)).toEqual([0, 0, 0, 1])
  })

  it('does not take a changing sample of machines for a move of prices', () => {
    const stays = offer(1, 1, false)
    const { cycleDrift } = measure(recording([stays, offer(2, 5, false)], [stays, offer(3, 9, false)]))
    expect(cycleDrift).toBe(0)
  })

  it('gives dispersion as quantiles over the median', () => {
    const rows = Array.from({ length: 11 }, (_, index) => offer(index, 1 + index / 10, false))
    expect(measure(recording(rows, rows)).dispersion[0]).toBeCloseTo(1.1 / 1.5, 12)
    expect(measure(recording(rows, rows)).dispersion[3]).toBeCloseTo(1.9 / 1.5, 12)
  })
})

describe('averageMeasures', () => {
  it('pools rates and averages the rest', () => {
    const busy = measure(recording([offer(1, 1, true)], [offer(1, 1, false)]))
    const calm = measure(recording([offer(1, 1, true)], [offer(1, 1, true)]))
    const both = averageMeasures([busy, calm])
    expect(both.takeOneVerified).toEqual({ events: 1, hours: 20 })
    expect(both.occupancyMean).toBeCloseTo((busy.occupancyMean + calm.occupancyMean) / 2, 12)
  })
})

describe('quantile', () => {
  it('is by nearest rank and leaves its input as it was', () => {
    const values = [3, 1, 2, 4]
    expect([0, 0.5, 0.99].map(share => quantile(values, share))).toEqual([1, 3, 4])
    expect(values).toEqual([3, 1, 2, 4])
    expect(quantile([], 0.5)).toBeNaN()
  })
})
