import type { Contract, ContractKind, ContractStatus, EndReason, PendingPriceIncrease } from './contract.ts'
import { HOST_SHARE, type Listing } from './listing.ts'
import type { MachineState } from './machine-state.ts'
import { countBits, gpuIndexesOf } from './split-tree.ts'

/** What an anonymous renter has decided beforehand. */
export interface RenterPlan {
  readonly leaveMs: number
  /** Dearest on-demand price at which the renter would stay on, RENTER USD per GPU-hour. */
  readonly purseUsdPerGpuHour: number
  /** How long the renter takes to answer a price increase. */
  readonly answerMs: number
  /** How long the renter waits for GPUs that were taken away or lost. */
  readonly patienceMs: number
}

/** A rental and what it owes. Money moves only in {@link settleContract}. */
export class ContractState implements Contract {
  readonly id: number
  readonly machine: MachineState
  readonly accountId: number | undefined
  readonly plan: RenterPlan | undefined
  readonly gpuCount: number
  readonly diskGb: number
  readonly startMs: number
  kind: ContractKind
  status: ContractStatus = 'running'
  /** GPUs held now; 0 while outbid, stopped or waiting. */
  mask = 0
  /** GPUs held last, shown while it holds none. */
  lastMask = 0
  hostUsdPerGpuHour: number
  hostDiskUsdPerGbMonth: number
  hostInetUpUsdPerGb: number
  hostInetDownUsdPerGb: number
  discount = 0
  prepaidUsd = 0
  discountMax: number
  endMs: number | undefined
  endedMs: number | undefined
  endReason: EndReason | undefined
  label: string | undefined
  paidUsd = 0
  runningMs = 0
  settledMs: number
  /** Appointments with another stamp are void. */
  stamp = 0
  pendingPriceIncrease: PendingPriceIncrease | undefined
  acceptedPriceIncrease: PendingPriceIncrease | undefined

  constructor(options: {
    readonly id: number
    readonly machine: MachineState
    readonly listing: Listing
    readonly kind: ContractKind
    readonly gpuCount: number
    readonly hostUsdPerGpuHour: number
    readonly diskGb: number
    readonly startMs: number
    readonly endMs: number | undefined
    readonly accountId?: number | undefined
    readonly plan?: RenterPlan | undefined
    readonly label?: string | undefined
  }) {
    this.id = options.id
    this.machine = options.machine
    this.kind = options.kind
    this.gpuCount = options.gpuCount
    this.hostUsdPerGpuHour = options.hostUsdPerGpuHour
    this.hostDiskUsdPerGbMonth = options.listing.diskUsdPerGbMonth
    this.hostInetUpUsdPerGb = options.listing.inetUpUsdPerGb
    this.hostInetDownUsdPerGb = options.listing.inetDownUsdPerGb
    this.discountMax = options.listing.creditDiscountMax
    this.diskGb = options.diskGb
    this.startMs = options.startMs
    this.settledMs = options.startMs
    this.endMs = options.endMs
    this.accountId = options.accountId
    this.plan = options.plan
    this.label = options.label
  }

  get machineId(): number {
    return this.machine.id
  }

  get gpuIndexes(): readonly number[] {
    return gpuIndexesOf(this.mask === 0 ? this.lastMask : this.mask)
  }

  get renterUsdPerGpuHour(): number {
    return this.hostUsdPerGpuHour / HOST_SHARE
  }

  /** On-demand, reserved and own use hold their GPUs against everybody. */
  get isFirm(): boolean {
    return this.kind !== 'interruptible'
  }

  get isLive(): boolean {
    return this.status !== 'ended'
  }

  /** What the host earns per hour while it runs, USD. */
  get hostUsdPerHour(): number {
    return this.gpuCount * this.hostUsdPerGpuHour * (1 - this.discount)
  }

  hold(mask: number): void {
    if (countBits(mask) !== this.gpuCount) throw new RangeError(`expected ${this.gpuCount} GPUs, was mask ${mask}`)
    this.mask = mask
    this.lastMask = mask
  }
}
