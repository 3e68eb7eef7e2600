import type { Account, AccountSpec } from './account.ts'
import { contractDue, endContract } from './booking.ts'
import { buildOffers, findOffer } from './build-offers.ts'
import { catalogue, findModel } from './catalogue.ts'
import type { Contract, PendingPriceIncrease, RentRequest } from './contract.ts'
import type { ContractState } from './contract-state.ts'
import type { DefaultJob } from './default-job.ts'
import { failuresPerHour } from './draw-competitors.ts'
import type { EarningsReport } from './earnings.ts'
import {
  answerIncrease,
  cancelMaintenances,
  cleanupMachine,
  listMachine,
  maintenanceTurns,
  removeMachine,
  scheduleMaintenance,
  setMinBid,
  unlistMachine,
} from './host-desk.ts'
import type { MachineTruth, ModelTruth, MoneyTruth } from './inspection.ts'
import type { AccountState, Kernel, SimEvent } from './kernel.ts'
import { settleContract, settleMachine } from './ledger.ts'
import type { ListingTerms, ListResult } from './listing.ts'
import type { Machine, MachineSpec } from './machine.ts'
import { MachineState } from './machine-state.ts'
import type { Maintenance, MaintenanceCategory } from './maintenance.ts'
import type { LocationMetrics, MetricsFilter, MetricsSample, ModelMetrics } from './metrics.ts'
import type { ModelMarket } from './model-market.ts'
import { NEEDS } from './model-parameters.ts'
import type { Offer, OfferFilter } from './offer.ts'
import { failMachine, goOffline, recoverMachine } from './outages.ts'
import { refuse, requireNumber } from './refuse.ts'
import {
  changeBid,
  destroyContract,
  pendingContract,
  prepay,
  rentOffer,
  startContract,
  stopContract,
  winningBid,
} from './renter-desk.ts'
import { earningsOf, locationsOf, metricsOf } from './reports.ts'
import { GPUS_PER_MACHINE_MAX } from './split-tree.ts'
import type { Volume } from './volume.ts'
import type { World } from './world.ts'

/** Own machines and accounts count up from here, above all competitors. */
const OWN_IDS_FROM = 100_000
const ACCOUNT_IDS_FROM = 900_000
const FAILURES_PER_30_DAYS = 0.5

/** The {@link World} over a kernel: finds what a call is about and hands it to the desk that knows it. */
export class SimWorld implements World {
  readonly catalogue = catalogue
  readonly models: readonly string[]
  readonly #kernel: Kernel
  readonly #volumes = new Map<number, Volume>()

  constructor(kernel: Kernel, models: readonly string[]) {
    this.#kernel = kernel
    this.models = models
  }

  get nowMs(): number {
    return this.#kernel.nowMs
  }

  advanceTo(nowMs: number): void {
    const kernel = this.#kernel
    if (!Number.isFinite(nowMs) || nowMs < kernel.nowMs)
      refuse('SIM_CLOCK_BACKWARDS', `expected a time from ${kernel.nowMs} on, was ${nowMs}`)
    while (kernel.events.nextMs <= nowMs) {
      const event = kernel.events.pop()
      if (event === undefined) break
      kernel.nowMs = Math.max(kernel.nowMs, event.atMs)
      this.#happen(event)
    }
    kernel.nowMs = nowMs
  }

  #happen(event: SimEvent): void {
    const kernel = this.#kernel
    switch (event.kind) {
      case 'step':
        event.target.step()
        return
      case 'arrival':
        event.target.arrive()
        return
      case 'reprice':
        kernel.marketOf(event.target).reprice(event.target)
        return
      case 'fail':
        if (event.stamp === event.target.outageStamp) failMachine(kernel, event.target)
        return
      case 'recover':
        if (event.stamp === event.target.outageStamp) recoverMachine(kernel, event.target)
        return
      case 'maintenance':
        if (kernel.machines.has(event.target.id)) maintenanceTurns(kernel, event.target)
        return
      case 'listing-end':
        if (event.stamp === event.target.listingStamp) unlistMachine(kernel, event.target)
        return
      case 'contract-answer':
        answerIncrease(event.target, event.stamp)
        return
      case 'contract-due':
        if (event.stamp === event.target.stamp) contractDue(kernel, event.target)
        return
      case 'contract-patience':
        if (event.stamp === event.target.stamp)
          endContract(kernel, event.target, event.target.isFirm ? 'outage' : 'outbid')
        return
      case 'contract-purge':
        if (event.stamp === event.target.stamp) endContract(kernel, event.target, 'contract-end')
    }
  }

  addAccount(spec: AccountSpec): Account {
    const kernel = this.#kernel
    const id = ACCOUNT_IDS_FROM + kernel.accounts.size + 1
    const account: AccountState = {
      id,
      kind: spec.kind,
      name: spec.name ?? `${spec.kind} ${id}`,
      machineIds: [],
      balanceUsd: spec.balanceUsd ?? 0,
      dayBook: new Map(),
    }
    kernel.accounts.set(id, account)
    return account
  }

  account(accountId: number): Account {
    const account = this.#kernel.account(accountId)
    for (const contract of this.#kernel.contracts.values())
      if (contract.accountId === accountId) settleContract(this.#kernel, contract)
    return account
  }

  addBalance(accountId: number, usd: number): void {
    this.#kernel.account(accountId).balanceUsd += requireNumber('the amount', usd, Number.NEGATIVE_INFINITY)
  }

  addMachine(spec: MachineSpec): Machine {
    const kernel = this.#kernel
    const host = kernel.account(spec.hostId)
    const gpu = findModel(spec.model)
    const market = gpu === undefined ? undefined : kernel.markets.get(gpu.model)
    if (gpu === undefined || market === undefined)
      refuse('SIM_UNKNOWN_MODEL', `no market for ${spec.model} here: expected one of ${this.models.join(', ')}`)
    if (!Number.isInteger(spec.gpuCount) || spec.gpuCount < 1 || spec.gpuCount > GPUS_PER_MACHINE_MAX)
      refuse('SIM_INVALID', `expected 1 to ${GPUS_PER_MACHINE_MAX} GPUs, was ${spec.gpuCount}`)
    const id = spec.id ?? this.#nextMachineId()
    if (!Number.isInteger(id) || id < 1 || kernel.machines.has(id))
      refuse('SIM_INVALID', `expected a machine id that is free, was ${id}`)
    const machine = new MachineState({
      seed: kernel.seed,
      id,
      hostId: host.id,
      isOwn: true,
      gpu,
      gpuCount: spec.gpuCount,
      quality: spec.quality ?? 0,
      verification: spec.verification ?? 'verified',
      reliability: spec.reliability ?? 0.99,
      hostingType: spec.hostingType ?? 0,
      geolocation: spec.geolocation ?? 'Norway, NO',
      createdMs: kernel.nowMs,
      failuresPerHour: failuresPerHour(spec.failuresPer30Days ?? FAILURES_PER_30_DAYS),
      hardware: spec.hardware,
    })
    kernel.machines.set(id, machine)
    market.machines.push(machine)
    host.machineIds.push(id)
    market.scheduleFailure(machine)
    market.refresh(machine)
    return machine
  }

  #nextMachineId(): number {
    let id = OWN_IDS_FROM
    while (this.#kernel.machines.has(id)) id++
    return id
  }

  machine(machineId: number): Machine {
    return this.#kernel.machine(machineId)
  }

  hasMachine(machineId: number): boolean {
    return this.#kernel.machines.has(machineId)
  }

  machines(filter: { readonly hostId?: number; readonly model?: string } = {}): readonly Machine[] {
    const kernel = this.#kernel
    const host = filter.hostId === undefined ? undefined : kernel.accounts.get(filter.hostId)
    const pool =
      host !== undefined
        ? host.machineIds.map(id => kernel.machine(id))
        : filter.model !== undefined
          ? (kernel.markets.get(filter.model)?.machines ?? [])
          : [...kernel.machines.values()]
    return pool.filter(
      machine =>
        (filter.hostId === undefined || machine.hostId === filter.hostId) &&
        (filter.model === undefined || machine.model === filter.model),
    )
  }

  removeMachine(machineId: number): void {
    removeMachine(this.#kernel, this.#own(machineId))
  }

  #own(machineId: number): MachineState {
    const machine = this.#kernel.machine(machineId)
    if (!machine.isOwn) refuse('SIM_NOT_OWN_MACHINE', `machine ${machineId} belongs to a simulated host`)
    return machine
  }

  list(machineId: number, terms: ListingTerms): ListResult {
    return listMachine(this.#kernel, this.#own(machineId), terms)
  }

  unlist(machineId: number): void {
    unlistMachine(this.#kernel, this.#own(machineId))
  }

  setMinBid(machineId: number, hostUsdPerGpuHour: number): void {
    setMinBid(this.#kernel, this.#own(machineId), hostUsdPerGpuHour)
  }

  setDefaultJob(machineId: number, job: DefaultJob): void {
    this.#own(machineId).defaultJob = job
  }

  removeDefaultJob(machineId: number): void {
    this.#own(machineId).defaultJob = undefined
  }

  scheduleMaintenance(
    machineId: number,
    window: { readonly startMs: number; readonly durationMs: number; readonly category?: MaintenanceCategory },
  ): Maintenance {
    return scheduleMaintenance(this.#kernel, this.#own(machineId), window)
  }

  cancelMaintenances(machineId: number): number {
    return cancelMaintenances(this.#kernel, this.#own(machineId))
  }

  cleanup(machineId: number): number {
    return cleanupMachine(this.#kernel, this.#own(machineId))
  }

  setOnline(machineId: number, isOnline: boolean): void {
    const machine = this.#kernel.machine(machineId)
    if (isOnline) recoverMachine(this.#kernel, machine)
    else if (machine.offlineSinceMs === undefined) goOffline(this.#kernel, machine)
  }

  setVerification(machineId: number, verification: Machine['verification']): void {
    const machine = this.#kernel.machine(machineId)
    machine.verification = verification
    this.#kernel.marketOf(machine).refresh(machine)
  }

  offers(filter: OfferFilter = {}): readonly Offer[] {
    return buildOffers(this.#kernel, filter)
  }

  offer(offerId: number): Offer | undefined {
    const found = findOffer(this.#kernel, offerId)
    if (found === undefined) return undefined
    return buildOffers(this.#kernel, { machineId: found.machine.id }).find(offer => offer.id === offerId)
  }

  rent(request: RentRequest): Contract {
    return rentOffer(this.#kernel, request)
  }

  contract(contractId: number): Contract {
    return this.#contract(contractId)
  }

  #contract(contractId: number): ContractState {
    const contract = this.#kernel.contract(contractId)
    settleContract(this.#kernel, contract)
    return contract
  }

  hasContract(contractId: number): boolean {
    return this.#kernel.contracts.has(contractId)
  }

  contracts(filter: { readonly accountId?: number; readonly machineId?: number }): readonly Contract[] {
    const { machineId, accountId } = filter
    const pool =
      machineId === undefined ? [...this.#kernel.contracts.values()] : this.#kernel.machine(machineId).contracts
    const found = pool.filter(
      contract => contract.isLive && (accountId === undefined || contract.accountId === accountId),
    )
    for (const contract of found) settleContract(this.#kernel, contract)
    return found
  }

  stop(contractId: number): Contract {
    const contract = this.#contract(contractId)
    stopContract(this.#kernel, contract)
    return contract
  }

  start(contractId: number): Contract {
    const contract = this.#contract(contractId)
    startContract(this.#kernel, contract)
    return contract
  }

  destroy(contractId: number): void {
    destroyContract(this.#kernel, this.#contract(contractId))
  }

  changeBid(contractId: number, bidUsdPerHour: number | undefined): Contract {
    const contract = this.#contract(contractId)
    changeBid(this.#kernel, contract, bidUsdPerHour)
    return contract
  }

  setLabel(contractId: number, label: string | undefined): void {
    this.#contract(contractId).label = label
  }

  prepay(contractId: number, amountUsd: number): { readonly monthsPrepaid: number; readonly discount: number } {
    return prepay(this.#kernel, this.#contract(contractId), amountUsd)
  }

  winningBid(contractId: number): number {
    return winningBid(this.#contract(contractId))
  }

  pendingPriceIncreases(accountId: number): readonly PendingPriceIncrease[] {
    return this.contracts({ accountId }).flatMap(contract => contract.pendingPriceIncrease ?? [])
  }

  acceptPriceIncrease(pendingId: number): PendingPriceIncrease {
    const contract = pendingContract(this.#kernel, pendingId)
    const pending = contract.pendingPriceIncrease
    contract.acceptedPriceIncrease = pending
    Object.assign(contract, { pendingPriceIncrease: undefined })
    return pending
  }

  rejectPriceIncrease(pendingId: number): PendingPriceIncrease {
    const contract = pendingContract(this.#kernel, pendingId)
    const pending = contract.pendingPriceIncrease
    Object.assign(contract, { pendingPriceIncrease: undefined })
    return pending
  }

  rentVolume(request: {
    readonly accountId: number
    readonly machineId: number
    readonly sizeGb: number
    readonly label?: string
  }): Volume {
    const kernel = this.#kernel
    const machine = kernel.machine(request.machineId)
    const { listing } = machine
    if (listing === undefined) refuse('SIM_NOT_LISTED', `machine ${machine.id} is not listed`)
    const free = Math.min(machine.diskFreeGb, listing.volumeGb - machine.volumeRentedGb)
    if (requireNumber('the volume size', request.sizeGb) > free)
      refuse(
        'SIM_DISK_TOO_LARGE',
        `expected at most ${Math.floor(Math.max(0, free))} GB of volume, was ${request.sizeGb}`,
      )
    const volume: Volume = {
      id: kernel.newId(),
      machineId: machine.id,
      accountId: kernel.account(request.accountId).id,
      sizeGb: request.sizeGb,
      hostUsdPerGbMonth: listing.volumeUsdPerGbMonth,
      startMs: kernel.nowMs,
      endMs: listing.endMs,
      label: request.label,
    }
    this.#volumes.set(volume.id, volume)
    machine.volumes.push(volume)
    return volume
  }

  volumes(filter: { readonly accountId?: number; readonly machineId?: number }): readonly Volume[] {
    return [...this.#volumes.values()].filter(
      volume =>
        (filter.accountId === undefined || volume.accountId === filter.accountId) &&
        (filter.machineId === undefined || volume.machineId === filter.machineId),
    )
  }

  deleteVolume(volumeId: number): void {
    const volume = this.#volumes.get(volumeId) ?? refuse('SIM_NO_SUCH_VOLUME', `no volume ${volumeId}`)
    this.#volumes.delete(volumeId)
    const { volumes } = this.#kernel.machine(volume.machineId)
    volumes.splice(volumes.indexOf(volume), 1)
  }

  earnings(
    hostId: number,
    range: { readonly fromDay?: number; readonly toDay?: number; readonly machineId?: number } = {},
  ): EarningsReport {
    return earningsOf(this.#kernel, this.#kernel.account(hostId), range)
  }

  metrics(model: string, filter: MetricsFilter = {}): ModelMetrics {
    return metricsOf(this.#market(model), filter, this.nowMs)
  }

  history(model: string): readonly MetricsSample[] {
    return this.#market(model).history
  }

  locations(): readonly LocationMetrics[] {
    return locationsOf(this.#kernel)
  }

  #market(model: string): ModelMarket {
    const gpu = findModel(model)
    return (
      (gpu === undefined ? undefined : this.#kernel.markets.get(gpu.model)) ??
      refuse('SIM_UNKNOWN_MODEL', `no market for ${model} here: expected one of ${this.models.join(', ')}`)
    )
  }

  machineTruth(machineId: number): MachineTruth {
    const machine = this.#kernel.machine(machineId)
    settleMachine(this.#kernel, machine)
    return { machineId, ...machine.counters, gpuHoursByHostCents: new Map(machine.counters.gpuHoursByHostCents) }
  }

  modelTruth(model: string): ModelTruth {
    const market = this.#market(model)
    market.count()
    const [one, two, four, eight] = NEEDS.map((_, slot) => market.idle.lists[slot]?.length ?? 0)
    return {
      model: market.gpu.model,
      ...market.counters,
      gpus: market.listedGpus,
      rentedGpus: market.rentedGpus,
      idleMachinesByNeed: { 1: one ?? 0, 2: two ?? 0, 4: four ?? 0, 8: eight ?? 0 },
      referenceUsdPerGpuHour: Math.exp(market.levelLog),
      demandFactor: market.demandFactor,
    }
  }

  money(): MoneyTruth {
    for (const contract of this.#kernel.contracts.values()) settleContract(this.#kernel, contract)
    const { renterPaidUsd, hostEarnedUsd } = this.#kernel.money
    return { renterPaidUsd, hostEarnedUsd, feeUsd: renterPaidUsd - hostEarnedUsd }
  }

  digest(): string {
    return this.#kernel.digest()
  }
}
