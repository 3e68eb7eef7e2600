import type { ContractState } from './contract-state.ts'
import type { DefaultJob } from './default-job.ts'
import { drawHardware } from './draw-hardware.ts'
import type { GpuModel } from './gpu-model.ts'
import type { MachineHardware } from './hardware.ts'
import { HOST_SHARE, type Listing } from './listing.ts'
import type { Machine, MachineRentals, OccupancyLetter, Verification } from './machine.ts'
import type { Maintenance } from './maintenance.ts'
import { NEEDS } from './model-parameters.ts'
import { type ChunkNode, countBits, type SplitTree, splitTree } from './split-tree.ts'
import { Stream } from './stream.ts'
import type { Volume } from './volume.ts'

const HOUR_MS = 3_600_000
/** Reliability forgets an outage over about a month of uptime. */
const RELIABILITY_MEMORY_MS = 30 * 24 * HOUR_MS

/** What happened to a machine so far. */
export interface MachineCounters {
  listedGpuHours: number
  offlineGpuHours: number
  rentedGpuHours: number
  interruptibleGpuHours: number
  ownUseGpuHours: number
  gpuEarnedUsd: number
  storageEarnedUsd: number
  fills: number
  interruptibleFills: number
  extensions: number
  readonly gpuHoursByHostCents: Map<number, number>
}

/** A machine with its GPUs as bit masks: the market's hot data. */
export class MachineState implements Machine {
  readonly id: number
  readonly hostId: number
  readonly isOwn: boolean
  readonly gpu: GpuModel
  readonly gpuCount: number
  readonly quality: number
  readonly hostingType: 0 | 1
  readonly geolocation: string
  readonly createdMs: number
  /** Outages per hour. */
  readonly failuresPerHour: number
  readonly stream: Stream
  /** Of its own, so that an outage caused from outside leaves repricing as it was. */
  readonly failureStream: Stream
  verification: Verification
  listing: Listing | undefined
  offlineSinceMs: number | undefined
  defaultJob: DefaultJob | undefined
  readonly maintenances: Maintenance[] = []
  readonly contracts: ContractState[] = []
  readonly volumes: Volume[] = []
  counters: MachineCounters = freshCounters()

  /** GPUs held by on-demand, reserved and own use. */
  firmMask = 0
  /** GPUs running for interruptibles. */
  bidMask = 0
  tree: SplitTree = []
  /** Part of every offer id: counts up whenever the offers change. */
  generation = 0
  /** Chunk that a renter of each need would get, while there is one. */
  readonly fits: (ChunkNode | undefined)[] = NEEDS.map(() => undefined)
  /** Place in the market's idle list of each need; -1: not in it. */
  readonly idleAt: number[] = NEEDS.map(() => -1)
  /** How much renters of each need like that chunk, price included. */
  readonly appeal: number[] = NEEDS.map(() => 0)
  /** Competitors only: the log price the host aims at, above the market's level. */
  aim = 0
  repricesPerHour = 0
  countedMs: number
  listingStamp = 0
  outageStamp = 0
  /** What the market's totals hold of this machine. */
  countedRentedGpus = 0
  countedListedGpus = 0

  readonly #seed: number
  readonly #hardwareOverrides: Partial<MachineHardware>
  #hardware: MachineHardware | undefined
  #reliability: number
  #reliabilityMs: number

  constructor(options: {
    readonly seed: number
    readonly id: number
    readonly hostId: number
    readonly isOwn: boolean
    readonly gpu: GpuModel
    readonly gpuCount: number
    readonly quality: number
    readonly verification: Verification
    readonly reliability: number
    readonly hostingType: 0 | 1
    readonly geolocation: string
    readonly createdMs: number
    readonly failuresPerHour: number
    readonly hardware?: Partial<MachineHardware> | undefined
  }) {
    this.#seed = options.seed
    this.id = options.id
    this.hostId = options.hostId
    this.isOwn = options.isOwn
    this.gpu = options.gpu
    this.gpuCount = options.gpuCount
    this.quality = options.quality
    this.verification = options.verification
    this.#reliability = options.reliability
    this.#reliabilityMs = options.createdMs
    this.hostingType = options.hostingType
    this.geolocation = options.geolocation
    this.createdMs = options.createdMs
    this.countedMs = options.createdMs
    this.failuresPerHour = options.failuresPerHour
    this.#hardwareOverrides = options.hardware ?? {}
    this.stream = new Stream(options.seed, 'machine', options.id)
    this.failureStream = new Stream(options.seed, 'failure', options.id)
  }

  get model(): string {
    return this.gpu.model
  }

  get hardware(): MachineHardware {
    this.#hardware ??= {
      ...drawHardware(this.#seed, this.id, this.gpu, this.gpuCount, this.geolocation),
      ...this.#hardwareOverrides,
    }
    return this.#hardware
  }

  get reliability(): number {
    return this.#reliability
  }

  /** Lets reliability drift towards 1 while online, towards 0 while not. */
  ageReliability(nowMs: number): void {
    const share = Math.exp(-(nowMs - this.#reliabilityMs) / RELIABILITY_MEMORY_MS)
    const towards = this.offlineSinceMs === undefined ? 1 : 0
    this.#reliability = towards + (this.#reliability - towards) * share
    this.#reliabilityMs = nowMs
  }

  isInMaintenance(nowMs: number): boolean {
    return this.maintenances.some(window => window.startMs <= nowMs && nowMs < window.startMs + window.durationMs)
  }

  /** Its GPUs compute: contracts run and are charged. */
  isUp(nowMs: number): boolean {
    return this.offlineSinceMs === undefined && (this.maintenances.length === 0 || !this.isInMaintenance(nowMs))
  }

  /** On-demand price as renters see it, USD per GPU-hour. */
  get renterUsdPerGpuHour(): number {
    return (this.listing?.gpuUsdPerHour ?? 0) / HOST_SHARE
  }

  /** Floor for bids as renters see it, USD per GPU-hour. */
  get renterMinBidUsdPerGpuHour(): number {
    const listing = this.listing
    return listing === undefined ? 0 : (listing.minBidUsdPerGpuHour ?? listing.gpuUsdPerHour) / HOST_SHARE
  }

  setListing(listing: Listing | undefined): void {
    this.listing = listing
    if (listing !== undefined) this.tree = splitTree(this.gpuCount, listing.minChunk)
  }

  /**
   * Best chunk for a need of `gpus`: the smallest that is large enough (never twice the need or more, unless nothing smaller is cut),
   * first those that displace nobody, then those whose sibling is taken, so that larger chunks survive.
   */
  findChunk(gpus: number): ChunkNode | undefined {
    let best: ChunkNode | undefined
    let bestRank = 0
    for (const node of this.tree) {
      if (node.size < gpus || node.size > 2 * gpus || (node.mask & this.firmMask) !== 0) continue
      const rank =
        1_000 -
        node.size * 4 +
        ((node.mask & this.bidMask) === 0 ? 2 : 0) +
        ((node.parentMask & this.firmMask) !== 0 ? 1 : 0)
      if (best === undefined || rank > bestRank) {
        best = node
        bestRank = rank
      }
    }
    return best
  }

  /** A running interruptible must bid more than this to hold the chunk, RENTER USD per GPU-hour; 0 when free. */
  highestBid(mask: number): number {
    let highest = 0
    if ((mask & this.bidMask) === 0) return 0
    for (const contract of this.contracts)
      if (!contract.isFirm && (contract.mask & mask) !== 0) highest = Math.max(highest, contract.renterUsdPerGpuHour)
    return highest
  }

  get occupancy(): readonly OccupancyLetter[] {
    const letters = new Array<OccupancyLetter>(this.gpuCount).fill('x')
    for (const contract of this.contracts) {
      if (contract.mask === 0) continue
      const letter = contract.kind === 'interruptible' ? 'I' : contract.kind === 'reserved' ? 'R' : 'D'
      for (const index of contract.gpuIndexes) letters[index] = letter
    }
    return letters
  }

  get ownUseGpus(): number {
    return countBits(
      this.contracts.reduce((mask, contract) => (contract.kind === 'own-use' ? mask | contract.mask : mask), 0),
    )
  }

  get earningUsdPerHour(): number {
    return this.contracts.reduce(
      (sum, contract) => (contract.status === 'running' ? sum + contract.hostUsdPerHour : sum),
      0,
    )
  }

  get rentals(): MachineRentals {
    const rentals = { running: 0, runningOnDemand: 0, runningReserved: 0, onDemand: 0, reserved: 0, resident: 0 }
    for (const contract of this.contracts) {
      const isRunning = contract.status === 'running'
      rentals.resident++
      if (isRunning) rentals.running++
      if (contract.kind === 'reserved') {
        rentals.reserved++
        if (isRunning) rentals.runningReserved++
      } else if (contract.isFirm) {
        rentals.onDemand++
        if (isRunning) rentals.runningOnDemand++
      }
    }
    return rentals
  }

  get diskFreeGb(): number {
    const promised = this.contracts.reduce((sum, contract) => sum + contract.diskGb, 0)
    return Math.max(0, this.hardware.diskGb - promised - this.volumeRentedGb)
  }

  get volumeRentedGb(): number {
    return this.volumes.reduce((sum, volume) => sum + volume.sizeGb, 0)
  }

  get clientEndMs(): number | undefined {
    let latest: number | undefined
    for (const contract of this.contracts)
      if (contract.endMs !== undefined) latest = Math.max(latest ?? 0, contract.endMs)
    return latest
  }

  /** Books listed and offline time up to now. Called before either changes. */
  countTime(nowMs: number): void {
    const gpuHours = ((nowMs - this.countedMs) / HOUR_MS) * this.gpuCount
    this.countedMs = nowMs
    if (this.offlineSinceMs !== undefined) this.counters.offlineGpuHours += gpuHours
    else if (this.listing !== undefined) this.counters.listedGpuHours += gpuHours
  }
}

export function freshCounters(): MachineCounters {
  return {
    listedGpuHours: 0,
    offlineGpuHours: 0,
    rentedGpuHours: 0,
    interruptibleGpuHours: 0,
    ownUseGpuHours: 0,
    gpuEarnedUsd: 0,
    storageEarnedUsd: 0,
    fills: 0,
    interruptibleFills: 0,
    extensions: 0,
    gpuHoursByHostCents: new Map(),
  }
}
