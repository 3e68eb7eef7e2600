import { AutomationError } from '../errors/automation-error.ts'
import { createGate, type Gate } from '../execution/gate.ts'
import type { RunMode } from '../execution/run-mode.ts'
import type { SubmitResult } from '../execution/submit-result.ts'
import type { Opportunity } from '../intent/opportunity.ts'
import type { OpenReservation } from '../ledger/ledger-state.ts'
import type { RiskManager } from '../risk/risk-manager.ts'
import { type Logger, silentLogger } from '../telemetry/logger.ts'
import { systemRandom } from '../time/random.ts'
import type { AnyVenue } from '../venue/venue.ts'
import type { StrategyConfig } from './config.ts'
import { createStrategyContext, type StrategyContext } from './context.ts'
import type { ExecutionResult, Strategy } from './strategy.ts'

export interface BaseStrategyOptions {
  readonly id: string
  readonly config: StrategyConfig
  /**
   * The venue to use when the strategy runs on its own, without an engine. It goes straight behind the gate: subclasses see readers.
   */
  readonly venue?: AnyVenue | undefined
  /**
   * What submitting does on its own; in an engine the engine's mode holds. `dryRunMode` in the config wins over both.
   *
   * @default 'dry-run'
   */
  readonly mode?: RunMode | undefined
  /** Where warnings go on its own, such as what could not be undone at the end; an engine has one itself. @default silent */
  readonly logger?: Logger | undefined
}

/**
 * The part that every strategy shares: being wired, validating against the common thresholds, submitting intents in order.
 * Subclasses write {@link BaseStrategy.findOpportunities} and, where they keep something, `onInitialize` and `onShutdown`.
 */
export abstract class BaseStrategy implements Strategy {
  readonly id: string
  readonly config: StrategyConfig
  readonly #standaloneVenue: AnyVenue | undefined
  readonly #standaloneMode: RunMode
  readonly #standaloneLogger: Logger
  #risk: RiskManager | undefined
  #context: StrategyContext | undefined
  /** Where it runs on its own: it then also closes the venue. */
  #ownGate: Gate | undefined
  #isShutDown = false

  constructor(options: BaseStrategyOptions) {
    this.id = options.id
    this.config = options.config
    this.#standaloneVenue = options.venue
    this.#standaloneMode = options.mode ?? 'dry-run'
    this.#standaloneLogger = options.logger ?? silentLogger
  }

  setRiskManager(risk: RiskManager): void {
    this.#risk = risk
  }

  async initialize(context?: StrategyContext): Promise<void> {
    this.#context = context ?? (await this.#standaloneContext())
    await this.onInitialize()
  }

  abstract findOpportunities(): Promise<readonly Opportunity[]>

  /** Accepts what meets `minExpectedProfit` and `minRoi`, or only lowers risk, and rests on observations at most two scans old. */
  async validateOpportunity(opportunity: Opportunity): Promise<boolean> {
    const { minExpectedProfit, minRoi, scanIntervalMs } = this.config
    // Written so that an age that is no number counts as too old, and a time far in the future as wrong.
    if (!(Math.abs(this.context.clock.now() - opportunity.asOf) <= 2 * scanIntervalMs)) return false
    if (opportunity.intents.length > 0 && opportunity.intents.every(intent => intent.reduces === true)) return true
    return opportunity.expectedProfitPerHour >= minExpectedProfit && opportunity.expectedRoi >= minRoi
  }

  /**
   * Submits the intents in order and stops at the first that does not go through. Several that all add risk are reserved together, so that
   * no leg stands alone for lack of budget; one that reduces never waits for the budget of another.
   */
  async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
    await this.#askAboutDoubts()
    const intents = opportunity.intents.map(intent => ({
      ...intent,
      observedAt: intent.observedAt ?? opportunity.asOf,
    }))
    const results: SubmitResult[] = []
    if (intents.length > 1 && intents.every(intent => intent.reduces !== true))
      results.push(...(await this.context.submitGroup(intents)))
    else
      for (const intent of intents) {
        const result = await this.context.submit(intent)
        results.push(result)
        if (!wentThrough(result)) break
      }
    return { success: results.every(wentThrough), results }
  }

  async shutdown(): Promise<void> {
    if (this.#context === undefined || this.#isShutDown) return
    this.#isShutDown = true
    try {
      await this.onShutdown()
    } finally {
      if (this.#ownGate !== undefined) await this.#standaloneVenue?.close()
    }
  }

  /** After the context is there, before the first scan: load what was remembered. */
  protected async onInitialize(): Promise<void> {}

  /** Before the end: act a last time, save what must be remembered. */
  protected async onShutdown(): Promise<void> {}

  /** @throws {AutomationError} `NOT_INITIALIZED` before `initialize()`. */
  protected get context(): StrategyContext {
    if (this.#context === undefined)
      throw new AutomationError({
        code: 'NOT_INITIALIZED',
        message: `strategy ${this.id} was used before initialize(): await strategy.initialize() first`,
      })
    return this.#context
  }

  /** Without an engine nobody else asks what became of an intent; what is known now may free budget for what comes. */
  async #askAboutDoubts(): Promise<void> {
    const isOurs = ({ intent, idempotencyKey }: OpenReservation) =>
      idempotencyKey !== undefined && intent.strategyId === this.id
    if (this.#ownGate !== undefined && this.#risk?.openReservations().some(isOurs)) await this.#ownGate.reconcile()
  }

  async #standaloneContext(): Promise<StrategyContext> {
    const risk = this.#risk
    const venue = this.#standaloneVenue
    if (risk === undefined)
      throw new AutomationError({
        code: 'NO_RISK_MANAGER',
        message: `strategy ${this.id} has no risk budget: call setRiskManager(new DefaultRiskManager([…])) before initialize()`,
      })
    if (venue === undefined)
      throw new AutomationError({
        code: 'NO_VENUE',
        message: `strategy ${this.id} has no venue: pass one to its constructor, or run it in an Engine`,
      })
    const mode = this.config.dryRunMode ? 'dry-run' : this.#standaloneMode
    const gate = createGate({
      venues: [venue],
      risk,
      clock: risk.clock,
      mode,
      logger: this.#standaloneLogger,
      strategyIds: [this.id],
    })
    this.#ownGate = gate
    try {
      await venue.connect()
      await risk.ready()
      await gate.reconcile()
    } catch (error) {
      await venue.close()
      throw error
    }
    return createStrategyContext({
      strategyId: this.id,
      gate,
      risk,
      clock: risk.clock,
      random: systemRandom,
      logger: this.#standaloneLogger.child({ strategyId: this.id }),
      venues: [venue],
      mode,
      signal: new AbortController().signal,
    })
  }
}

function wentThrough({ status }: SubmitResult): boolean {
  return status === 'settled' || status === 'dry-run'
}
