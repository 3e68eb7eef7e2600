import { describe, expect, it } from 'vitest'
import { readOffers } from '../client/read-offers.ts'
import { rateOffers } from './to-market-offer.ts'

/** The answer of a search as it travels. */
function answer(rows: readonly Readonly<Record<string, unknown>>[]): Uint8Array {
  const offers = rows.map((row, index) => ({
    id: index + 1,
    machine_id: index + 1,
    gpu_name: 'RTX 4090',
    num_gpus: 1,
    gpu_ids: [index],
    dph_base: 0.4,
    rentable: true,
    verification: 'verified',
    reliability: 0.99,
    ...row,
  }))
  return new TextEncoder().encode(JSON.stringify({ offers }))
}

function rate(rows: readonly Readonly<Record<string, unknown>>[]) {
  return rateOffers(readOffers(answer(rows)).offers, 5, { kind: { model: 'RTX_4090' } })
}

const ten = Array.from({ length: 10 }, () => ({}))

describe('rateOffers', () => {
  it('reads prices per GPU, and halves nothing twice (defect 2 of existing pricers)', () => {
    const found = rate([
      ...ten.slice(5),
      ...ten.slice(5).map(() => ({ num_gpus: 4, gpu_ids: [0, 1, 2, 3], dph_base: 1.6 })),
    ])
    expect(found.renter).toMatchObject({ min: 0.4, median: 0.4, max: 0.4 })
    expect(found.host.median).toBeCloseTo(0.3, 9)
    expect(found).toMatchObject({ machinesCounted: 10, gpusCounted: 25, asOf: 5 })
  })

  it('cuts absurd outliers, and counts rows without a price', () => {
    const found = rate([
      ...ten,
      { dph_base: 400 },
      { dph_base: 0.0001 },
      { dph_base: null },
      { dph_base: 0 },
      { dph_base: -1 },
    ])
    expect(found.renter).toMatchObject({ min: 0.4, max: 0.4 })
    expect(found).toMatchObject({ machinesCounted: 10, leftOut: { outliers: 2, withoutPrice: 3 } })
  })

  it('gives a machine one vote, however many chunks of it are offered', () => {
    const chunks = Array.from({ length: 30 }, (_, gpu) => ({ machine_id: 1, gpu_ids: [100 + gpu], dph_base: 0.5 }))
    expect(rate([...ten.map((_, index) => ({ machine_id: index + 2 })), ...chunks])).toMatchObject({
      machinesCounted: 11,
      renter: { median: 0.4 },
    })
  })

  it('counts as rented what cannot be rented now', () => {
    expect(rate(ten.map((_, index) => ({ rentable: index < 3 })))).toMatchObject({ rentedShare: 0.7, idleGpus: 3 })
  })
})
