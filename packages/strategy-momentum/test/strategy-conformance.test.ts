import { memoryStore, type VirtualClock } from '@org/core'
import { strategyConformance } from '@org/testkit'
import { PaperVenue, scriptedMarket } from '@org/venue-trading'
import { MomentumStrategy } from '../src/index.ts'

const symbol = 'BTC/USDT'
const minuteMs = 60_000
/** It falls slowly, and jumps with the last bar: the averages cross there. */
const history = [...Array.from({ length: 29 }, (_, bar) => 100 - bar * 0.1), 101]
/** Down through the stop, and up again. */
const closes = [103, 104, 100, 94, 90, 88, 87, 95, 103, 104, 105]

/** A paper venue whose bars the test draws. */
class Chart extends PaperVenue {
  readonly #market: ReturnType<typeof scriptedMarket>
  #openTime: number
  #last = 100

  constructor(clock: VirtualClock) {
    const market = scriptedMarket({ clock, symbols: { [symbol]: { takerFee: '0.001' } } })
    super({ market, clock, balances: { USDT: '100000' }, baseCurrency: 'USDT', store: memoryStore() })
    this.#market = market
    this.#openTime = clock.now() - history.length * minuteMs
    for (const close of history) this.bar(close)
  }

  bar(close: number): void {
    const open = this.#last
    const [low, high] = [Math.min(open, close) - 0.2, Math.max(open, close) + 0.2]
    const openTime = this.#openTime
    this.#market.candle(symbol, '1m', { openTime, open, high, low, close, volume: 1, isClosed: true })
    this.#market.quote(symbol, { bid: (close - 0.01).toFixed(2), ask: (close + 0.01).toFixed(2) })
    this.#openTime += minuteMs
    this.#last = close
  }
}

strategyConformance({
  name: 'momentum, a paper venue',
  scans: closes.length + 1,
  create: config =>
    new MomentumStrategy({
      venue: 'paper',
      config: {
        scanIntervalMs: minuteMs,
        ...config,
        customParams: {
          symbols: [symbol],
          timeframe: '1m',
          fastPeriod: 3,
          slowPeriod: 8,
          atrPeriod: 5,
          riskPerTrade: 50,
          notionalMax: 50_000,
        },
      },
    }),
  venues: ({ clock }) => [new Chart(clock)],
  between([chart], scan) {
    chart.bar(closes[scan - 2] ?? 105)
  },
})
