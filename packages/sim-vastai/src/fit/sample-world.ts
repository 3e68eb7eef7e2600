import { createWorld } from '../market/create-world.ts'
import type { MarketParameters } from '../market/model-parameters.ts'
import type { Cycle, OfferRow, Recording } from './offer-row.ts'

/**
 * Looks at a simulated market at the given moments, as the collectors of the recordings looked at the real one: one row for each
 * machine and chunk size.
 */
export function sampleWorld(options: {
  readonly model: string
  readonly seed: number
  readonly timesMs: readonly number[]
  readonly parameters: MarketParameters
}): Recording {
  const { model, seed, timesMs, parameters } = options
  const world = createWorld({ seed, startMs: timesMs[0] ?? 0, models: [model], parameters })
  const cycles: Cycle[] = timesMs.map(atMs => {
    world.advanceTo(atMs)
    const rows: OfferRow[] = []
    let at = new Map<number, number>()
    let machineId = -1
    for (const offer of world.offers()) {
      // A search does not show machines that are offline.
      if (world.machine(offer.machineId).offlineSinceMs !== undefined) continue
      if (offer.machineId !== machineId) {
        machineId = offer.machineId
        at = new Map()
      }
      const known = at.get(offer.gpuCount)
      if (known !== undefined) {
        const row = rows[known]
        if (row !== undefined && offer.isRentable && !row.isRentable) rows[known] = { ...row, isRentable: true }
        continue
      }
      const machine = world.machine(machineId)
      at.set(offer.gpuCount, rows.length)
      rows.push({
        machineId,
        hostId: offer.hostId,
        gpuCount: offer.gpuCount,
        usdPerGpuHour: offer.renterGpuUsdPerHour / offer.gpuCount,
        minBidUsdPerGpuHour: offer.renterMinBidUsdPerHour / offer.gpuCount,
        isRentable: offer.isRentable,
        reliability: machine.reliability,
        isVerified: machine.verification === 'verified',
        isDatacenter: machine.hostingType > 0,
      })
    }
    return { atMs, rows }
  })
  return { model, cycles }
}
