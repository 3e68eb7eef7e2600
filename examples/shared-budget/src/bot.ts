import {
  type AnyVenue,
  createGate,
  createStrategyContext,
  formatMicros,
  type Opportunity,
  type RiskManager,
  type Strategy,
  type SubmitResult,
  seededRandom,
  silentLogger,
  toMicros,
} from '@org/core'

/** The budget as a bot sees it, in dollars as text: exact, also on the way between processes. */
export interface Budget {
  readonly used: string
  readonly free: string
}

/** What became of one opportunity. */
export interface Deed {
  readonly summary: string
  /** What its intents asked of the loss limit. */
  readonly worstCase: string
  /** `settled`, `rejected`, …; one word for each intent. */
  readonly outcome: string
  /** The words of the refusal, where there was one. */
  readonly refusal?: string
}

/** One look at the market, and what it led to. */
export interface Scan {
  /** After what happened since the last scan was booked, before anything new. */
  readonly before: Budget
  readonly deeds: readonly Deed[]
  /** Why nothing was done, in the strategy's own word. */
  readonly reason: string
  readonly after: Budget
}

/** A bot on the shared budget, in this process or in another. */
export interface Bot {
  look(atMs: number): Promise<Budget>
  scan(atMs: number): Promise<Scan>
  /** Lets the strategy leave the market in order, and closes what is open. */
  stop(atMs: number): Promise<Budget>
}

/** A strategy with its venues behind the gate, and one scan whenever it is told to: what an `Engine` does on its own at an interval. */
export async function startBot(options: {
  readonly strategy: Strategy
  readonly reason: () => string
  readonly venues: readonly AnyVenue[]
  readonly risk: RiskManager
}): Promise<Bot> {
  const { strategy, reason, venues, risk } = options
  const { clock } = risk
  const mode = 'simulated'
  const gate = createGate({ venues, risk, clock, mode, logger: silentLogger, strategyIds: [strategy.id] })
  await risk.ready()
  for (const venue of venues) await venue.connect()
  await gate.reconcile()
  strategy.setRiskManager(risk)
  await strategy.initialize(
    createStrategyContext({
      strategyId: strategy.id,
      gate,
      risk,
      clock,
      random: seededRandom(1),
      logger: silentLogger,
      venues,
      mode,
      signal: new AbortController().signal,
    }),
  )
  return {
    look: async () => budgetOf(risk),
    async scan() {
      const opportunities = await strategy.findOpportunities()
      const before = budgetOf(risk)
      const deeds: Deed[] = []
      for (const opportunity of opportunities) {
        if (!(await strategy.validateOpportunity(opportunity))) continue
        const { results } = await strategy.executeOpportunity(opportunity)
        deeds.push(deedOf(opportunity, results))
      }
      return { before, deeds, reason: reason(), after: budgetOf(risk) }
    },
    async stop() {
      await strategy.shutdown()
      for (const venue of venues) await venue.close()
      return budgetOf(risk)
    },
  }
}

function deedOf({ rationale, intents }: Opportunity, results: readonly SubmitResult[]): Deed {
  const losses = intents.flatMap(({ effects }) => effects.filter(({ measure }) => measure === 'loss'))
  const worstCase = losses.reduce((sum, { amount }) => sum + toMicros(amount, 'up'), 0)
  const refused = results.find(result => result.status === 'rejected' || result.status === 'failed')
  const refusal = refused?.status === 'rejected' ? refused.rejection.shortMessage : refused?.error.shortMessage
  return {
    // Behind the colon stand the reasons.
    summary: rationale.summary.split(': ', 1)[0] ?? '',
    worstCase: dollars(worstCase / 1e6),
    outcome: results.map(({ status }) => status).join(', '),
    ...(refusal === undefined ? {} : { refusal }),
  }
}

function budgetOf(risk: RiskManager): Budget {
  const { used, available } = risk.remaining('max_daily_loss')
  return { used: dollars(used), free: dollars(available) }
}

/** To the cent, and beyond where there is more. */
function dollars(amount: number): string {
  return formatMicros(toMicros(amount, 'up'))
}
