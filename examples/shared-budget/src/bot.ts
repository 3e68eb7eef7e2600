import {
  type AnyVenue,
  createGate,
  createStrategyContext,
  formatMicros,
  type RiskManager,
  type Strategy,
  seededRandom,
  silentLogger,
  toMicros,
} from '@org/core'
import { type Deed, heard } from './deeds.ts'

/** The budget as a bot sees it, in dollars as text: exact, also on the way between processes. */
export interface Budget {
  readonly used: string
  readonly free: string
  /** What all bots together have gained since the store began; negative: lost. */
  readonly gained: string
}

/** One look at the market, and what it led to. */
export interface Scan {
  /** After what happened since the last scan was booked, before anything new. */
  readonly before: Budget
  readonly deeds: readonly Deed[]
  readonly after: Budget
  /** Why nothing was done, in the strategy's own word. */
  readonly reason: string
}

/** A bot on the shared budget, in this process or in another. */
export interface Bot {
  look(atMs: number): Promise<Budget>
  scan(atMs: number): Promise<Scan>
  /** Lets the strategy leave its market in order; then closes its venues. */
  stop(atMs: number): Promise<Pick<Scan, 'deeds' | 'after'>>
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
  const strategyId = strategy.id
  let deeds: Deed[] = []
  const gate = heard(createGate({ venues, risk, clock, mode, logger: silentLogger, strategyIds: [strategyId] }), deed =>
    deeds.push(deed),
  )
  const { signal } = new AbortController()
  await risk.ready()
  for (const venue of venues) await venue.connect()
  await gate.reconcile()
  strategy.setRiskManager(risk)
  await strategy.initialize(
    createStrategyContext({
      ...{ strategyId, gate, risk, clock, venues, mode, signal },
      random: seededRandom(1),
      logger: silentLogger,
    }),
  )
  return {
    look: async () => budgetOf(risk),
    async scan() {
      deeds = []
      const opportunities = await strategy.findOpportunities()
      const before = budgetOf(risk)
      for (const opportunity of opportunities)
        if (await strategy.validateOpportunity(opportunity)) await strategy.executeOpportunity(opportunity)
      return { before, deeds, after: budgetOf(risk), reason: reason() }
    },
    async stop() {
      deeds = []
      await strategy.shutdown()
      for (const venue of venues) await venue.close()
      return { deeds, after: budgetOf(risk) }
    },
  }
}

function budgetOf(risk: RiskManager): Budget {
  const { used, available } = risk.remaining('max_daily_loss')
  return { used: dollars(used), free: dollars(available), gained: dollars(risk.assessPortfolio().resultEver) }
}

/** To the cent, and beyond where there is more. */
function dollars(amount: number): string {
  return formatMicros(toMicros(amount, 'up'))
}
