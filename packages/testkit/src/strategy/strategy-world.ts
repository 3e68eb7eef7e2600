import {
  type AnyVenue,
  createGate,
  createStrategyContext,
  DefaultRiskManager,
  type Fact,
  memoryStore,
  type Opportunity,
  type RunMode,
  type Store,
  type Strategy,
  type StrategyConfig,
  type SubmitResult,
  seededRandom,
  silentLogger,
  VirtualClock,
} from '@org/core'
import type { StrategySubject } from './strategy-subject.ts'
import { WatchedVenues } from './watched-venues.ts'

const startMs = Date.UTC(2026, 6, 1)

export interface StrategyWorldOptions {
  readonly config?: Partial<StrategyConfig>
  /** @default 'simulated' */
  readonly mode?: RunMode
}

/** What one scan found and did. */
export interface Scan {
  readonly opportunities: readonly Opportunity[]
  readonly results: readonly SubmitResult[]
}

/** A strategy over its venues, behind the real gate, on the real ledger, on virtual time and seeded chance. */
export class StrategyWorld {
  readonly subject: StrategySubject
  readonly clock = new VirtualClock({ startMs })
  readonly store: Store = memoryStore()
  readonly risk: DefaultRiskManager
  /** As the fixtures made them. */
  readonly fixtures: readonly AnyVenue[]
  /** As strategy and gate see them. */
  readonly venues: WatchedVenues
  readonly abort = new AbortController()
  readonly #options: StrategyWorldOptions
  readonly #random = seededRandom(7)
  #strategy: Strategy
  #scans = 0

  constructor(subject: StrategySubject, options: StrategyWorldOptions = {}) {
    this.subject = subject
    this.#options = options
    this.fixtures = subject.venues({ clock: this.clock })
    this.venues = new WatchedVenues(this.fixtures)
    this.risk = new DefaultRiskManager(subject.constraints ?? [], { clock: this.clock, store: this.store })
    this.#strategy = this.#create()
  }

  get strategy(): Strategy {
    return this.#strategy
  }

  /** Puts the strategy into its context. */
  async initialize(): Promise<void> {
    const { mode = 'simulated' } = this.#options
    const { risk, clock } = this
    const venues = this.venues.all
    this.#strategy.setRiskManager(risk)
    await this.#strategy.initialize(
      createStrategyContext({
        strategyId: this.#strategy.id,
        gate: createGate({ venues, risk, clock, mode, logger: silentLogger }),
        risk,
        clock,
        random: this.#random,
        logger: silentLogger,
        venues,
        mode,
        signal: this.abort.signal,
      }),
    )
  }

  /** As a process that died and was started again: a new strategy on the same store, with nothing in memory. */
  async restart(): Promise<void> {
    this.#strategy = this.#create()
    await this.initialize()
  }

  /** One round as the engine makes it, an interval after the one before. */
  async scan(): Promise<Scan> {
    this.next()
    const opportunities = await this.#strategy.findOpportunities()
    const results: SubmitResult[] = []
    for (const opportunity of opportunities)
      if (await this.#strategy.validateOpportunity(opportunity))
        results.push(...(await this.#strategy.executeOpportunity(opportunity)).results)
    return { opportunities, results }
  }

  /** All rounds that show the strategy. */
  async scanAll(before: (scan: number) => Promise<void> | void = () => {}): Promise<readonly Scan[]> {
    const scans: Scan[] = []
    for (let scan = 1; scan <= (this.subject.scans ?? 6); scan++) {
      await before(scan)
      scans.push(await this.scan())
    }
    return scans
  }

  /** Time goes on to the next scan, and so does the market. */
  next(): void {
    this.#scans++
    if (this.#scans === 1) return
    this.clock.jumpTo(this.clock.now() + this.#strategy.config.scanIntervalMs)
    this.subject.between?.(this.fixtures, this.#scans)
  }

  async facts(): Promise<readonly Fact[]> {
    const facts: Fact[] = []
    for await (const { fact } of this.store.journal()) facts.push(fact)
    return facts
  }

  #create(): Strategy {
    return this.subject.create({ minExpectedProfit: 0, minRoi: 0, ...this.#options.config })
  }
}

/** Runs `work` in a new world, with the strategy in its context. */
export async function inStrategyWorld(
  subject: StrategySubject,
  work: (world: StrategyWorld) => Promise<void>,
  options?: StrategyWorldOptions,
): Promise<void> {
  const world = new StrategyWorld(subject, options)
  await world.clock.run(async () => {
    await world.initialize()
    await work(world)
  })
}
