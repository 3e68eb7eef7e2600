import type { Account, AccountSpec } from './account.ts'
import type { Contract, PendingPriceIncrease, RentRequest } from './contract.ts'
import type { DefaultJob } from './default-job.ts'
import type { EarningsReport } from './earnings.ts'
import type { GpuModel } from './gpu-model.ts'
import type { MachineTruth, ModelTruth, MoneyTruth } from './inspection.ts'
import type { ListingTerms, ListResult } from './listing.ts'
import type { Machine, MachineSpec } from './machine.ts'
import type { Maintenance, MaintenanceCategory } from './maintenance.ts'
import type { LocationMetrics, MetricsFilter, MetricsSample, ModelMetrics } from './metrics.ts'
import type { MarketParameters } from './model-parameters.ts'
import type { Offer, OfferFilter } from './offer.ts'
import type { Volume } from './volume.ts'

/**
 * A GPU rental market that lives by events. It has no clock: {@link advanceTo} runs what happened up to a moment, and everything
 * read afterwards is true at that moment. The same seed gives the same market; the market's renters and competitors are the same
 * whatever API accounts do, so that policies can be compared on equal terms.
 *
 * All refusals are typed `InvalidInputError`s (codes `SIM_…`) and leave the world unchanged.
 */
export interface World {
  /** Epoch ms up to which everything has happened. */
  readonly nowMs: number
  /** Every model of the catalogue, in a stable order, whether or not it is traded here. */
  readonly catalogue: readonly GpuModel[]
  /** Models that have competitors and renters in this world, underscore names. */
  readonly models: readonly string[]

  /** Runs all events up to and including `nowMs`. Going backwards is refused. */
  advanceTo(nowMs: number): void

  addAccount(spec: AccountSpec): Account
  account(accountId: number): Account
  /** Adds (or takes, when negative) credit. */
  addBalance(accountId: number, usd: number): void

  addMachine(spec: MachineSpec): Machine
  /** Any machine, own or competing. Throws `SIM_NO_SUCH_MACHINE`. */
  machine(machineId: number): Machine
  hasMachine(machineId: number): boolean
  /** Machines with their host's account, or all of a model. Listed and unlisted. */
  machines(filter?: { readonly hostId?: number; readonly model?: string }): readonly Machine[]
  /** Takes an own machine out of the market for good; its contracts end with `machine-removed`. */
  removeMachine(machineId: number): void

  // Host actions. The caller has checked that the account owns the machine.
  list(machineId: number, terms: ListingTerms): ListResult
  unlist(machineId: number): void
  setMinBid(machineId: number, hostUsdPerGpuHour: number): void
  setDefaultJob(machineId: number, job: DefaultJob): void
  removeDefaultJob(machineId: number): void
  scheduleMaintenance(
    machineId: number,
    window: { readonly startMs: number; readonly durationMs: number; readonly category?: MaintenanceCategory },
  ): Maintenance
  /** Cancels all that have not ended. Returns how many. */
  cancelMaintenances(machineId: number): number
  /** Deletes expired contracts at once. Returns how many. */
  cleanup(machineId: number): number
  /** For tests and fault worlds: takes a machine offline, or brings it back. */
  setOnline(machineId: number, isOnline: boolean): void
  setVerification(machineId: number, verification: Machine['verification']): void

  // The market as a searcher sees it.
  offers(filter?: OfferFilter): readonly Offer[]
  /** Undefined when the id is unknown or has become stale. */
  offer(offerId: number): Offer | undefined

  // Renter actions.
  /** @throws codes `SIM_NO_SUCH_OFFER`, `SIM_OFFER_TAKEN`, `SIM_NOT_OWN_MACHINE`, `SIM_BID_TOO_LOW`, `SIM_DISK_TOO_LARGE` */
  rent(request: RentRequest): Contract
  /** A live or recently ended contract of an account or of the market. Throws `SIM_NO_SUCH_CONTRACT`. */
  contract(contractId: number): Contract
  hasContract(contractId: number): boolean
  /** Contracts not yet ended. */
  contracts(filter: { readonly accountId?: number; readonly machineId?: number }): readonly Contract[]
  /** Running becomes `stopped`; nothing else changes state. */
  stop(contractId: number): Contract
  /** Becomes `running` when its GPUs are free, else `waiting`. Refused when expired. */
  start(contractId: number): Contract
  /** Ends it. A second call does nothing. */
  destroy(contractId: number): void
  /** RENTER USD per hour for the whole chunk; undefined: a winning bid. Interruptibles only. */
  changeBid(contractId: number, bidUsdPerHour: number | undefined): Contract
  setLabel(contractId: number, label: string | undefined): void
  /** Turns on-demand into reserved (or adds to it): the discount grows with the months prepaid up to the listing's maximum. */
  prepay(contractId: number, amountUsd: number): { readonly monthsPrepaid: number; readonly discount: number }
  /** Host-side minimum that {@link changeBid} of undefined would bid: RENTER USD per hour for the chunk. */
  winningBid(contractId: number): number
  pendingPriceIncreases(accountId: number): readonly PendingPriceIncrease[]
  /** Throws `SIM_NO_PENDING_PRICE_INCREASE`. */
  acceptPriceIncrease(pendingId: number): PendingPriceIncrease
  rejectPriceIncrease(pendingId: number): PendingPriceIncrease

  rentVolume(request: {
    readonly accountId: number
    readonly machineId: number
    readonly sizeGb: number
    readonly label?: string
  }): Volume
  volumes(filter: { readonly accountId?: number; readonly machineId?: number }): readonly Volume[]
  deleteVolume(volumeId: number): void

  // Reports.
  /** Days are UTC days since 1970, both included. The last {@link EARNINGS_DAYS_MAX} days are kept; `total` covers the asked days. */
  earnings(
    hostId: number,
    range?: { readonly fromDay?: number; readonly toDay?: number; readonly machineId?: number },
  ): EarningsReport
  metrics(model: string, filter?: MetricsFilter): ModelMetrics
  /** Oldest first, bounded to the last {@link HISTORY_SAMPLES_MAX} samples. */
  history(model: string): readonly MetricsSample[]
  locations(): readonly LocationMetrics[]

  // The truth, for tests and comparison runs.
  machineTruth(machineId: number): MachineTruth
  modelTruth(model: string): ModelTruth
  money(): MoneyTruth
  /** Hex digest of everything that happened: equal for equal seeds and equal actions. */
  digest(): string
}

/** Ask of {@link createWorld}. */
export interface WorldOptions {
  /** Any 32-bit integer. */
  readonly seed: number
  /** Epoch ms at which the world begins, already in its steady state. */
  readonly startMs: number
  /** Underscore names of the models with competitors and renters. @default the ten recorded models */
  readonly models?: readonly string[]
  /** Ids of machines that will be added: no competitor gets one of them. @default none */
  readonly machineIds?: readonly number[]
  /** Other than the shipped ones, for fitting and experiments. */
  readonly parameters?: MarketParameters
}

/** Steps of {@link World.history}. */
export const HISTORY_STEP_MS = 6 * 3_600_000
export const HISTORY_SAMPLES_MAX = 480
export const EARNINGS_DAYS_MAX = 400
