import {
  type AnyVenue,
  AutomationError,
  createGate,
  createStrategyContext,
  Decimal,
  DefaultRiskManager,
  dailyLoss,
  type Fact,
  memoryStore,
  type RiskConstraint,
  type RunMode,
  type Store,
  seededRandom,
  silentLogger,
  VirtualClock,
} from '@org/core'
import { type Instrument, PaperVenue, type ScriptedMarket, scriptedMarket } from '@org/venue-trading'
import { SpreadArbitrageStrategy } from '../src/index.ts'

export const symbol = 'BTC/USDT'

/** `thin`: two fifths of the order are there; `gone`: the book has moved away, for a moment; `runs-away`: half a per cent, for good; `dies-after`: no answer ever comes. */
export type Fault = 'refused' | 'lost-before' | 'lost-after' | 'thin' | 'gone' | 'runs-away' | 'dies-after'

export interface TestVenue {
  readonly market: ScriptedMarket
  readonly venue: PaperVenue
  /** What happens to the next orders. */
  readonly faults: (Fault | undefined)[]
  /** While set, it cannot be looked at and nothing reaches it. */
  isDown: boolean
  /** How much older than they are its answers say they are. */
  agedMs: number
}

const trouble = (code: string, effect: 'none' | 'unknown' = 'none') =>
  new AutomationError({ code, message: 'the network or the exchange failed', effect })

/** A venue that does to the next order what it is told. */
function faulty(test: TestVenue): AnyVenue {
  const { venue, market, faults } = test
  const reached = <T>(work: () => Promise<T>): Promise<T> =>
    test.isDown ? Promise.reject(trouble('VENUE_DOWN')) : work()
  return {
    id: venue.id,
    domain: venue.domain,
    actions: venue.actions,
    observe: (kind, query, options) =>
      reached(async () => {
        const answer = await venue.observe(kind as 'ticker', query as { symbol: string }, options)
        return { ...answer, asOf: answer.asOf - test.agedMs }
      }),
    holdings: options => reached(() => venue.holdings(options)),
    connect: () => venue.connect(),
    close: () => venue.close(),
    reconcile: (intent, options) => reached(() => venue.reconcile(intent, options)),
    execute: (intent, options) =>
      reached(async () => {
        const fault = intent.action === 'cancel-order' ? undefined : faults.shift()
        if (fault === 'refused') throw trouble('ORDER_REFUSED')
        if (fault === 'lost-before') throw trouble('TIMEOUT', 'unknown')
        const { value: book } = await venue.observe('order-book', { symbol })
        const { quantity } = intent.params as { readonly quantity: string }
        if (fault === 'thin') {
          const there = Decimal.of(quantity).times('0.4').toStep('0.00001').text
          const top = (levels: typeof book.bids) => levels.slice(0, 1).map(([price]) => [price, there] as const)
          market.quote(symbol, { bids: top(book.bids), asks: top(book.asks) })
        }
        if (fault === 'gone') market.quote(symbol, { bid: '1', ask: '9999' })
        if (fault === 'runs-away') {
          const moved = (levels: typeof book.bids) =>
            levels.map(([price, quantity]) => [Decimal.of(price).times('1.005').toPlaces(2).text, quantity] as const)
          market.quote(symbol, { bids: moved(book.bids), asks: moved(book.asks) })
        }
        const receipt = await venue.execute(intent, options)
        if (fault === 'thin' || fault === 'gone') market.quote(symbol, { bids: book.bids, asks: book.asks })
        if (fault === 'lost-after') throw trouble('TIMEOUT', 'unknown')
        if (fault === 'dies-after') return new Promise<never>(() => {})
        return receipt
      }),
  }
}

export interface WorldOptions {
  readonly params?: object
  readonly config?: object
  readonly dailyLimit?: number
  readonly constraints?: readonly RiskConstraint[]
  readonly instrument?: Partial<Instrument>
  readonly balances?: { readonly [asset: string]: string }
  readonly mode?: RunMode
}

/** Two paper venues with money and stock, one budget, one bot. */
export async function twoVenues(options: WorldOptions = {}) {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 0, 1) })
  const store = memoryStore()
  const { balances = { USDT: '100000', BTC: '10' } } = options
  const side = (id: string): TestVenue => {
    const market = scriptedMarket({ clock, symbols: { [symbol]: { takerFee: '0.001', ...options.instrument } } })
    const venue = new PaperVenue({ id, market, clock, balances, baseCurrency: 'USDT', store })
    return { market, venue, faults: [], isDown: false, agedMs: 0 }
  }
  const [north, south] = [side('north'), side('south')]
  const venues = [faulty(north), faulty(south)]
  const first = await openProcess(options, { clock, store, venues })
  /** What the strategy holds at both venues together. */
  const held = async () => {
    let net = Decimal.of(0)
    for (const { venue } of [north, south])
      for (const { quantity } of (await venue.observe('positions', { strategyId: 'spread-arbitrage' })).value)
        net = net.plus(quantity)
    return net.text
  }
  const total = async (asset: string) => {
    let sum = Decimal.of(0)
    for (const { venue } of [north, south])
      for (const balance of (await venue.observe('balances', {})).value)
        if (balance.asset === asset) sum = sum.plus(balance.free).plus(balance.locked)
    return sum
  }
  const facts = async () => {
    const all: Fact[] = []
    for await (const { fact } of store.journal()) all.push(fact)
    return all
  }
  /** Another process on the same store and venues: it shares no memory with the first. */
  const reopen = () => {
    const handle = new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    return openProcess(options, { clock, store: handle, venues })
  }
  return { clock, store, north, south, held, total, facts, reopen, ...first }
}

/** Budget, gate and bots of one process. */
async function openProcess(
  options: WorldOptions,
  {
    clock,
    store,
    venues,
  }: { readonly clock: VirtualClock; readonly store: Store; readonly venues: readonly AnyVenue[] },
) {
  const { dailyLimit = 500, mode = 'simulated' } = options
  const constraints = [dailyLoss({ limit: dailyLimit }), ...(options.constraints ?? [])]
  const risk = new DefaultRiskManager(constraints, { clock, store })
  const gate = createGate({ venues, risk, clock, mode, logger: silentLogger })
  await risk.ready()
  const newBot = async () => {
    const bot = new SpreadArbitrageStrategy({
      venues: ['north', 'south'],
      config: {
        scanIntervalMs: 1_000,
        minExpectedProfit: 0,
        ...options.config,
        customParams: { symbol, notionalMax: 1_000, netBpsMin: 5, ...options.params },
      },
    })
    const context = createStrategyContext({
      strategyId: bot.id,
      gate,
      risk,
      clock,
      random: seededRandom(clock.now()),
      logger: silentLogger,
      venues,
      mode,
      signal: new AbortController().signal,
    })
    bot.setRiskManager(risk)
    await bot.initialize(context)
    return bot
  }
  const scan = async (bot: SpreadArbitrageStrategy) => {
    clock.jumpTo(clock.now() + 1_000)
    await gate.reconcile()
    const kinds: string[] = []
    for (const opportunity of await bot.findOpportunities()) {
      if (!(await bot.validateOpportunity(opportunity))) continue
      const { results } = await bot.executeOpportunity(opportunity)
      kinds.push(`${opportunity.kind}: ${results.map(({ status }) => status).join(', ')}`)
    }
    return kinds
  }
  return { risk, gate, newBot, scan }
}
