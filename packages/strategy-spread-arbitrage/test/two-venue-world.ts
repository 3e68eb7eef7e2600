import {
  type AnyVenue,
  AutomationError,
  createGate,
  createStrategyContext,
  Decimal,
  DefaultRiskManager,
  dailyLoss,
  memoryStore,
  seededRandom,
  silentLogger,
  VirtualClock,
} from '@org/core'
import { PaperVenue, scriptedMarket } from '@org/venue-trading'
import { SpreadArbitrageStrategy } from '../src/index.ts'

export const symbol = 'BTC/USDT'
export type Fault = 'refused' | 'lost-before' | 'lost-after'

/** A venue that does to the next order what it is told. */
function faulty(venue: PaperVenue, faults: Fault[]): AnyVenue {
  const lost = (code: string, effect: 'none' | 'unknown') =>
    new AutomationError({ code, message: 'the network or the exchange failed', effect })
  return {
    id: venue.id,
    domain: venue.domain,
    actions: venue.actions,
    observe: (kind, query, options) => venue.observe(kind as 'ticker', query as { symbol: string }, options),
    holdings: options => venue.holdings(options),
    connect: () => venue.connect(),
    close: () => venue.close(),
    reconcile: (intent, options) => venue.reconcile(intent, options),
    async execute(intent, options) {
      const fault = faults.shift()
      if (fault === 'refused') throw lost('ORDER_REFUSED', 'none')
      if (fault === 'lost-before') throw lost('TIMEOUT', 'unknown')
      const receipt = await venue.execute(intent, options)
      if (fault === 'lost-after') throw lost('TIMEOUT', 'unknown')
      return receipt
    },
  }
}

/** Two paper venues with money and stock, one budget, one bot. */
export async function twoVenues(options: { readonly params?: object; readonly dailyLimit?: number } = {}) {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 0, 1) })
  const store = memoryStore()
  const risk = new DefaultRiskManager([dailyLoss({ limit: options.dailyLimit ?? 500 })], { clock, store })
  const balances = { USDT: '100000', BTC: '10' }
  const side = (id: string) => {
    const market = scriptedMarket({ clock, symbols: { [symbol]: { takerFee: '0.001' } } })
    const venue = new PaperVenue({ id, market, clock, balances, baseCurrency: 'USDT', store })
    const faults: Fault[] = []
    return { market, venue, faults, hands: faulty(venue, faults) }
  }
  const [north, south] = [side('north'), side('south')]
  const venues = [north.hands, south.hands]
  const gate = createGate({ venues, risk, clock, mode: 'simulated', logger: silentLogger })
  await risk.ready()
  const newBot = async () => {
    const bot = new SpreadArbitrageStrategy({
      venues: ['north', 'south'],
      config: {
        scanIntervalMs: 1_000,
        minExpectedProfit: 0,
        customParams: { symbol, notionalMax: 1_000, netBpsMin: 5, ...options.params },
      },
    })
    const context = createStrategyContext({
      strategyId: bot.id,
      gate,
      risk,
      clock,
      random: seededRandom(1),
      logger: silentLogger,
      venues,
      mode: 'simulated',
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
  return { clock, store, risk, gate, north, south, newBot, scan, held, total }
}
