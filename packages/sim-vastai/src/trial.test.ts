import { describe, expect, it } from 'vitest'
import { type PricingTrialOptions, runPricingTrial } from './trial.ts'

const seeds = [1, 2, 3, 4, 5, 6]
const trial = (options: Partial<PricingTrialOptions> & Pick<PricingTrialOptions, 'price'>) =>
  runPricingTrial({ seed: 1, days: 20, model: 'RTX_A6000', reviewEveryMs: 3_600_000, ...options })

/** The same price throughout, relative to the median first seen. */
function fixedAt(factor: number): PricingTrialOptions['price'] {
  let median: number | undefined
  return ({ market }) => {
    median ??= market?.ask.median ?? 1
    return factor * median
  }
}

describe('runPricingTrial', { timeout: 60_000 }, () => {
  it('lets the same listing lose occupancy when its price is raised, under the same renters', () => {
    const occupancies = [0.8, 1, 1.25, 1.6].map(factor =>
      seeds.reduce((sum, seed) => sum + trial({ seed, price: fixedAt(factor) }).occupancy / seeds.length, 0),
    )
    expect(occupancies).toEqual([...occupancies].sort((a, b) => b - a))
    const [low, middle, , high] = occupancies as [number, number, number, number]
    expect(low - middle).toBeGreaterThan(0.02)
    expect(middle - high).toBeGreaterThan(0.2)
  })

  it('has its best fixed price between the extremes', () => {
    const earned = (factor: number) =>
      seeds.reduce((sum, seed) => sum + trial({ seed, price: fixedAt(factor) }).earnedUsd, 0)
    const middle = earned(1.05)
    expect(middle).toBeGreaterThan(1.1 * earned(0.7))
    expect(middle).toBeGreaterThan(1.1 * earned(1.7))
  })

  it('earns price × rented hours when the price stands from the start', () => {
    // No bids either: the minimum bid is the price.
    const { earnedUsd, rentedGpuHours, gpuHours, occupancy, idleShare } = trial({ price: () => 0.25 })
    expect(gpuHours).toBe(480)
    expect(occupancy).toBeCloseTo(rentedGpuHours / gpuHours, 12)
    expect(idleShare).toBeCloseTo(1 - occupancy, 12)
    expect(earnedUsd).toBeGreaterThanOrEqual(0.25 * rentedGpuHours - 1e-9)
  })

  it('lets bids fill the time in which nobody pays the price, without taking it from those who do', () => {
    const paying = (minBid: number | undefined) => {
      let busy = 0
      const { earnedUsd, occupancy } = trial({
        ...(minBid === undefined ? {} : { minBid }),
        price: ({ rentedGpus, market }) => {
          busy += rentedGpus
          return 1.3 * (market === undefined ? 1 : 0.4)
        },
      })
      return { busy, earnedUsd, occupancy }
    }
    const without = paying(undefined)
    const withBids = paying(0.1)
    expect(withBids.occupancy).toBeGreaterThan(without.occupancy + 0.1)
    expect(withBids.earnedUsd).toBeGreaterThan(without.earnedUsd)
    expect(Math.abs(withBids.busy - without.busy)).toBeLessThanOrEqual(0.15 * Math.max(without.busy, 20))
  })

  it('earns nothing while not listed', () => {
    expect(trial({ price: () => undefined })).toMatchObject({ earnedUsd: 0, rentedGpuHours: 0, priceChanges: 0 })
  })

  it('counts changes of a price that stood, not the first listing', () => {
    let reviews = 0
    expect(trial({ price: () => (++reviews % 24 < 12 ? 0.2 : 0.3), days: 2 }).priceChanges).toBe(4)
    expect(trial({ price: () => 0.2 }).priceChanges).toBe(0)
  })

  it('asks for every machine at every review, with what a host can see', () => {
    const seen = new Map<number, number>()
    trial({
      days: 1,
      machines: [1, 2],
      price: ({ machineIndex, gpus, rentedGpus, market }) => {
        seen.set(machineIndex, (seen.get(machineIndex) ?? 0) + 1)
        expect(gpus).toBe(machineIndex + 1)
        expect(rentedGpus).toBeLessThanOrEqual(gpus)
        expect(market?.ask.p10).toBeLessThanOrEqual(market?.ask.median ?? 0)
        return 0.3
      },
    })
    expect([...seen]).toEqual([
      [0, 24],
      [1, 24],
    ])
  })

  it('gives the same answer for the same seed', () => {
    const once = () => trial({ price: fixedAt(1) })
    expect(once()).toEqual(once())
    expect(trial({ seed: 2, price: fixedAt(1) })).not.toEqual(once())
  })

  it('rewards a better machine at the same price', () => {
    const occupancy = (quality: number) =>
      seeds.reduce((sum, seed) => sum + trial({ seed, quality, price: fixedAt(1.2) }).occupancy, 0)
    expect(occupancy(0.2)).toBeGreaterThan(occupancy(-0.2) + 0.5)
  })
})
