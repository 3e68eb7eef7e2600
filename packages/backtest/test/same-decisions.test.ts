import { BarColumns, runBacktest } from '@org/backtest'
import {
  canonicalJson,
  DefaultRiskManager,
  dailyLoss,
  Engine,
  exposure,
  memoryStore,
  type Store,
  type Strategy,
  seededRandom,
  VirtualClock,
} from '@org/core'
import { MomentumStrategy } from '@org/strategy-momentum'
import { fixedRates, PaperVenue, scriptedMarket } from '@org/venue-trading'
import { describe, expect, it } from 'vitest'
import { EmaCross } from './ema-cross.ts'
import { randomWalk } from './random-walk.ts'

const symbol = 'LEMON/USD'
const minuteMs = 60_000
const start = Date.UTC(2025, 0, 1)
const limits = () => [dailyLoss({ limit: 500 }), exposure({ limit: 1_000 })]

const bot = () =>
  new EmaCross({
    venueId: 'market',
    symbol,
    timeframe: '1m',
    fast: 5,
    slow: 20,
    quantity: '2',
    scanIntervalMs: minuteMs,
  })

const timeframes = { 60000: '1m', 3600000: '1h' } as const

/** The engine as it runs live, on a paper venue whose market says bar after bar what history says. */
async function onPaper(bars: BarColumns, strategy: Strategy, stepMs: 60000 | 3600000) {
  const clock = new VirtualClock({ startMs: start })
  const market = scriptedMarket({ clock, symbols: { [symbol]: { takerFee: '0.001' } } })
  const rates = fixedRates({}, { clock })
  const venue = new PaperVenue({ id: 'market', market, clock, rates, balances: { USD: '10000' }, baseCurrency: 'USD' })
  const risk = new DefaultRiskManager(limits(), { clock })
  const intents = intentsOf(risk.store)
  const engine = new Engine({
    venues: [venue],
    strategies: [strategy],
    risk,
    mode: 'simulated',
    jitter: 0,
    random: seededRandom(1),
  })
  const say = (i: number) => {
    market.candle(symbol, timeframes[stepMs], { ...bars.at(i), isClosed: true })
    const price = String(bars.close[i])
    market.quote(symbol, { bid: price, ask: price, last: price })
  }
  await clock.run(async () => {
    await clock.sleep(stepMs)
    say(0)
    const feed = async () => {
      for (let i = 1; i < bars.length; i++) {
        await clock.sleep(stepMs)
        say(i)
      }
    }
    const fed = feed()
    await engine.run({ for: (bars.length - 1) * stepMs + 1 })
    await fed
  })
  return { intents, used: limits().map(({ name }) => risk.remaining(name).used) }
}

/** What is proposed to the budgets of a store, in words; ids are random. */
function intentsOf(store: Store): string[] {
  const intents: string[] = []
  store.subscribe(({ fact, at }) => {
    if (fact.type !== 'intent-reserved' && fact.type !== 'intent-rejected') return
    const { action, params, effects, rationale } = fact.intent
    const { clientOrderId: _, ...what } = params as Record<string, unknown>
    intents.push(canonicalJson([at, fact.type, action, what, effects, rationale.reason] as never))
  })
  return intents
}

async function inBacktest(bars: BarColumns, strategy: Strategy, stepMs: 60000 | 3600000) {
  const store = memoryStore()
  const intents = intentsOf(store)
  const result = await runBacktest({
    strategies: [strategy],
    constraints: limits(),
    store,
    venues: [
      {
        id: 'market',
        priceStep: '0.01',
        feeds: [{ symbol, timeframe: timeframes[stepMs], bars }],
        broker: { cash: 10_000, commission: 0.001, fillAt: 'same-close', unitStep: 1e-5 },
      },
    ],
  })
  const used = limits().map(({ name }) => result.budgets.find(({ constraint }) => constraint === name)?.used)
  return { intents, used }
}

describe('fed the same events', () => {
  it('a strategy decides the same in a backtest and in the engine on paper, and the budgets stand the same', async () => {
    const bars = randomWalk({ seed: 1, bars: 1_200, stepMs: minuteMs, startMs: start })
    const paper = await onPaper(bars, bot(), 60000)
    const backtest = await inBacktest(bars, bot(), 60000)
    expect(backtest.intents.length).toBeGreaterThan(20)
    expect(backtest.intents).toEqual(paper.intents)
    expect(backtest.used).toEqual(paper.used)
  })

  it('so does the momentum strategy, with stops at the venue', async () => {
    const walk = randomWalk({ seed: 4, bars: 1_500, stepMs: 60 * minuteMs, startMs: start, volatility: 0.006 })
    // One price a bar: a stop meets the same price in a bar as in a quote.
    const bars = BarColumns.of(
      Array.from({ length: walk.length }, (_, i) => {
        const bar = walk.at(i)
        return { ...bar, open: bar.close, high: bar.close, low: bar.close }
      }),
    )
    const customParams = { symbols: [symbol], timeframe: '1h', riskPerTrade: 20, notionalMax: 900 }
    const momentum = () =>
      new MomentumStrategy({ venue: 'market', config: { scanIntervalMs: 60 * minuteMs, customParams } })
    const paper = await onPaper(bars, momentum(), 3600000)
    const backtest = await inBacktest(bars, momentum(), 3600000)
    expect(backtest.intents.length).toBeGreaterThan(40)
    expect(backtest.intents).toEqual(paper.intents)
    expect(backtest.used).toEqual(paper.used)
  })
})
