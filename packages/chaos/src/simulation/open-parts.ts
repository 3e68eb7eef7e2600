import { type AnyVenue, DefaultRiskManager, type RiskManager } from '@org/core'
import type { Decorations } from './decorations.ts'
import { DiskStore } from './disk/disk-store.ts'
import { readGroups } from './disk/log-format.ts'
import { processDisk } from './disk/process-disk.ts'
import { limitsOf } from './limits.ts'
import type { SimProcess } from './process/sim-process.ts'
import { venueClient } from './venues/venue-client.ts'
import type { World } from './world.ts'

/** What a process works with: the real risk manager on a store on the shared disk, and clients of the venues. */
export function openParts(
  world: World,
  process: SimProcess,
  decorations: Decorations,
  isTrader = false,
): { readonly disk: DiskStore; readonly risk: RiskManager; readonly venues: readonly AnyVenue[] } {
  const disk = new DiskStore({
    disk: decorated(decorations.disk, processDisk(world.file, process), process),
    lock: decorated(decorations.lock, world.lock, process),
    process,
    readGroups: decorations.readGroups?.(readGroups) ?? readGroups,
  })
  world.stores.set(process, disk)
  const store = decorations.store?.(disk, process) ?? disk
  const risk = new DefaultRiskManager(limitsOf(world.trading !== undefined), { store, clock: process.clock })
  const traded = isTrader
    ? (world.trading?.venuesOf(process, store, port => decorations.tradingPort?.(port) ?? port) ?? [])
    : []
  return {
    disk,
    risk: decorated<RiskManager>(decorations.risk, risk, process),
    venues: [...world.venues.map(server => venueClient(server, process)), ...traded].map(venue =>
      decorated(decorations.venue, venue, process),
    ),
  }
}

function decorated<T>(decoration: ((part: T, process: SimProcess) => T) | undefined, part: T, process: SimProcess): T {
  return decoration === undefined ? part : decoration(part, process)
}
