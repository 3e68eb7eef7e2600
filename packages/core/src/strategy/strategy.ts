import type { SubmitResult } from '../execution/submit-result.ts'
import type { Opportunity } from '../intent/opportunity.ts'
import type { RiskManager } from '../risk/risk-manager.ts'
import type { StrategyConfig } from './config.ts'
import type { StrategyContext } from './context.ts'

export interface ExecutionResult {
  /** Every intent was settled (or would have been, in a dry run). */
  readonly success: boolean
  readonly results: readonly SubmitResult[]
}

/**
 * Decisions. A strategy looks at venues, proposes opportunities and submits their intents; it never acts on a venue itself.
 */
export interface Strategy {
  readonly id: string
  /** What every strategy can be told: how often to scan, from which profit on, whether to act. */
  readonly config: StrategyConfig
  /** Puts the shared budget under it. Before `initialize`. */
  setRiskManager(risk: RiskManager): void
  /** Wires it to the world. The engine gives a context; without one the strategy makes its own from its venue and risk manager. */
  initialize(context?: StrategyContext): Promise<void>
  findOpportunities(): Promise<readonly Opportunity[]>
  /** Still worth it, by the strategy's own thresholds and the age of what it rests on? */
  validateOpportunity(opportunity: Opportunity): Promise<boolean>
  executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult>
  shutdown(): Promise<void>
}
