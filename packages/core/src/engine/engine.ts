import { AutomationError, InvalidInputError } from '../errors/automation-error.ts'
import { createGate, type Gate } from '../execution/gate.ts'
import type { RunMode } from '../execution/run-mode.ts'
import type { RiskManager } from '../risk/risk-manager.ts'
import { createStrategyContext } from '../strategy/context.ts'
import type { Strategy } from '../strategy/strategy.ts'
import { type Logger, silentLogger } from '../telemetry/logger.ts'
import { type Duration, durationMs } from '../time/duration.ts'
import { type Random, systemRandom } from '../time/random.ts'
import type { Venue } from '../venue/venue.ts'
import { EngineEventBus, type EventBus } from './event-bus.ts'
import type { EngineHealth } from './health.ts'
import { StrategyLoop } from './strategy-loop.ts'

export interface EngineOptions {
  readonly venues: readonly Venue[]
  readonly strategies: readonly Strategy[]
  readonly risk: RiskManager
  /**
   * What submitting does. There is no way to act by leaving it out.
   *
   * @default 'dry-run'
   */
  readonly mode?: RunMode
  readonly random?: Random
  readonly logger?: Logger
  /** Share of the interval by which scans start late at random, so that many bots do not call at once. @default 0.05 */
  readonly jitter?: number
  /** How often intents in doubt are asked about. @default '5m' */
  readonly reconcileEvery?: Duration
}

/**
 * Runs strategies over venues on one budget. Start: connect, ask the venues about every intent in doubt, initialise, scan.
 *
 * @example
 * const engine = new Engine({ venues: [venue], strategies: [optimizer], risk, mode: 'live' })
 * engine.events.on('opportunity-executed', ({ opportunity }) => console.log(opportunity.rationale.summary))
 * await engine.run({ signal })
 */
export class Engine {
  readonly #options: Required<Omit<EngineOptions, 'reconcileEvery'>> & { readonly reconcileEveryMs: number }
  readonly #bus: EngineEventBus
  readonly #gate: Gate
  readonly #stopping = new AbortController()
  readonly #aborting = new AbortController()
  #loops: StrategyLoop[] = []
  #running: Promise<void>[] = []
  #ready = false
  #unsubscribe: (() => void) | undefined

  /** @throws {InvalidInputError} `DUPLICATE_ID` when two strategies or two venues share an id. */
  constructor(options: EngineOptions) {
    requireDistinct('strategies', options.strategies)
    requireDistinct('venues', options.venues)
    const logger = options.logger ?? silentLogger
    this.#options = {
      venues: options.venues,
      strategies: options.strategies,
      risk: options.risk,
      mode: options.mode ?? 'dry-run',
      random: options.random ?? systemRandom,
      logger,
      jitter: options.jitter ?? 0.05,
      reconcileEveryMs: durationMs(options.reconcileEvery ?? '5m'),
    }
    this.#bus = new EngineEventBus(error => logger.error({ error: String(error) }, 'an event listener threw'))
    const { venues, risk, mode } = this.#options
    this.#gate = createGate({ venues, risk, clock: risk.clock, mode, logger })
  }

  get events(): EventBus {
    return this.#bus
  }

  /**
   * Connects, reconciles, initialises and begins to scan.
   *
   * @throws AutomationError when a venue cannot be reached or a strategy cannot start; nothing was changed at any venue.
   */
  async start(): Promise<void> {
    const { venues, strategies, risk, mode, random, logger, jitter } = this.#options
    if (this.#loops.length > 0 || this.#stopping.signal.aborted)
      throw new AutomationError({ code: 'ENGINE_USED', message: 'an engine starts once: make a new one' })
    const { clock } = risk
    const { signal } = this.#aborting
    this.#unsubscribe = risk.store.subscribe(entry => this.#bus.announce('journal-written', entry))
    for (const venue of venues) await venue.connect({ signal })
    await this.#gate.reconcile({ signal })
    this.#loops = strategies.map(
      strategy => new StrategyLoop({ strategy, clock, random, logger, bus: this.#bus, jitter }),
    )
    for (const strategy of strategies) {
      strategy.setRiskManager(risk)
      await strategy.initialize(
        createStrategyContext({
          strategyId: strategy.id,
          gate: this.#gate,
          risk,
          clock,
          random,
          logger: logger.child({ strategyId: strategy.id }),
          venues,
          mode: strategy.config.dryRunMode ? 'dry-run' : mode,
          signal,
        }),
      )
    }
    this.#ready = true
    this.#bus.announce('engine-started', { at: clock.now() })
    const stopping = this.#stopping.signal
    this.#running = [...this.#loops.map(loop => loop.run(stopping)), this.#reconcileLoop(stopping)]
  }

  /** Ends the scans under way, lets every strategy shut down (unlist, save), closes the venues. Safe to call twice. */
  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    this.#stopping.abort()
    await Promise.all(this.#running)
    for (const strategy of this.#options.strategies)
      await this.#quietly(() => strategy.shutdown(), `shutdown of ${strategy.id}`)
    for (const venue of this.#options.venues) await this.#quietly(() => venue.close(), `closing ${venue.id}`)
    this.#bus.announce('engine-stopped', { at: this.#options.risk.clock.now() })
    this.#unsubscribe?.()
    this.#ready = false
  }

  /** Breaks off requests under way and stops; what was in flight is in doubt and looked up at the next start. */
  async abort(): Promise<void> {
    this.#aborting.abort()
    await this.stop()
  }

  /** Starts, runs for a while or until `signal` aborts, stops. */
  async run(options: { readonly for?: Duration; readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.start()
    const end = new AbortController()
    const onAbort = () => end.abort()
    options.signal?.addEventListener('abort', onAbort, { once: true })
    if (options.signal?.aborted) end.abort()
    try {
      if (options.for === undefined) await aborted(end.signal)
      else await this.#options.risk.clock.sleep(durationMs(options.for), { signal: end.signal }).catch(() => {})
    } finally {
      options.signal?.removeEventListener('abort', onAbort)
      await this.stop()
    }
  }

  health(): EngineHealth {
    const strategies = this.#loops.map(loop => loop.health())
    return { ready: this.#ready, healthy: strategies.every(strategy => strategy.failedInARow < 3), strategies }
  }

  async #reconcileLoop(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.risk
    while (!signal.aborted) {
      try {
        await clock.sleep(this.#options.reconcileEveryMs, { signal })
      } catch {
        return
      }
      if (this.#options.risk.openReservations().some(reservation => reservation.idempotencyKey !== undefined))
        await this.#quietly(() => this.#gate.reconcile({ signal }), 'reconciliation')
    }
  }

  async #quietly(work: () => Promise<unknown>, what: string): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#options.logger.error({ error: error instanceof Error ? error.message : String(error) }, `${what} failed`)
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function requireDistinct(what: string, items: readonly { readonly id: string }[]): void {
  const seen = new Set<string>()
  for (const { id } of items) {
    if (seen.has(id))
      throw new InvalidInputError({ code: 'DUPLICATE_ID', message: `two ${what} have the id ${JSON.stringify(id)}` })
    seen.add(id)
  }
}
