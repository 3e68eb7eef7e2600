import { memoryStore, type VirtualClock } from '@org/core'
import { strategyConformance } from '@org/testkit'
import { PaperVenue, scriptedMarket } from '@org/venue-trading'
import { SpreadArbitrageStrategy } from '../src/index.ts'

const symbol = 'BTC/USDT'

/** A paper venue whose price the test sets. */
class Side extends PaperVenue {
  readonly #market: ReturnType<typeof scriptedMarket>

  constructor(id: string, clock: VirtualClock) {
    const market = scriptedMarket({ clock, symbols: { [symbol]: { takerFee: '0.001' } } })
    const balances = { USDT: '100000', BTC: '10' }
    super({ id, market, clock, balances, baseCurrency: 'USDT', store: memoryStore() })
    this.#market = market
  }

  setBid(bid: number): this {
    this.#market.quote(symbol, { bid: bid.toFixed(2), ask: (bid + 1).toFixed(2) })
    return this
  }
}

strategyConformance({
  name: 'spread arbitrage, two paper venues',
  create: config =>
    new SpreadArbitrageStrategy({
      venues: ['north', 'south'],
      config: { scanIntervalMs: 1_000, ...config, customParams: { symbol, notionalMax: 1_000, netBpsMin: 5 } },
    }),
  venues: ({ clock }) => [new Side('north', clock).setBid(60_000), new Side('south', clock).setBid(60_500)],
  between([north, south], scan) {
    north.setBid(60_000 + scan * 10)
    south.setBid(scan % 2 === 0 ? 60_500 : 59_500)
  },
})
