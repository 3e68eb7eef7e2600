import type { AnyVenue, Store } from '@org/core'
import { type MarketData, PaperVenue } from '@org/venue-trading'
import type { SimProcess } from '../process/sim-process.ts'
import type { World } from '../world.ts'
import { ExchangeAccount } from './exchange-account.ts'
import { exchangeIds, Prices } from './prices.ts'
import { tradingClient } from './trading-client.ts'

/** What each account starts with. */
export const balancesAtStart = { USDT: '1000', BTC: '5', ETH: '5' }

/** At one of them an order is under way for a while after it was written down. */
const latencyMs = { north: 0, south: 400 }

type StatePort = Pick<Store, 'loadState' | 'saveState'>

/** Two exchanges of a world: their prices and, out of reach of every process, an account at each. */
export class TradingFloor {
  readonly prices: Prices
  readonly accounts: readonly ExchangeAccount[]
  /** In every other trading world accounts are on margin, where positions may be short. */
  readonly kind: 'cash' | 'margin'

  constructor(world: World) {
    this.prices = new Prices(world)
    this.kind = world.seed % 2 === 0 ? 'margin' : 'cash'
    const { judge } = world
    this.accounts = exchangeIds.map(
      id =>
        new ExchangeAccount(
          id,
          deal => judge.onDeal(deal),
          (account, fill, key) => judge.onFill(account.id, fill, key),
        ),
    )
  }

  /** The way of one process to the exchanges. */
  venuesOf(process: SimProcess, store: StatePort, decorate: (port: StatePort) => StatePort): readonly AnyVenue[] {
    return this.accounts.map((account, i) => {
      const venue = new PaperVenue({
        id: account.id,
        market: marketOf(this.prices.markets[i] as MarketData, process),
        // Trades bear the exchange's time.
        clock: { ...process.clock, now: () => process.world.clock.now() },
        balances: balancesAtStart,
        account: this.kind,
        baseCurrency: 'USDT',
        latency: latencyMs[account.id],
        store: decorate(account.portOf(process, store)),
      })
      return tradingClient(venue, account, process)
    })
  }
}

/** Prices as one process sees them: none while it sleeps or when it is dead. */
function marketOf(market: MarketData, process: SimProcess): MarketData {
  return {
    async observe(kind, query) {
      await process.clock.sleep(5)
      return market.observe(kind, query)
    },
    subscribe(symbols, listener) {
      const stop = market.subscribe?.(symbols, tick => {
        if (process.isDead) stop?.()
        else if (!process.isPaused) listener(tick)
      })
      return () => stop?.()
    },
  }
}
