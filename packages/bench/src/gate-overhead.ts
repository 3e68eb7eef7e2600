import { createGate, type Intent, type IntentId, silentLogger, VirtualClock } from '@org/core'
import { orderEffects, PaperVenue, scriptedMarket } from '@org/venue-trading'
import type { BenchResult } from './bench-result.ts'
import { tradingBudget } from './trading/trading-budget.ts'

const orders = 5_000
const startMs = Date.UTC(2026, 0, 1)
const symbol = 'BTC/USDT'

/** What the gate adds to an order on paper: the same orders with and without it. */
export async function run(): Promise<BenchResult[]> {
  const alone = await microsecondsPerOrder('venue')
  const withGate = await microsecondsPerOrder('gate')
  return [
    {
      name: 'what the gate adds to an order, four limits and the journal in memory',
      value: withGate - alone,
      unit: 'µs',
      limit: 200,
      note: `processor time; an order on paper without it takes ${alone.toFixed(0)} µs`,
    },
  ]
}

async function microsecondsPerOrder(through: 'gate' | 'venue'): Promise<number> {
  const clock = new VirtualClock({ startMs })
  const market = scriptedMarket({ clock, symbols: { [symbol]: {} } })
  market.quote(symbol, { bid: '99.99', ask: '100' })
  const venue = new PaperVenue({ market, clock, balances: { USDT: '1000000000' }, baseCurrency: 'USDT' })
  const risk = tradingBudget(clock)
  await risk.ready()
  const gate = createGate({ venues: [venue], risk, clock, mode: 'simulated', logger: silentLogger })
  let startCpu = process.cpuUsage()
  for (let i = 0; i < orders * 2; i++) {
    // The first half warms up.
    if (i === orders) startCpu = process.cpuUsage()
    const intent = orderIntent(venue, i, clock.now())
    if (through === 'venue') await venue.execute(intent, { idempotencyKey: intent.id })
    else {
      const result = await gate.submit(intent)
      if (result.status !== 'settled') throw new Error(`an order ended as ${result.status}`)
    }
  }
  const { user, system } = process.cpuUsage(startCpu)
  return (user + system) / orders
}

function orderIntent(venue: PaperVenue, i: number, nowMs: number): Intent {
  const params = { symbol, side: 'buy', quantity: '0.1', worstPrice: '100', stopPrice: '99' } as const
  return {
    id: `bench-${i}` as IntentId,
    strategyId: 'bench',
    venueId: venue.id,
    domain: venue.domain,
    asset: symbol,
    action: 'place-order',
    params,
    effects: orderEffects({ ...params, price: params.worstPrice, feesRatio: '0.002' }),
    reduces: false,
    expiresAt: nowMs + 60_000,
    rationale: { reason: 'bench', summary: 'measures' },
  }
}
