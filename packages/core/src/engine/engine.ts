import { AbortedError, AutomationError, describeError, InvalidInputError } from '../errors/automation-error.ts'
import { createGate, type Gate } from '../execution/gate.ts'
import type { RunMode } from '../execution/run-mode.ts'
import type { RiskManager } from '../risk/risk-manager.ts'
import { createStrategyContext, type StrategyContext } from '../strategy/context.ts'
import type { Strategy } from '../strategy/strategy.ts'
import { type Logger, silentLogger } from '../telemetry/logger.ts'
import { type Duration, durationMs } from '../time/duration.ts'
import { type Random, systemRandom } from '../time/random.ts'
import type { AnyVenue } from '../venue/venue.ts'
import { EngineEventBus, type EventBus } from './event-bus.ts'
import type { EngineHealth, Reconciled } from './health.ts'
import { StrategyLoop } from './strategy-loop.ts'
import { unmatchedScopes } from './unmatched-scopes.ts'

export interface EngineOptions {
  readonly venues: readonly AnyVenue[]
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

/** How long each part of the engine may go on after an abort before it is left behind. */
const abortWaitMs = 10_000

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
  #reconciling: Promise<void> = Promise.resolve()
  #phase: 'new' | 'starting' | 'running' | 'over' = 'new'
  #stopped: Promise<void> | undefined
  #unsubscribe: (() => void) | undefined
  #lastReconciliation: Reconciled | undefined

  /**
   * @throws {InvalidInputError} `DUPLICATE_ID` when two strategies or two venues share an id; `INVALID_OPTION` for numbers out of range;
   *   `REAL_VENUE` for the mode `simulated` over a real market.
   */
  constructor(options: EngineOptions) {
    requireDistinct('strategies', options.strategies)
    requireDistinct('venues', options.venues)
    const { logger = silentLogger, jitter = 0.05 } = options
    requireNumber('jitter', jitter, 0, 1)
    for (const { id, config } of options.strategies)
      requireNumber(`scanIntervalMs of ${id}`, config.scanIntervalMs, 1, 86_400_000)
    const reconcileEveryMs = durationMs(options.reconcileEvery ?? '5m')
    requireNumber('reconcileEvery', reconcileEveryMs, 1, 86_400_000)
    this.#options = {
      venues: options.venues,
      strategies: options.strategies,
      risk: options.risk,
      mode: options.mode ?? 'dry-run',
      random: options.random ?? systemRandom,
      logger,
      jitter,
      reconcileEveryMs,
    }
    this.#bus = new EngineEventBus(error => logger.error({ error: describeError(error) }, 'an event listener threw'))
    const { venues, strategies, risk, mode } = this.#options
    const strategyIds = strategies.map(strategy => strategy.id)
    this.#gate = createGate({ venues, risk, clock: risk.clock, mode, logger, strategyIds })
  }

  get events(): EventBus {
    return this.#bus
  }

  /**
   * Connects, reconciles, initialises and begins to scan.
   *
   * @throws AutomationError in one line when a venue cannot be reached, the store is away or a strategy cannot start. Nothing was changed
   *   at any venue, and what was opened is closed again.
   */
  async start(): Promise<void> {
    if (this.#phase !== 'new')
      throw new AutomationError({ code: 'ENGINE_USED', message: 'an engine starts once: make a new one' })
    this.#phase = 'starting'
    const { risk } = this.#options
    this.#unsubscribe = risk.store.subscribe(entry => this.#bus.announce('journal-written', entry))
    const opened: AnyVenue[] = []
    try {
      await risk.ready()
      const { venues, strategies, logger } = this.#options
      for (const line of unmatchedScopes(risk.store.read().constraints.values(), venues, strategies))
        logger.warn({}, line)
      await this.#connect(opened)
      await this.#reconcile(this.#aborting.signal)
      await this.#initialize()
      this.#throwIfStopping()
    } catch (error) {
      this.#phase = 'over'
      this.#unsubscribe()
      for (const venue of opened) await this.#quietly(() => venue.close(), `closing ${venue.id}`)
      throw error
    }
    this.#phase = 'running'
    this.#bus.announce('engine-started', { at: risk.clock.now() })
    const stopping = this.#stopping.signal
    this.#running = this.#loops.map(loop => loop.run(stopping))
    this.#reconciling = this.#reconcileLoop(stopping)
  }

  /** Ends the scans under way, lets every strategy shut down (unlist, save), closes the venues. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  /**
   * Breaks off requests under way and stops; what was in flight is in doubt and looked up at the next start. A strategy or venue that
   * ignores its signal is waited for ten seconds, then left behind with an error in the log: the gate sends nothing more for it.
   */
  abort(): Promise<void> {
    this.#aborting.abort()
    return this.stop()
  }

  /** Starts, runs for a while or until `signal` aborts, stops. */
  async run(options: { readonly for?: Duration; readonly signal?: AbortSignal } = {}): Promise<void> {
    const lengthMs = options.for === undefined ? undefined : durationMs(options.for)
    const end = new AbortController()
    const onAbort = () => {
      end.abort()
      // Before the first scan nothing of ours is under way that would have to end well.
      if (this.#phase === 'starting') void this.abort()
    }
    options.signal?.addEventListener('abort', onAbort, { once: true })
    try {
      if (options.signal?.aborted) return
      await this.#startUnless(end.signal)
      if (lengthMs === undefined) await aborted(end.signal)
      else await this.#options.risk.clock.sleep(lengthMs, { signal: end.signal }).catch(() => {})
    } finally {
      options.signal?.removeEventListener('abort', onAbort)
      await this.stop()
    }
  }

  health(): EngineHealth {
    const strategies = this.#loops.map(loop => loop.health())
    return {
      ready: this.#phase === 'running',
      healthy: strategies.every(({ failedInARow, isStuck }) => failedInARow < 3 && !isStuck),
      lastReconciliation: this.#lastReconciliation,
      strategies,
    }
  }

  async #connect(opened: AnyVenue[]): Promise<void> {
    for (const venue of this.#options.venues) {
      this.#throwIfStopping()
      // Also one that fails may have opened something.
      opened.push(venue)
      try {
        await venue.connect({ signal: this.#aborting.signal })
      } catch (error) {
        if (AutomationError.isInstance(error)) throw error
        throw new AutomationError({
          code: 'VENUE_UNREACHABLE',
          message: `${venue.id} cannot be reached: ${describeError(error)}`,
          retryable: true,
          cause: error,
        })
      }
    }
  }

  async #initialize(): Promise<void> {
    const { strategies, risk, random, logger, jitter } = this.#options
    for (const strategy of strategies) {
      this.#throwIfStopping()
      try {
        strategy.setRiskManager(risk)
        await strategy.initialize(this.#contextOf(strategy))
      } catch (error) {
        if (AutomationError.isInstance(error)) throw error
        throw new AutomationError({
          code: 'STRATEGY_NOT_STARTED',
          message: `strategy ${strategy.id} cannot start: ${describeError(error)}`,
          cause: error,
        })
      }
      this.#loops.push(new StrategyLoop({ strategy, clock: risk.clock, random, logger, bus: this.#bus, jitter }))
    }
  }

  #throwIfStopping(): void {
    if (this.#stopping.signal.aborted) throw new AbortedError({ message: 'stopped while starting' })
  }

  #contextOf(strategy: Strategy): StrategyContext {
    const { venues, risk, mode, random, logger } = this.#options
    return createStrategyContext({
      strategyId: strategy.id,
      gate: this.#gate,
      risk,
      clock: risk.clock,
      random,
      logger: logger.child({ strategyId: strategy.id }),
      venues,
      mode: strategy.config.dryRunMode ? 'dry-run' : mode,
      signal: this.#aborting.signal,
    })
  }

  /** Whoever asks to end while starting is no error's victim. */
  async #startUnless(end: AbortSignal): Promise<void> {
    try {
      await this.start()
    } catch (error) {
      if (!end.aborted) throw error
    }
  }

  async #stop(): Promise<void> {
    const wasRunning = this.#phase === 'running'
    this.#phase = 'over'
    this.#stopping.abort()
    if (!wasRunning) return
    const { strategies, venues } = this.#options
    const scanning = this.#running.map((loop, index) => this.#ended(loop, `the scan of ${strategies[index]?.id}`))
    const hasEnded = await Promise.all(scanning)
    await this.#ended(this.#reconciling, 'the reconciliation')
    for (const [index, strategy] of strategies.entries()) {
      // One whose scan still goes on cannot be told what it would save.
      if (hasEnded[index] === false) continue
      const what = `shutdown of ${strategy.id}`
      await this.#ended(
        this.#quietly(() => strategy.shutdown(), what),
        what,
      )
    }
    for (const venue of venues) {
      const what = `closing ${venue.id}`
      await this.#ended(
        this.#quietly(() => venue.close(), what),
        what,
      )
    }
    this.#bus.announce('engine-stopped', { at: this.#options.risk.clock.now() })
    this.#unsubscribe?.()
  }

  /** Waits for `work`; after an abort no longer than {@link abortWaitMs}. @returns False when it was left behind. */
  async #ended(work: Promise<unknown>, what: string): Promise<boolean> {
    const { risk, logger } = this.#options
    const waiting = new AbortController()
    const patience = async () => {
      await aborted(AbortSignal.any([this.#aborting.signal, waiting.signal]))
      await risk.clock.sleep(abortWaitMs, { signal: waiting.signal }).catch(() => {})
      return false
    }
    const hasEnded = await Promise.race([work.then(() => true), patience()])
    waiting.abort()
    if (!hasEnded)
      logger.error({}, `${what} goes on although it was aborted ${abortWaitMs / 1000} s ago: it is left behind`)
    return hasEnded
  }

  async #reconcile(signal: AbortSignal): Promise<void> {
    const report = await this.#gate.reconcile({ signal })
    this.#lastReconciliation = { ...report, at: this.#options.risk.clock.now() }
    this.#bus.announce('reconciliation-finished', this.#lastReconciliation)
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
        await this.#quietly(() => this.#reconcile(signal), 'reconciliation')
    }
  }

  async #quietly(work: () => Promise<unknown>, what: string): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#options.logger.error({ error: describeError(error) }, `${what} failed`)
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

function requireNumber(what: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return
  throw new InvalidInputError({
    code: 'INVALID_OPTION',
    message: `${what}: expected a number from ${least} to ${most}, was ${String(value)}`,
  })
}
