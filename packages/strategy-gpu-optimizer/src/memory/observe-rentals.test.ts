import { describe, expect, it } from 'vitest'
import { hourMs, startMs } from '../../test/sample-market.ts'
import { observeChange, observeRentals, type RentalsSeen, rebaseMemory } from './observe-rentals.ts'
import type { PriceMemory } from './price-memory.ts'

/** Reviews an hour apart, one for each number of rented GPUs. */
function watch(rented: readonly number[], seen: Partial<RentalsSeen> = {}): PriceMemory {
  const memory = rented.reduce<PriceMemory | undefined>(
    (before, rentedGpus, hour) =>
      observeRentals(before, { nowMs: startMs + hour * hourMs, gpus: 2, rentedGpus, bidGpus: 0, price: 0.3, ...seen }),
    undefined,
  )
  if (memory === undefined) throw new Error('nothing was watched')
  return memory
}

describe('what a machine is remembered by', () => {
  it('is since when it idles: until somebody takes a GPU', () => {
    expect(watch([0, 0, 0]).idleSinceMs).toBe(startMs)
    expect(watch([0, 0, 1, 1]).idleSinceMs).toBe(startMs + 2 * hourMs)
    expect(watch([0, 2, 2]).idleSinceMs).toBeNull()
    expect(watch([2, 2, 1, 1]).idleSinceMs).toBe(startMs + 2 * hourMs)
  })

  it('is its hours, fills and releases at the price that stood', () => {
    expect(watch([0, 0, 1, 2, 1]).evidence).toEqual({
      idleGpuHours: 5,
      bidGpuHours: 0,
      rentedGpuHours: 3,
      filledGpus: 2,
      releasedGpus: 1,
    })
    expect(watch([0, 1]).lastRentedPrice).toBe(0.3)
  })

  it('is the hours in which bids used what was free to a price, and no more than that', () => {
    const { evidence } = watch([0, 0, 1, 2, 2], { bidGpus: 2 })
    expect(evidence).toMatchObject({ idleGpuHours: 5, bidGpuHours: 5, rentedGpuHours: 3 })
    expect(watch([0, 0, 0], { bidGpus: 1 }).evidence.bidGpuHours).toBe(2)
    expect(watch([0, 0, 0], { bidGpus: 1, price: undefined }).evidence.bidGpuHours).toBe(0)
  })

  it('is no idle time while it was not listed: nobody could come', () => {
    expect(watch([0, 0, 0], { price: undefined }).evidence.idleGpuHours).toBe(0)
  })

  it('is nothing about a gap of more than six hours', () => {
    const before = watch([0])
    const after = observeRentals(before, {
      nowMs: startMs + 7 * hourMs,
      gpus: 2,
      rentedGpus: 0,
      bidGpus: 0,
      price: 0.3,
    })
    expect(after.evidence.idleGpuHours).toBe(0)
    expect(after.idleSinceMs).toBe(startMs)
  })

  it('is its changes of the last day only', () => {
    let memory = watch([0])
    for (const hour of [0, 1, 23]) memory = observeChange(memory, { nowMs: startMs + hour * hourMs, isFirst: false })
    memory = observeRentals(memory, { nowMs: startMs + 24.5 * hourMs, gpus: 2, rentedGpus: 0, bidGpus: 0, price: 0.3 })
    expect(memory.changesMs).toEqual([startMs + hourMs, startMs + 23 * hourMs])
    expect(memory.lastChangeMs).toBe(startMs + 23 * hourMs)
  })

  it('begins to idle with its first listing, not before', () => {
    expect(observeChange(watch([0, 0]), { nowMs: startMs + hourMs, isFirst: true }).idleSinceMs).toBe(startMs + hourMs)
    expect(observeChange(watch([0, 0]), { nowMs: startMs + hourMs, isFirst: false }).idleSinceMs).toBe(startMs)
  })

  it('holds nothing of the future after the clock went back', () => {
    const memory = rebaseMemory(
      observeChange(watch([0, 1, 0]), { nowMs: startMs + 2 * hourMs, isFirst: false }),
      startMs,
    )
    expect(memory).toMatchObject({ atMs: startMs, lastChangeMs: startMs, idleSinceMs: startMs, changesMs: [startMs] })
  })
})
