import { hostPrice, type ListingTerms, type MachineView } from '@org/venue-vastai/actions'
import { startMs } from './sample-market.ts'

export function sampleTerms(pricePerGpuHour: number, more: Partial<ListingTerms> = {}): ListingTerms {
  return {
    pricePerGpuHour: hostPrice(pricePerGpuHour),
    minBidPerGpuHour: hostPrice(Math.min(pricePerGpuHour, 0.2)),
    minChunkGpus: 1,
    diskPerGbMonth: 0.1,
    uploadPerGb: 0,
    downloadPerGb: 0,
    discountMax: 0.4,
    endDateMs: null,
    durationMs: null,
    volumeGb: null,
    volumePerGbMonth: null,
    ...more,
  }
}

/** A healthy machine as the venue shows it: unlisted without `price`, `rented` GPUs held by clients. */
export function sampleMachine(
  options: {
    readonly machineId?: number
    readonly gpus?: number
    readonly price?: number
    readonly rented?: number
    readonly ownUse?: number
    readonly asOf?: number
    readonly more?: Partial<MachineView>
  } = {},
): MachineView {
  const { machineId = 61_001, gpus = 1, price, rented = 0, ownUse = 0, asOf = startMs, more = {} } = options
  const held = rented + ownUse
  return {
    machineId,
    model: 'RTX_4090',
    numGpus: gpus,
    listed: price !== undefined,
    listing: price === undefined ? undefined : sampleTerms(price),
    occupancy: { onDemand: held, reserved: 0, interruptible: 0, free: gpus - held },
    rentals: { running: held, runningOnDemand: held, runningReserved: 0, resident: held },
    ownUseGpus: ownUse,
    clientEndDateMs: undefined,
    health: { ok: true, problems: [] },
    verification: 'verified',
    reliability: 0.99,
    earnedPerHourHint: undefined,
    earnedPerDayHint: undefined,
    asOf,
    ...more,
  }
}
