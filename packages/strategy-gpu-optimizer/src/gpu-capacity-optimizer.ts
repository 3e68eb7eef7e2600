import {
  type AnyVenue,
  AutomationError,
  BaseStrategy,
  type ExecutionResult,
  type Logger,
  type Opportunity,
  type OwnResult,
  parseConfig,
  type RunMode,
  type VenueReader,
} from '@org/core'
import type { ListingTerms, MachineView, VastAiQueries } from '@org/venue-vastai/actions'
import { turnBooks } from './accrual/account.ts'
import { bookCost } from './accrual/book-cost.ts'
import { bookRent } from './accrual/book-rent.ts'
import { type GpuConfig, parseGpuConfigs } from './config/gpu-config.ts'
import { type MachinePlan, machinePlans } from './config/machine-plan.ts'
import { type CheckedOptimizerConfig, type OptimizerConfig, optimizerConfigSchema } from './config/optimizer-config.ts'
import { decideListing } from './decision/decide-listing.ts'
import type { ListingDecision } from './decision/listing-decision.ts'
import { type ListingOpportunity, listingAfter, listingOpportunity } from './decision/listing-opportunity.ts'
import { sameListing } from './decision/same-listing.ts'
import { shutdownDecision } from './decision/shutdown-decision.ts'
import { unreachableDecision } from './decision/unreachable-decision.ts'
import { type GpuKpis, gpuKpis } from './kpi/kpis.ts'
import { DecisionLog } from './log/decision-log.ts'
import { TellOnce } from './log/tell-once.ts'
import { afterChange, afterDoubt } from './memory/after-change.ts'
import { type MachineMemory, newMachineMemory } from './memory/machine-memory.ts'
import { type OptimizerMemory, optimizerMemorySchema } from './memory/optimizer-memory.ts'
import { expectedIncome } from './pricing/policies/expected-income.ts'
import type { PricingPolicy } from './pricing/pricing-policy.ts'
import { askMarket, type KnownRates } from './scan/market-answers.ts'
import type { PlannedChange, ScanPlan } from './scan/scan-plan.ts'
import { unfinishedChange } from './scan/unfinished-change.ts'

export interface GpuCapacityOptimizerOptions {
  /** Every GPU of every machine to look after. */
  readonly gpus: readonly GpuConfig[]
  /** How prices are found. @default expectedIncome() */
  readonly policy?: PricingPolicy
  readonly config?: OptimizerConfig
  /** For use on its own; in an `Engine` the venue of the id {@link venueId} is used. */
  readonly venue?: AnyVenue
  /** What submitting does on its own; an `Engine` has a mode itself. @default 'dry-run' */
  readonly mode?: RunMode
  /** Where warnings go on its own: an unhealthy machine, a listing that could not be taken back. @default silent */
  readonly logger?: Logger
  /** @default the given venue's id, else `vastai` */
  readonly venueId?: string
  /** @default `gpu-optimizer` */
  readonly id?: string
}

const dayMs = 86_400_000

/**
 * Looks after a host's GPUs on Vast.ai: lists a machine when renting it out pays, prices it, takes it off the market when it does not.
 *
 * Every scan reviews each machine and ends in a decision with its reasons, `hold` included; those that want a change become
 * opportunities. Cost and rent are booked on the shared budget as they accrue.
 *
 * @throws {InvalidInputError} `INVALID_CONFIG` from the constructor, in one line.
 * @example
 * const optimizer = new GpuCapacityOptimizer({ gpus, venue, mode: 'live' })
 * optimizer.setRiskManager(risk)
 * await optimizer.initialize()
 * for (const opportunity of await optimizer.findOpportunities())
 *   if (await optimizer.validateOpportunity(opportunity)) await optimizer.executeOpportunity(opportunity)
 * await optimizer.shutdown()
 */
export class GpuCapacityOptimizer extends BaseStrategy {
  readonly #config: CheckedOptimizerConfig
  readonly #policy: PricingPolicy
  readonly #plans: ReadonlyMap<number, MachinePlan>
  readonly #venueId: string
  readonly #machines = new Map<number, MachineMemory>()
  readonly #told = new TellOnce()
  #log = new DecisionLog()
  #booksFromDay: number | null = null
  #booksAskedMs: number | null = null
  #rates: KnownRates = new Map()
  #plan: ScanPlan | null = null
  /** Another process may have died between the plan and its end. */
  #isPlanUnfinished = false
  /** What was booked last may not be in the store, or may still get there. */
  #isUnsure = false

  constructor(options: GpuCapacityOptimizerOptions) {
    const config = parseConfig(optimizerConfigSchema, options.config ?? {}, 'optimizer config')
    super({
      id: options.id ?? 'gpu-optimizer',
      config,
      venue: options.venue,
      mode: options.mode,
      logger: options.logger,
    })
    this.#config = config
    this.#policy = options.policy ?? expectedIncome()
    this.#plans = new Map(machinePlans(parseGpuConfigs(options.gpus)).map(plan => [plan.machineId, plan]))
    this.#venueId = options.venueId ?? options.venue?.id ?? 'vastai'
  }

  /** Reviews every machine once. Never throws for what a market answers: then nothing changes and the decision says why. */
  async findOpportunities(): Promise<readonly ListingOpportunity[]> {
    if (this.#isUnsure) await this.#recall()
    const nowMs = this.context.clock.now()
    const views = await this.#lookAtMachines()
    const results = [...this.#accrueCosts(views, nowMs), ...(await this.#accrueRents(nowMs))]
    const opportunities =
      views === undefined ? [] : (this.#finishScan(views, nowMs) ?? (await this.#review(views, nowMs)))
    this.#isUnsure = true
    await this.context.recordAll(results, this.#toRemember())
    this.#isUnsure = false
    return opportunities
  }

  override async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
    const result = await super.executeOpportunity(opportunity)
    const after = listingAfter(opportunity)
    const status = result.results.at(-1)?.status
    if (after === undefined || (status !== 'settled' && status !== 'unknown')) return result
    const { machineId, listing } = after
    const memory = this.#memory(machineId)
    // It counts from the scan that decided it: the moment of its end would be another one after a restart.
    const nowMs = this.#plan?.atMs ?? this.context.clock.now()
    const changed = status === 'settled' ? afterChange(memory, listing, nowMs) : afterDoubt(memory, listing, nowMs)
    this.#machines.set(machineId, changed)
    await this.context.state.save(this.#toRemember())
    return result
  }

  /** The figures so far, over all machines or one of them. */
  kpis(options: { readonly machineId?: number } = {}): GpuKpis {
    const { machineId } = options
    const accounts =
      machineId === undefined
        ? [...this.#machines.values()].map(memory => memory.account)
        : [this.#memory(machineId).account]
    return gpuKpis(accounts, {
      nowMs: this.context.clock.now(),
      decisions: this.#log.counts(),
      decisionsMade: this.#log.total,
    })
  }

  /** The newest decision about a machine, with its reasons. */
  explain(machineId: number): ListingDecision | undefined {
    return this.#log.latest(machineId)
  }

  /** The newest 200 decisions that wanted a change, oldest first: the price log. */
  changes(): readonly ListingDecision[] {
    return this.#log.changes()
  }

  protected override async onInitialize(): Promise<void> {
    const saved = await this.#load()
    if (saved === undefined) return
    for (const [machineId, memory] of saved.machines) this.#machines.set(machineId, memory)
    this.#booksFromDay = saved.booksFromDay
    this.#booksAskedMs = saved.booksAskedMs
    this.#rates = new Map(saved.rates)
    this.#plan = saved.plan
    this.#isPlanUnfinished = saved.plan !== null
    this.#log = new DecisionLog(saved.decisions)
  }

  protected override async onShutdown(): Promise<void> {
    const nowMs = this.context.clock.now()
    const views = await this.#lookAtMachines()
    const costs = this.#accrueCosts(views, nowMs)
    this.#booksAskedMs = null
    const rents = await this.#accrueRents(nowMs)
    this.#plan = null
    const opportunities = this.#config.customParams.unlistOnShutdown ? this.#unlistAll(views, nowMs) : []
    await this.context.recordAll([...costs, ...rents], this.#toRemember())
    if (opportunities.length === 0) return
    for (const opportunity of opportunities) {
      const result = await this.executeOpportunity(opportunity)
      const machineId = listingAfter(opportunity)?.machineId
      if (!result.success)
        this.context.logger.error(
          { machineId },
          `machine ${machineId} could not be taken off the market: unlist it by hand`,
        )
    }
    this.#plan = null
    await this.context.state.save(this.#toRemember())
  }

  /** After a booking that failed: what the store holds counts, or the time since would be booked twice or never. */
  async #recall(): Promise<void> {
    // Only a write shows what a failed one has left behind.
    await this.context.recordAll([])
    this.#machines.clear()
    this.#booksFromDay = null
    this.#booksAskedMs = null
    this.#plan = null
    await this.onInitialize()
    this.#isUnsure = false
  }

  /**
   * What a process that died left of its newest scan: the changes that are still to be made, when it was a moment ago. Changes that were
   * made are taken for our own, however long ago it was.
   *
   * @returns `undefined` when there is nothing to finish and a scan is due.
   */
  #finishScan(views: ReadonlyMap<number, MachineView>, nowMs: number): ListingOpportunity[] | undefined {
    const plan = this.#plan
    if (plan === null || !this.#isPlanUnfinished) return undefined
    this.#isPlanUnfinished = false
    const isFresh = nowMs >= plan.atMs && nowMs - plan.atMs < this.#config.scanIntervalMs
    const opportunities: ListingOpportunity[] = []
    for (const change of plan.changes) {
      const machine = views.get(change.machineId)
      if (machine === undefined) continue
      const listing = machine.listing ?? null
      const became = unfinishedChange(change, listing, isFresh)
      if (became === 'made') this.#noteOwnChange(change, listing, plan.atMs)
      const opportunity = became === 'due' ? this.#propose(change, machine.asOf) : undefined
      if (opportunity !== undefined) opportunities.push(opportunity)
    }
    return isFresh ? opportunities : undefined
  }

  #noteOwnChange({ machineId, terms }: PlannedChange, listing: ListingTerms | null, atMs: number): void {
    const memory = this.#memory(machineId)
    const isNoted = memory.seen !== null && sameListing(memory.seen.listing, listing)
    if (!isNoted) this.#machines.set(machineId, afterChange(memory, terms, atMs))
  }

  async #review(views: ReadonlyMap<number, MachineView>, nowMs: number): Promise<ListingOpportunity[]> {
    const managed = [...this.#plans.keys()].flatMap(machineId => views.get(machineId) ?? [])
    const { answerFor, known } = await askMarket(this.#venue, managed, {
      nowMs,
      askEveryMs: this.#config.customParams.marketIntervalMs,
      known: this.#rates,
      signal: this.context.signal,
    })
    this.#rates = known
    const opportunities: ListingOpportunity[] = []
    const changes: PlannedChange[] = []
    for (const plan of this.#plans.values()) {
      const machine = views.get(plan.machineId)
      const { decision, memory } = decideListing(
        {
          nowMs,
          plan,
          machine,
          market: machine === undefined ? { ok: false, code: 'NOT_ASKED', message: 'not asked' } : answerFor(machine),
          policy: this.#policy,
          config: this.#config,
        },
        this.#memory(plan.machineId),
      )
      this.#machines.set(plan.machineId, memory)
      this.#note(decision)
      const opportunity = this.#propose(decision, machine?.asOf ?? nowMs)
      if (opportunity !== undefined) opportunities.push(opportunity)
      if (isChange(decision)) changes.push(decision)
    }
    this.#plan = { atMs: nowMs, changes }
    return opportunities
  }

  #unlistAll(views: ReadonlyMap<number, MachineView> | undefined, nowMs: number): ListingOpportunity[] {
    const opportunities: ListingOpportunity[] = []
    const changes: PlannedChange[] = []
    for (const plan of this.#plans.values()) {
      const { machineId } = plan
      const machine = views?.get(machineId)
      // One that is not shown now may still be offered.
      const listing = machine === undefined ? this.#memory(machineId).seen?.listing : machine.listing
      if (listing === undefined || listing === null) continue
      const decision = shutdownDecision(machineId, listing, nowMs)
      this.#note(decision)
      const opportunity = this.#propose(decision, nowMs)
      if (opportunity !== undefined) opportunities.push(opportunity)
      changes.push(decision)
    }
    this.#plan = { atMs: nowMs, changes }
    return opportunities
  }

  #propose(decision: ListingDecision, asOf: number): ListingOpportunity | undefined {
    const plan = this.#plans.get(decision.machineId)
    if (plan === undefined) return undefined
    const { scanIntervalMs } = this.#config
    return listingOpportunity(decision, { strategyId: this.id, venueId: this.#venueId, plan, asOf, scanIntervalMs })
  }

  #note(decision: ListingDecision): void {
    const { machineId, kind, reason, summary, warning } = decision
    this.#log.add(decision)
    this.#tell(`machine ${machineId}`, warning)
    const { logger } = this.context
    if (kind === 'hold') logger.debug({ machineId, kind, reason }, summary)
    else logger.info({ machineId, kind, reason }, summary)
  }

  /** Warns once until something else is to be said. */
  #tell(about: string, warning: string | undefined): void {
    this.#told.tell(about, warning, this.context.logger)
  }

  /** Own machines by id; `undefined` when the venue cannot be asked: then every machine is held. */
  async #lookAtMachines(): Promise<ReadonlyMap<number, MachineView> | undefined> {
    try {
      const { value } = await this.#venue.observe('machines', {}, { signal: this.context.signal })
      this.#tell('venue', undefined)
      return new Map(value.map(machine => [machine.machineId, machine]))
    } catch (error) {
      if (!AutomationError.isInstance(error)) throw error
      const summary = `your machines could not be looked at (${error.shortMessage}); nothing is changed until they can`
      this.#tell('venue', summary)
      const nowMs = this.context.clock.now()
      for (const machineId of this.#plans.keys()) {
        const before = this.#memory(machineId).seen?.listing ?? null
        this.#log.add(unreachableDecision(machineId, error, { nowMs, summary, before }))
      }
      return undefined
    }
  }

  /** Power and upkeep up to now, by machine. */
  #accrueCosts(views: ReadonlyMap<number, MachineView> | undefined, nowMs: number): OwnResult[] {
    const results: OwnResult[] = []
    for (const plan of this.#plans.values()) {
      const memory = this.#memory(plan.machineId)
      const booked = bookCost(memory.account, views?.get(plan.machineId), { nowMs, venueId: this.#venueId, plan })
      this.#machines.set(plan.machineId, { ...memory, account: booked.account })
      if (booked.result !== undefined) results.push(booked.result)
    }
    return results
  }

  /** Rent up to now, by machine; nothing between two looks into the books. */
  async #accrueRents(nowMs: number): Promise<OwnResult[]> {
    const { earningsIntervalMs } = this.#config.customParams
    const askedMs = this.#booksAskedMs
    if (askedMs !== null && nowMs >= askedMs && nowMs - askedMs < earningsIntervalMs) return []
    this.#booksAskedMs = nowMs
    const earned = await this.#askBooks(nowMs)
    const results: OwnResult[] = []
    for (const machineId of this.#plans.keys()) {
      const memory = this.#memory(machineId)
      const booked = bookRent(
        memory.account,
        earned === undefined ? { estimateAt: rentedPrice(memory) } : { booksUsd: earned.get(machineId) },
        { venueId: this.#venueId, machineId },
      )
      this.#machines.set(machineId, { ...memory, account: booked.account })
      this.#tell(
        `books of machine ${machineId}`,
        booked.isRowLost
          ? `machine ${machineId}: the market's books, which had earnings of it, show none any more; its rent is not counted until they do, look at your earnings in the console`
          : undefined,
      )
      if (booked.result !== undefined) results.push(booked.result)
    }
    return results
  }

  /** What each machine earned since the books were first read, USD; `undefined` when they cannot be read. */
  async #askBooks(nowMs: number): Promise<ReadonlyMap<number, number> | undefined> {
    const toDay = Math.floor(nowMs / dayMs)
    const fromDay = Math.min(this.#booksFromDay ?? toDay, toDay)
    try {
      const { value } = await this.#venue.observe('earnings', { fromDay, toDay }, { signal: this.context.signal })
      if (fromDay !== this.#booksFromDay) this.#turnBooks(fromDay)
      this.#tell('books', undefined)
      return new Map(value.machines.map(machine => [machine.machineId, machine.total]))
    } catch (error) {
      if (!AutomationError.isInstance(error)) throw error
      this.#tell(
        'books',
        `earnings could not be read (${error.shortMessage}); rent is estimated until they can, a key with billing_read helps if permission is missing`,
      )
      return undefined
    }
  }

  /** At the first look, and when the clock turns out to have been ahead of that day. */
  #turnBooks(fromDay: number): void {
    this.#booksFromDay = fromDay
    for (const [machineId, memory] of this.#machines)
      this.#machines.set(machineId, { ...memory, account: turnBooks(memory.account) })
  }

  async #load(): Promise<OptimizerMemory | undefined> {
    try {
      return await this.context.state.load(optimizerMemorySchema)
    } catch (error) {
      if (!AutomationError.isInstance(error) || error.code !== 'STATE_UNREADABLE') throw error
      this.context.logger.warn({ code: error.code }, `${error.shortMessage}; starting without a memory`)
      return undefined
    }
  }

  #toRemember(): OptimizerMemory {
    return {
      version: 1,
      machines: [...this.#machines],
      booksFromDay: this.#booksFromDay,
      booksAskedMs: this.#booksAskedMs,
      rates: [...this.#rates],
      plan: this.#plan,
      decisions: this.#log.counts() as OptimizerMemory['decisions'],
    }
  }

  #memory(machineId: number): MachineMemory {
    return this.#machines.get(machineId) ?? newMachineMemory
  }

  get #venue(): VenueReader<VastAiQueries> {
    return this.context.venue(this.#venueId) as VenueReader<VastAiQueries>
  }
}

function rentedPrice({ pricing, seen }: MachineMemory): number {
  return pricing?.lastRentedPrice ?? seen?.listing?.pricePerGpuHour ?? 0
}

function isChange(decision: ListingDecision): decision is ListingDecision & PlannedChange {
  return decision.terms !== undefined
}
