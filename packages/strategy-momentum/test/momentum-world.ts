import { DefaultRiskManager, dailyLoss, memoryStore, type Store, VirtualClock } from '@org/core'
import { openLoss, PaperVenue, type PaperVenueOptions, scriptedMarket } from '@org/venue-trading'
import { MomentumStrategy } from '../src/index.ts'

export const minuteMs = 60_000
export const symbol = 'BTC/USDT'

export interface WorldOptions {
  readonly account?: PaperVenueOptions['account']
  readonly params?: object
  readonly config?: object
  readonly dailyLimit?: number
  readonly store?: Store
}

/** One symbol on paper, a bot on its own, and a budget; time moves bar by bar. */
export function momentumWorld(options: WorldOptions = {}) {
  const { account = 'cash', params = {}, config = {}, dailyLimit = 500, store = memoryStore() } = options
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 0, 1) })
  const market = scriptedMarket({ clock, symbols: { [symbol]: { takerFee: '0.001' } } })
  const risk = new DefaultRiskManager([dailyLoss({ limit: dailyLimit }), openLoss({ limit: 1_000 })], { clock, store })
  const newVenue = () =>
    new PaperVenue({ market, clock, account, balances: { USDT: '100000' }, baseCurrency: 'USDT', store })
  const newBot = (venue: PaperVenue) => {
    const bot = new MomentumStrategy({
      venue,
      mode: 'simulated',
      config: {
        scanIntervalMs: minuteMs,
        ...config,
        customParams: {
          symbols: [symbol],
          timeframe: '1m',
          fastPeriod: 3,
          slowPeriod: 8,
          atrPeriod: 5,
          stopAtrs: 2,
          riskPerTrade: 50,
          notionalMax: 50_000,
          ...params,
        },
      },
    })
    bot.setRiskManager(risk)
    return bot
  }

  /** A closed bar from the last close to `close`, and a quote around it. */
  let last = 100
  const bar = (close: number) => {
    const openTime = clock.now()
    const [low, high] = [Math.min(last, close) - 0.2, Math.max(last, close) + 0.2]
    market.candle(symbol, '1m', { openTime, open: last, high, low, close, volume: 1, isClosed: true })
    clock.jumpTo(openTime + minuteMs)
    quote(close)
    last = close
  }
  const quote = (price: number) =>
    market.quote(symbol, { bid: (price - 0.01).toFixed(2), ask: (price + 0.01).toFixed(2) })

  return { clock, market, risk, store, newVenue, newBot, bar, quote }
}

/** One scan as the engine makes it: what was found, validated and executed. */
export async function scan(bot: MomentumStrategy): Promise<readonly string[]> {
  const done: string[] = []
  for (const opportunity of await bot.findOpportunities()) {
    if (!(await bot.validateOpportunity(opportunity))) continue
    const { results } = await bot.executeOpportunity(opportunity)
    done.push(`${opportunity.kind}: ${results.map(({ status }) => status).join(', ')}`)
  }
  return done
}
