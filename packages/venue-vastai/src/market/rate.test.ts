import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MarketError } from './market-error.ts'
import type { MarketOffer } from './market-offer.ts'
import { SamplePool } from './merge-samples.ts'
import type { PeerKind } from './peer-choice.ts'
import { hostShare } from './price.ts'
import { marketRate, rateOfPool } from './rate.ts'

const model = 'RTX_4090'
const takenAt = 1_000_000
const oneGpu: PeerKind = { model, gpus: 1, verification: 'verified', reliability: 'high' }

/** A machine of one GPU at `perGpu` renter dollars an hour. */
function single(machineId: number, perGpu: number | undefined, change: Partial<MarketOffer> = {}): MarketOffer {
  return {
    id: machineId * 10,
    machineId,
    model,
    numGpus: 1,
    gpuIds: [machineId * 100],
    chunkPricePerHour: perGpu,
    rentable: true,
    verification: 'verified',
    reliability: 0.99,
    ...change,
  }
}

/** All chunks of a machine of four GPUs, of which those in `taken` are rented. */
function quad(machineId: number, perGpu: number, taken: readonly number[]): MarketOffer[] {
  const chunk = (first: number, numGpus: number): MarketOffer => {
    const indexes = Array.from({ length: numGpus }, (_, index) => first + index)
    return single(machineId, perGpu * numGpus, {
      id: machineId * 10 + first + 4 * (numGpus - 1),
      numGpus,
      gpuIds: indexes.map(index => machineId * 100 + index),
      rentable: !indexes.some(index => taken.includes(index)),
    })
  }
  return [chunk(0, 4), chunk(0, 2), chunk(2, 2), chunk(0, 1), chunk(1, 1), chunk(2, 1), chunk(3, 1)]
}

const fivePrices = [0.3, 0.35, 0.4, 0.45, 0.5].map((price, index) => single(index + 1, price))

describe('marketRate', () => {
  it('gives the quantiles of five prices that can be read off by eye', () => {
    const { renter } = marketRate(fivePrices, takenAt, { kind: oneGpu })
    expect(renter).toEqual({
      min: 0.3,
      p10: expect.closeTo(0.32, 9),
      p25: 0.35,
      median: 0.4,
      p75: 0.45,
      p90: expect.closeTo(0.48, 9),
      max: 0.5,
      machines: 5,
    })
  })

  it('states the same band as hosts earn it: 0.75 of what renters pay', () => {
    const rate = marketRate(fivePrices, takenAt, { kind: oneGpu })
    expect(rate.host.median).toBeCloseTo(0.3, 9)
    expect(rate.shareSource).toBe('assumed')
    expect(marketRate(fivePrices, takenAt, { kind: oneGpu, share: hostShare(1) }).host.median).toBe(0.4)
  })

  it('divides the price of a chunk by its GPUs (defect 2 of existing pricers)', () => {
    const offers = [1, 2, 3, 4, 5].flatMap(id => quad(id, 0.4, []))
    const kind: PeerKind = { model, gpus: 4 }
    expect(marketRate(offers, takenAt, { kind }).renter.median).toBe(0.4)
  })

  it('gives each machine one vote however many chunks it shows (defect 6)', () => {
    const offers = [...quad(9, 2, []), ...quad(8, 1.9, []), ...fivePrices]
    const rate = marketRate(offers, takenAt, { kind: { model } })
    expect(rate.machinesCounted + rate.leftOut.outliers).toBe(7)
  })

  it('leaves own machines out (defect 6)', () => {
    const mine = single(77, 0.01)
    const rate = marketRate([mine, ...fivePrices], takenAt, { kind: oneGpu, ownMachineIds: new Set([77]) })
    expect(rate.renter.min).toBe(0.3)
    expect(rate.leftOut.own).toBe(1)
  })

  it('is not moved by absurd prices: $40, $0.0001, and offers without a price', () => {
    const absurd = [40, 0.0001, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, undefined].map((price, index) =>
      single(100 + index, price),
    )
    const rate = marketRate([...absurd, ...fivePrices], takenAt, { kind: oneGpu })
    expect(rate.renter).toEqual(marketRate(fivePrices, takenAt, { kind: oneGpu }).renter)
    expect(rate.leftOut).toMatchObject({ outliers: 2, withoutPrice: 5 })
  })

  it('counts a GPU as rented when no rentable chunk holds it (defect 5)', () => {
    const offers = [1, 2, 3, 4, 5].flatMap(id => quad(id, 0.4, id === 1 ? [0] : id === 2 ? [0, 1, 2, 3] : []))
    const rate = marketRate(offers, takenAt, { kind: { model, gpus: 4 } })
    expect(rate).toMatchObject({ gpusCounted: 20, idleGpus: 15, rentedShare: 0.25 })
    expect(rate.rented?.renter.machines).toBe(2)
    expect(rate.idle?.renter.machines).toBe(4)
  })

  it('keeps asks of free and of taken machines apart', () => {
    const offers = fivePrices.map((offer, index) => ({ ...offer, rentable: index >= 3 }))
    const rate = marketRate(offers, takenAt, { kind: oneGpu })
    expect(rate.idle?.renter.median).toBeCloseTo(0.475, 9)
    expect(rate.rented?.renter.median).toBe(0.35)
    expect(rate.rented?.host.median).toBeCloseTo(0.2625, 9)
  })

  it('compares like with like and says what it gave up to find enough peers', () => {
    const unverified = [6, 7, 8, 9, 10].map(id => single(id, 0.2, { verification: 'unverified' }))
    const strict = marketRate([...fivePrices, ...unverified], takenAt, { kind: oneGpu })
    expect(strict.like.relaxed).toEqual([])
    expect(strict.renter.min).toBe(0.3)
    const shaky = { ...oneGpu, reliability: 'low' } as const
    expect(marketRate([...fivePrices, ...unverified], takenAt, { kind: shaky }).like.relaxed).toEqual(['reliability'])
    const few = fivePrices.slice(0, 2)
    expect(marketRate([...few, ...unverified], takenAt, { kind: oneGpu }).like.relaxed).toEqual([
      'reliability',
      'gpus',
      'verification',
    ])
  })

  it('refuses below the least number of machines, with the figures', () => {
    const act = () => marketRate(fivePrices.slice(0, 4), takenAt, { kind: oneGpu })
    expect(act).toThrowError(/^4 comparable RTX_4090 machines .* 5 are needed/)
    const error = catchError(act)
    expect(error.code).toBe('TOO_FEW_PEERS')
    expect(error.effect).toBe('none')
  })

  it('refuses an empty market and one without prices', () => {
    expect(catchError(() => marketRate([], takenAt, { kind: oneGpu })).code).toBe('TOO_FEW_PEERS')
    const unpriced = fivePrices.map(offer => ({ ...offer, chunkPricePerHour: undefined }))
    expect(catchError(() => marketRate(unpriced, takenAt, { kind: oneGpu })).code).toBe('TOO_FEW_PEERS')
  })

  it('says from when its prices are', () => {
    const pool = new SamplePool()
    pool.merge({ takenAt: 1000, offers: fivePrices, truncated: true })
    pool.merge({ takenAt: 2000, offers: fivePrices.slice(0, 2), truncated: true })
    expect(rateOfPool(pool, { kind: oneGpu })).toMatchObject({
      asOf: 2000,
      oldestAsOf: 1000,
      samples: 2,
      truncated: true,
    })
  })
})

describe('the laws of marketRate', () => {
  const offerArbitrary = fc
    .record({
      machineId: fc.integer({ min: 1, max: 40 }),
      perGpu: fc.double({ min: 0.05, max: 2, noNaN: true }),
      rentable: fc.boolean(),
    })
    .map(({ machineId, perGpu, rentable }) => single(machineId, perGpu, { rentable }))
  const market = fc.uniqueArray(offerArbitrary, {
    minLength: 12,
    maxLength: 40,
    selector: offer => offer.machineId,
  })

  it('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(
        fc.array(offerArbitrary, { minLength: 30, maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (rows, keys) => {
          const shuffled = rows
            .map(row => ({ row, key: keys.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ row }) => row)
          expect(outcome(shuffled)).toEqual(outcome(rows))
        },
      ),
    )
  })

  it('does not change when rows are repeated', () => {
    fc.assert(
      fc.property(market, fc.array(fc.nat({ max: 11 })), (rows, repeats) => {
        expect(outcome([...rows, ...repeats.flatMap(index => rows[index] ?? [])])).toEqual(outcome(rows))
      }),
    )
  })

  it('does not see own machines', () => {
    fc.assert(
      fc.property(market, fc.double({ min: 0.0001, max: 99, noNaN: true }), (rows, price) => {
        const own = new Set([901, 902])
        const { leftOut, ...rate } = marketRate([...rows, single(901, price), single(902, price)], takenAt, {
          kind: oneGpu,
          ownMachineIds: own,
        })
        const { leftOut: leftOutBefore, ...before } = marketRate(rows, takenAt, { kind: oneGpu })
        expect(rate).toEqual(before)
        expect(leftOut.own).toBe(leftOutBefore.own + 2)
      }),
    )
  })

  it('keeps quantiles in order and within the prices given, and the share within 0 and 1', () => {
    fc.assert(
      fc.property(market, rows => {
        const { renter, rentedShare, gpusCounted, idleGpus } = marketRate(rows, takenAt, { kind: oneGpu })
        const band = [renter.min, renter.p10, renter.p25, renter.median, renter.p75, renter.p90, renter.max]
        expect(band).toEqual(band.toSorted((a, b) => a - b))
        expect(rows.map(row => row.chunkPricePerHour)).toContain(renter.min)
        expect(rows.map(row => row.chunkPricePerHour)).toContain(renter.max)
        expect(rentedShare).toBeGreaterThanOrEqual(0)
        expect(rentedShare).toBeLessThanOrEqual(1)
        expect(idleGpus).toBeLessThanOrEqual(gpusCounted)
      }),
    )
  })

  it('scales with prices, and host terms are renter terms times the share', () => {
    fc.assert(
      fc.property(market, fc.double({ min: 0.5, max: 1.05, noNaN: true }), (rows, share) => {
        const rate = marketRate(rows, takenAt, { kind: oneGpu, share: hostShare(share) })
        expect(rate.host.p25).toBeCloseTo(rate.renter.p25 * share, 9)
        const doubled = rows.map(row => ({ ...row, chunkPricePerHour: (row.chunkPricePerHour ?? 0) * 2 }))
        expect(marketRate(doubled, takenAt, { kind: oneGpu }).renter.median).toBeCloseTo(rate.renter.median * 2, 9)
      }),
    )
  })

  function outcome(rows: readonly MarketOffer[]): unknown {
    try {
      return marketRate(rows, takenAt, { kind: oneGpu })
    } catch (error) {
      return (error as MarketError).message
    }
  }
})

function catchError(act: () => unknown): MarketError {
  try {
    act()
  } catch (error) {
    return error as MarketError
  }
  throw new Error('expected an error, none was thrown')
}
