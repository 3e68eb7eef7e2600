import { type PeerKind, reliabilityBand, type Verification } from '../market/peer-choice.ts'
import type { ListingTerms } from './listing-terms.ts'

/** One of the host's own machines as the market shows it. */
export interface MachineView {
  readonly machineId: number
  /** Name with underscores, for example `RTX_4090`. */
  readonly model: string
  readonly numGpus: number
  readonly listed: boolean
  /** The whole listing in host prices; absent while not listed. */
  readonly listing: ListingTerms | undefined
  /** Who holds the GPUs; absent where the market does not say (unlisted machines that still have renters). */
  readonly occupancy: GpuOccupancy | undefined
  readonly rentals: RentalCounts
  /** GPUs that the host rents from himself. They are in `occupancy` and `rentals`, and they are not demand. */
  readonly ownUseGpus: number
  /** Until when the latest client contract runs, epoch milliseconds; the machine must stay up till then. */
  readonly clientEndDateMs: number | undefined
  readonly health: MachineHealth
  readonly verification: Verification
  /** 0 to 1. */
  readonly reliability: number
  /** Decaying averages of what it earned, USD; hints, no ledger: they never reach 0. */
  readonly earnedPerHourHint: number | undefined
  readonly earnedPerDayHint: number | undefined
  /** Epoch milliseconds. */
  readonly asOf: number
}

/** GPUs by who holds them; the four add up to the machine's GPUs. */
export interface GpuOccupancy {
  readonly onDemand: number
  readonly reserved: number
  readonly interruptible: number
  readonly free: number
}

/** Contracts on the machine, one's own test rentals included. */
export interface RentalCounts {
  readonly running: number
  readonly runningOnDemand: number
  readonly runningReserved: number
  /** Those that stopped but keep their disk count here as well. */
  readonly resident: number
}

export interface MachineHealth {
  /** False: do not list it, do not raise its price, tell someone. */
  readonly ok: boolean
  readonly problems: readonly HealthProblem[]
}

export interface HealthProblem {
  /** `unreadable`: it is listed, but the market does not show the whole listing. */
  readonly kind: 'error' | 'vm-error' | 'offline' | 'maintenance' | 'reports' | 'reliability' | 'unreadable'
  /** One line for people. */
  readonly message: string
}

/**
 * GPUs that clients rent now, own test rentals left out; `undefined` where the market does not tell.
 *
 * @example
 * rentedGpus(machine) // 2
 */
export function rentedGpus(machine: MachineView): number | undefined {
  const { occupancy } = machine
  // Without contracts there is nothing to hide.
  if (occupancy === undefined) return machine.rentals.running === 0 ? 0 : undefined
  return Math.max(0, machine.numGpus - occupancy.free - machine.ownUseGpus)
}

/** The kind of market question a machine needs: machines of the same kind share one answer. */
export function peerKindOf(machine: MachineView): PeerKind {
  return {
    model: machine.model,
    gpus: machine.numGpus,
    verification: machine.verification,
    reliability: reliabilityBand(machine.reliability),
  }
}
