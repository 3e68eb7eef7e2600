import {
  type ExecutionResult,
  type Opportunity,
  parseConfig,
  type Strategy,
  type StrategyContext,
  strategyConfigSchema,
} from '../src/index.ts'

/** A strategy whose steps are given; it notes what is called and when. */
export class ScriptedStrategy implements Strategy {
  readonly id: string
  readonly config: Strategy['config']
  readonly notes: string[] = []
  readonly scansAt: number[] = []
  find: (context: StrategyContext) => Promise<readonly Opportunity[]> = async () => []
  execute: (opportunity: Opportunity, context: StrategyContext) => Promise<ExecutionResult> = async () => ({
    success: true,
    results: [],
  })
  onInitialize: (context: StrategyContext) => Promise<void> = async () => {}
  onShutdown: (context: StrategyContext) => Promise<void> = async () => {}
  isWorthIt = true
  #context: StrategyContext | undefined

  constructor(id: string, config: object = {}) {
    this.id = id
    this.config = parseConfig(strategyConfigSchema, config, id)
  }

  get context(): StrategyContext {
    if (this.#context === undefined) throw new Error('not initialised')
    return this.#context
  }

  setRiskManager(): void {
    this.notes.push('risk')
  }

  async initialize(context: StrategyContext): Promise<void> {
    this.notes.push('initialize')
    this.#context = context
    await this.onInitialize(context)
  }

  async findOpportunities(): Promise<readonly Opportunity[]> {
    this.notes.push('find')
    this.scansAt.push(this.context.clock.now())
    return this.find(this.context)
  }

  async validateOpportunity(): Promise<boolean> {
    return this.isWorthIt
  }

  async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
    this.notes.push(`execute ${opportunity.id}`)
    return this.execute(opportunity, this.context)
  }

  async shutdown(): Promise<void> {
    this.notes.push('shutdown')
    await this.onShutdown(this.context)
  }
}

/** An opportunity that says nothing in particular. */
export function opportunityOf(strategy: Strategy, id: string, asOf: number): Opportunity {
  return {
    id,
    strategyId: strategy.id,
    kind: 'buy',
    expectedProfitPerHour: 1,
    expectedRoi: 1,
    asOf,
    intents: [],
    rationale: { reason: 'any', summary: 'any' },
  }
}
