import type { z } from 'zod'
import type { SubmitResult } from '../execution/submit-result.ts'
import type { IntentDraft } from '../intent/intent.ts'
import type { ResultRecord, RiskManager } from '../risk/risk-manager.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Clock } from '../time/clock.ts'
import type { Random } from '../time/random.ts'
import type { VenueReader } from '../venue/venue.ts'

/** What a strategy remembers across restarts. */
export interface StrategyState {
  /**
   * What was saved last, checked by `schema`; `undefined` when nothing was.
   *
   * @throws AutomationError `STATE_UNREADABLE` when what was saved does not fit the schema.
   */
  load<T>(schema: z.ZodType<T>): Promise<T | undefined>
  /** Durable when the promise resolves. Must be JSON. */
  save(value: unknown): Promise<void>
}

/** All that a strategy gets of the world: eyes, a clock, a memory, and one verb. */
export interface StrategyContext {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Aborted when the strategy is asked to stop. */
  readonly signal: AbortSignal
  /** `live` and `simulated` act, `dry-run` only says what it would do. */
  readonly mode: RunMode
  readonly state: StrategyState
  /** Read access to budgets. */
  readonly risk: Pick<RiskManager, 'remaining' | 'assessPortfolio' | 'state'>
  /** @throws InvalidInputError `UNKNOWN_VENUE` with the known ids. */
  venue(id: string): VenueReader
  /** The one way to act: through the gate. */
  submit(draft: IntentDraft): Promise<SubmitResult>
  /** Books a result that arose without an intent. */
  record(result: Omit<ResultRecord, 'strategyId' | 'domain'>): Promise<void>
}

export type RunMode = 'simulated' | 'dry-run' | 'live'
