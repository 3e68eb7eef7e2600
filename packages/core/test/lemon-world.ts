import {
  createGate,
  DefaultRiskManager,
  dailyLoss,
  type Fact,
  frequency,
  type Gate,
  type GateOptions,
  type Intent,
  type IntentId,
  memoryStore,
  type RunMode,
  type Store,
  silentLogger,
  VirtualClock,
} from '../src/index.ts'
import { LemonMarket } from './lemon-market.ts'

/** A lemon market, a budget of 10.00 a day and a gate between them. */
export function lemonWorld(options: { readonly mode?: RunMode; readonly perHourMax?: number } = {}) {
  const { mode = 'live', perHourMax = 100 } = options
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 0, 1, 9) })
  const market = new LemonMarket(clock)
  const store = memoryStore()
  const risk = new DefaultRiskManager([dailyLoss({ limit: 10 }), frequency({ limit: perHourMax, per: '1h' })], {
    clock,
    store,
  })
  const gateOver = (changes: Partial<GateOptions> = {}): Gate =>
    createGate({ venues: [market], risk, clock, mode, logger: silentLogger, ...changes })
  const budget = () => {
    const { used, reserved, available } = risk.remaining('max_daily_loss')
    return { used, reserved, available }
  }
  return { clock, market, store, risk, gate: gateOver(), gateOver, budget, facts: () => factsOf(store) }
}

/** An intent to buy a box that may be rotten; with changes. */
export function buyIntent(clock: VirtualClock, changes: Partial<Intent> = {}): Intent {
  return {
    id: 'box-1' as IntentId,
    strategyId: 'lemon-bot',
    venueId: 'lemon-market',
    domain: 'fruit',
    asset: 'lemons',
    action: 'buy',
    params: { boxes: 1 },
    effects: [
      { measure: 'loss', amount: 4 },
      { measure: 'count', amount: 1 },
    ],
    reduces: false,
    expiresAt: clock.now() + 60_000,
    rationale: { reason: 'price-below-worth', summary: 'a box costs 4.00 and is worth 5.00' },
    ...changes,
  }
}

/** An intent that only lowers risk. */
export function sellIntent(clock: VirtualClock, changes: Partial<Intent> = {}): Intent {
  return buyIntent(clock, { action: 'sell', reduces: true, ...changes })
}

/** All that was written about intents, oldest first. */
export async function factsOf(store: Store): Promise<readonly Fact[]> {
  const facts: Fact[] = []
  for await (const { fact } of store.journal()) if (fact.type !== 'constraint-set') facts.push(fact)
  return facts
}

/** The same by name alone. */
export async function factTypesOf(store: Store): Promise<readonly string[]> {
  return (await factsOf(store)).map(fact => fact.type)
}
