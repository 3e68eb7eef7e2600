import { describe, expect, it } from 'vitest'
import { hostPrice } from '../market/price.ts'
import { listingImpact } from './listing-impact.ts'
import { listingTermsSchema } from './listing-terms.ts'
import { type MachineView, peerKindOf, rentedGpus } from './machine-view.ts'

const dayMs = 86_400_000
const clientEnd = Date.UTC(2026, 0, 10)
const listing = listingTermsSchema.parse({
  pricePerGpuHour: 0.3,
  minBidPerGpuHour: null,
  minChunkGpus: 1,
  diskPerGbMonth: 0.1,
  uploadPerGb: 0,
  downloadPerGb: 0,
  discountMax: 0.4,
  endDateMs: clientEnd,
  durationMs: null,
  volumeGb: null,
  volumePerGbMonth: null,
})
const machine: MachineView = {
  machineId: 61002,
  model: 'RTX_4090',
  numGpus: 4,
  listed: true,
  listing,
  occupancy: { onDemand: 2, reserved: 0, interruptible: 0, free: 2 },
  rentals: { running: 2, runningOnDemand: 2, runningReserved: 0, resident: 3 },
  ownUseGpus: 0,
  clientEndDateMs: clientEnd,
  health: { ok: true, problems: [] },
  verification: 'verified',
  reliability: 0.99,
  earnedPerHourHint: undefined,
  earnedPerDayHint: undefined,
  asOf: 0,
}

describe('listingImpact', () => {
  it('says that a higher price stops the extension of every contract (defect 8 of existing pricers)', () => {
    const impact = listingImpact(machine, { ...listing, pricePerGpuHour: hostPrice(0.33) })
    expect(impact).toMatchObject({
      runningContracts: 2,
      residentContracts: 3,
      priceBefore: 0.3,
      priceAfter: 0.33,
      raises: ['pricePerGpuHour'],
      extensionsStopped: 3,
      pendingPriceIncreasesMax: 3,
      extendedMax: 0,
      clientEndDateMs: clientEnd,
    })
    expect(impact.summary).toMatch(/3 contracts keep their prices .* pricePerGpuHour rises/)
  })

  it('counts any price as one, also that of bandwidth', () => {
    expect(listingImpact(machine, { ...listing, uploadPerGb: 0.01 }).raises).toEqual(['uploadPerGb'])
  })

  it('lets contracts be extended when nothing rises and the end moves out', () => {
    const longer = { ...listing, pricePerGpuHour: hostPrice(0.28), endDateMs: clientEnd + 30 * dayMs }
    expect(listingImpact(machine, longer)).toMatchObject({ extensionsStopped: 0, extendedMax: 3 })
    expect(listingImpact(machine, { ...listing, pricePerGpuHour: hostPrice(0.28) }).extendedMax).toBe(0)
  })

  it('touches nobody on a machine without contracts', () => {
    const empty = { ...machine, rentals: { ...machine.rentals, running: 0, resident: 0 }, clientEndDateMs: undefined }
    const impact = listingImpact(empty, { ...listing, pricePerGpuHour: hostPrice(0.9) })
    expect(impact).toMatchObject({ extensionsStopped: 0, extendedMax: 0 })
    expect(impact.summary).toBe('no contract is on the machine: nobody is touched')
  })

  it('has no price before for a machine that was not listed', () => {
    const impact = listingImpact({ ...machine, listed: false, listing: undefined }, listing)
    expect(impact).toMatchObject({ priceBefore: undefined, raises: [], changes: [] })
  })
})

describe('rentedGpus', () => {
  it('leaves own test rentals out (defect 7 of existing pricers)', () => {
    expect(rentedGpus(machine)).toBe(2)
    expect(rentedGpus({ ...machine, ownUseGpus: 2 })).toBe(0)
  })

  it('does not guess where the market hides who holds the GPUs', () => {
    expect(rentedGpus({ ...machine, occupancy: undefined })).toBeUndefined()
    const empty = { ...machine, occupancy: undefined, rentals: { ...machine.rentals, running: 0 } }
    expect(rentedGpus(empty)).toBe(0)
  })
})

describe('peerKindOf', () => {
  it('puts machines of one model, size and trust into one kind', () => {
    expect(peerKindOf(machine)).toEqual({
      model: 'RTX_4090',
      gpus: 4,
      verification: 'verified',
      reliability: 'high',
    })
  })
})
