import { describe, expect, it } from 'vitest'
import type { MarketOffer } from './market-offer.ts'
import { SamplePool } from './merge-samples.ts'

function chunk(machineId: number, gpuIds: readonly number[], change: Partial<MarketOffer> = {}): MarketOffer {
  return {
    id: machineId * 1000 + (gpuIds[0] ?? 0) + gpuIds.length * 100,
    machineId,
    model: 'RTX_4090',
    numGpus: gpuIds.length,
    gpuIds,
    chunkPricePerHour: 0.4 * gpuIds.length,
    rentable: true,
    verification: 'verified',
    reliability: 0.99,
    ...change,
  }
}

describe('SamplePool', () => {
  it('merges random samples by machine and counts the new ones', () => {
    const pool = new SamplePool()
    expect(pool.merge({ takenAt: 1, offers: [chunk(1, [10]), chunk(2, [20])], truncated: true })).toBe(2)
    expect(pool.merge({ takenAt: 2, offers: [chunk(2, [20]), chunk(3, [30])], truncated: true })).toBe(1)
    expect([...pool.machines.keys()]).toEqual([1, 2, 3])
    expect(pool.samples).toBe(2)
    expect(pool.truncated).toBe(true)
  })

  it('forgets what a whole answer does not show any more', () => {
    const pool = new SamplePool()
    pool.merge({ takenAt: 1, offers: [chunk(1, [10]), chunk(2, [20])], truncated: true })
    pool.merge({ takenAt: 2, offers: [chunk(2, [20])], truncated: false })
    expect([...pool.machines.keys()]).toEqual([2])
    expect(pool).toMatchObject({ samples: 1, truncated: false })
  })

  it('keeps the answers to another question when one is replaced', () => {
    const pool = new SamplePool()
    pool.merge({ takenAt: 1, offers: [chunk(1, [10, 11])], truncated: false, gpus: 2 })
    pool.merge({ takenAt: 2, offers: [chunk(1, [10]), chunk(1, [11])], truncated: false, gpus: 1 })
    pool.merge({ takenAt: 3, offers: [chunk(1, [10])], truncated: false, gpus: 1 })
    expect(pool.machines.get(1)?.chunks.map(({ offer }) => offer.gpuIds)).toEqual([[10, 11], [10]])
  })

  it('forgets samples that grew old, and the machines that only they showed', () => {
    const pool = new SamplePool()
    pool.merge({ takenAt: 1, offers: [chunk(1, [10]), chunk(2, [20])], truncated: true })
    pool.merge({ takenAt: 5, offers: [chunk(2, [20])], truncated: true })
    pool.forgetBefore(5)
    expect([...pool.machines.keys()]).toEqual([2])
    expect(pool).toMatchObject({ samples: 1, oldestAt: 5, newestAt: 5 })
  })

  it('knows a chunk again by its GPUs, whatever id its offer has today', () => {
    const pool = new SamplePool()
    pool.merge({ takenAt: 1, offers: [chunk(1, [10], { id: 5 })], truncated: true })
    pool.merge({ takenAt: 2, offers: [chunk(1, [10], { id: 6, chunkPricePerHour: 0.5 })], truncated: true })
    expect(pool.machines.get(1)?.chunks.map(({ perGpu }) => perGpu)).toEqual([0.5])
  })

  it('drops an older row that a newer one contradicts', () => {
    const pool = new SamplePool()
    pool.merge({ takenAt: 1, offers: [chunk(1, [10, 11, 12, 13]), chunk(1, [12, 13])], truncated: true })
    pool.merge({ takenAt: 2, offers: [chunk(1, [10], { rentable: false })], truncated: true })
    expect(pool.machines.get(1)?.chunks.map(({ offer }) => offer.gpuIds)).toEqual([[12, 13], [10]])
    pool.merge({ takenAt: 3, offers: [chunk(1, [10, 11])], truncated: true })
    expect(pool.machines.get(1)?.chunks.map(({ offer }) => offer.gpuIds)).toEqual([
      [12, 13],
      [10, 11],
    ])
  })
})
