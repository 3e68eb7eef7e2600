import type { DefaultJob } from './default-job.ts'
import type { MachineHardware } from './hardware.ts'
import type { Listing } from './listing.ts'
import type { Maintenance } from './maintenance.ts'

export type Verification = 'verified' | 'unverified' | 'deverified'

/** `D` on demand, `R` reserved, `I` interruptible, `x` free. One letter per GPU. */
export type OccupancyLetter = 'D' | 'R' | 'I' | 'x'

/**
 * One machine of the market, own or competing. A live view: read it again after the world moved on.
 * Prices are HOST prices (what the host earns), see {@link Listing}.
 */
export interface Machine {
  readonly id: number
  /** The owner's account id. Competitors have host ids too, but no {@link Account}. */
  readonly hostId: number
  /** True when an API account owns it; false for the simulated competition. */
  readonly isOwn: boolean
  /** Underscore name, for example `RTX_4090`. */
  readonly model: string
  readonly gpuCount: number
  /** What renters like beyond trust, in log-price units: +0.1 is worth a price 10 % higher. 0 is the median verified host. */
  readonly quality: number
  readonly verification: Verification
  /** 0..1, falls with offline time. */
  readonly reliability: number
  /** 0 community, 1 datacenter. */
  readonly hostingType: 0 | 1
  /** Free text ending in the country code, for example `Norway, NO`. */
  readonly geolocation: string
  readonly hardware: MachineHardware
  /** When it joined, epoch ms. */
  readonly createdMs: number
  /** Undefined while not listed. */
  readonly listing: Listing | undefined
  /** When contact was lost, epoch ms; undefined while online. */
  readonly offlineSinceMs: number | undefined
  readonly maintenances: readonly Maintenance[]
  readonly defaultJob: DefaultJob | undefined
  /** One letter per GPU index. Own-use rentals count, as on the real machine table; see {@link ownUseGpus}. */
  readonly occupancy: readonly OccupancyLetter[]
  /** GPUs of `occupancy` rented by the machine's own host, free of charge. */
  readonly ownUseGpus: number
  /** GPU-hours-weighted USD per hour that running contracts earn the host at this moment. */
  readonly earningUsdPerHour: number
  /** Counts of contracts now on the machine. */
  readonly rentals: MachineRentals
  /** Disk not promised to any contract or volume, GB. */
  readonly diskFreeGb: number
  readonly volumeRentedGb: number
  /** Latest end of any client's contract, epoch ms; undefined without contracts (or when all are open-ended). */
  readonly clientEndMs: number | undefined
}

/** As the machine table counts them. */
export interface MachineRentals {
  readonly running: number
  readonly runningOnDemand: number
  readonly runningReserved: number
  readonly onDemand: number
  readonly reserved: number
  /** All that have data on the machine, incl. stopped ones. */
  readonly resident: number
}

/** Ask of {@link World.addMachine}. */
export interface MachineSpec {
  /** The host account. */
  readonly hostId: number
  /** Underscore or display name of a model in the world. */
  readonly model: string
  readonly gpuCount: number
  /** Fixed id, else the next free one. */
  readonly id?: number
  /** @default 0, the median verified host */
  readonly quality?: number
  /** @default 'verified' */
  readonly verification?: Verification
  /** @default 0.99 */
  readonly reliability?: number
  /** @default 0 */
  readonly hostingType?: 0 | 1
  /** @default 'Norway, NO' */
  readonly geolocation?: string
  /** Overrides single fields of what is otherwise drawn for the machine. */
  readonly hardware?: Partial<MachineHardware>
  /** Failures per 30 days; 0 switches failures off. @default the model's fitted rate */
  readonly failuresPer30Days?: number
}
