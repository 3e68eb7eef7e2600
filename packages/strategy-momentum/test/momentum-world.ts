import {
  type AnyVenue,
  AutomationError,
  Decimal,
  DefaultRiskManager,
  dailyLoss,
  type Intent,
  type Logger,
  memoryStore,
  type ShareOptions,
  type Store,
  VirtualClock,
} from '@org/core'
import { type Instrument, openLoss, PaperVenue, type PaperVenueOptions, scriptedMarket } from '@org/venue-trading'
import { MomentumStrategy } from '../src/index.ts'

export const minuteMs = 60_000
export const symbol = 'BTC/USDT'

/** What happens to the next order of an action. */
export type Fault = 'refused' | 'not-taken' | 'lost-before' | 'lost-after'

export interface WorldOptions {
  readonly account?: PaperVenueOptions['account']
  readonly params?: object
  readonly config?: object
  readonly dailyLimit?: number
  readonly shares?: ShareOptions
  readonly store?: Store
  readonly instrument?: Partial<Instrument>
  readonly others?: readonly string[]
  readonly cash?: string
  /** By action. */
  readonly faults?: { readonly [action: string]: Fault[] }
}

/** Symbols on paper, a bot on its own, and a budget; time moves bar by bar. */
export function momentumWorld(options: WorldOptions = {}) {
  const { account = 'cash', params = {}, config = {}, dailyLimit = 500, store = memoryStore() } = options
  const shared = options.shares === undefined ? {} : { shares: options.shares }
  const symbols = [symbol, ...(options.others ?? [])]
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 0, 1) })
  const terms = { takerFee: '0.001', ...options.instrument }
  const market = scriptedMarket({ clock, symbols: Object.fromEntries(symbols.map(name => [name, terms])) })
  const risk = new DefaultRiskManager([dailyLoss({ limit: dailyLimit, ...shared }), openLoss({ limit: 1_000 })], {
    clock,
    store,
  })
  const balances = { USDT: options.cash ?? '100000' }
  const executed: Intent[] = []
  /** Called with each question. */
  const hooks: { onObserve?: ((kind: string) => Promise<void>) | undefined } = {}
  const newVenue = () => new PaperVenue({ market, clock, account, balances, baseCurrency: 'USDT', store })
  const handsOf = (venue: PaperVenue) => faulty(venue, options.faults ?? {}, executed, hooks)
  const newBot = (venue: PaperVenue, logger?: Logger) => {
    const bot = new MomentumStrategy({
      venue: handsOf(venue),
      mode: 'simulated',
      ...(logger === undefined ? {} : { logger }),
      config: {
        scanIntervalMs: minuteMs,
        ...config,
        customParams: {
          symbols,
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

  /** Of every symbol a closed bar from the last close to `close`, and a quote around it. */
  let last = 100
  const bar = (close: number) => {
    const openTime = clock.now()
    const [low, high] = [Math.min(last, close) - 0.2, Math.max(last, close) + 0.2]
    for (const name of symbols)
      market.candle(name, '1m', { openTime, open: last, high, low, close, volume: 1, isClosed: true })
    clock.jumpTo(openTime + minuteMs)
    quote(close)
    last = close
  }
  const quote = (price: number) => {
    for (const name of symbols) market.quote(name, { bid: (price - 0.01).toFixed(2), ask: (price + 0.01).toFixed(2) })
  }
  const held = async (venue: PaperVenue) => {
    const { value } = await venue.observe('positions', { strategyId: 'momentum' })
    return Decimal.of(value.find(position => position.symbol === symbol)?.quantity ?? '0')
  }
  const orders = async (venue: PaperVenue) => (await venue.observe('open-orders', { symbol })).value

  return { clock, market, risk, store, executed, hooks, newVenue, newBot, bar, quote, held, orders }
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

/** A venue that does to the next order of an action what it is told. */
function faulty(
  venue: PaperVenue,
  faults: { readonly [action: string]: Fault[] },
  executed: Intent[],
  hooks: { onObserve?: ((kind: string) => Promise<void>) | undefined },
): AnyVenue {
  const trouble = (code: string, effect: 'none' | 'unknown', retryable: boolean) =>
    new AutomationError({ code, message: 'the network or the exchange failed', effect, retryable })
  return {
    id: venue.id,
    domain: venue.domain,
    actions: venue.actions,
    async observe(kind, query, options) {
      const answer = await venue.observe(kind as 'ticker', query as { symbol: string }, options)
      await hooks.onObserve?.(kind)
      return answer
    },
    holdings: options => venue.holdings(options),
    connect: () => venue.connect(),
    close: () => venue.close(),
    reconcile: (intent, options) => venue.reconcile(intent, options),
    async execute(intent, options) {
      const fault = faults[intent.action]?.shift()
      executed.push(intent)
      if (fault === 'refused') throw trouble('BUSY', 'none', true)
      if (fault === 'not-taken') throw trouble('ORDER_REFUSED', 'none', false)
      if (fault === 'lost-before') throw trouble('TIMEOUT', 'unknown', false)
      const receipt = await venue.execute(intent, options)
      if (fault === 'lost-after') throw trouble('TIMEOUT', 'unknown', false)
      return receipt
    },
  }
}
