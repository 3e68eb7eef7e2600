import { type BarColumns, runBacktest } from '@org/backtest'
import { DefaultRiskManager, dailyLoss, Engine, exposure, seededRandom, VirtualClock } from '@org/core'
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

/** The engine as it runs live, on a paper venue whose market says bar after bar what history says. */
async function onPaper(bars: BarColumns) {
  const clock = new VirtualClock({ startMs: start })
  const market = scriptedMarket({ clock, symbols: { [symbol]: { takerFee: '0.001' } } })
  const rates = fixedRates({}, { clock })
  const venue = new PaperVenue({ id: 'market', market, clock, rates, balances: { USD: '10000' }, baseCurrency: 'USD' })
  const risk = new DefaultRiskManager(limits(), { clock })
  const strategy = bot()
  const engine = new Engine({
    venues: [venue],
    strategies: [strategy],
    risk,
    mode: 'simulated',
    jitter: 0,
    random: seededRandom(1),
  })
  const say = (i: number) => {
    market.candle(symbol, '1m', { ...bars.at(i), isClosed: true })
    const price = String(bars.close[i])
    market.quote(symbol, { bid: price, ask: price, last: price })
  }
  await clock.run(async () => {
    await clock.sleep(minuteMs)
    say(0)
    const feed = async () => {
      for (let i = 1; i < bars.length; i++) {
        await clock.sleep(minuteMs)
        say(i)
      }
    }
    const fed = feed()
    await engine.run({ for: (bars.length - 1) * minuteMs + 1 })
    await fed
  })
  return { strategy, used: limits().map(({ name }) => risk.remaining(name).used) }
}

describe('fed the same events', () => {
  it('a strategy decides the same in a backtest and in the engine on paper, and the budgets stand the same', async () => {
    const bars = randomWalk({ seed: 1, bars: 1_200, stepMs: minuteMs, startMs: start })
    const paper = await onPaper(bars)
    const strategy = bot()
    const result = await runBacktest({
      strategies: [strategy],
      constraints: limits(),
      venues: [
        {
          id: 'market',
          feeds: [{ symbol, timeframe: '1m', bars }],
          broker: { cash: 10_000, commission: 0.001, fillAt: 'same-close' },
        },
      ],
    })
    expect(strategy.decisions.length).toBeGreaterThan(20)
    expect(strategy.decisions).toEqual(paper.strategy.decisions)
    const used = limits().map(({ name }) => result.budgets.find(({ constraint }) => constraint === name)?.used)
    expect(used).toEqual(paper.used)
  })
})
