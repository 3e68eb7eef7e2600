import type { VirtualClock } from '@org/core'
import { ccxtConfig, type ExchangeSimulator } from '@org/sim-exchange'
import ccxt from 'ccxt'

/** A price and how much of the base asset stands there. */
type Level = readonly [price: number, quantity: number]

/** Everybody else on one exchange: makers whose quotes are scripted, takers who trade with them. They use the exchange's API like anybody. */
export class Crowd {
  readonly #exchange: ExchangeSimulator
  readonly #clock: VirtualClock
  readonly #makers: InstanceType<typeof ccxt.binance>
  readonly #takers: InstanceType<typeof ccxt.binance>

  constructor(exchange: ExchangeSimulator, clock: VirtualClock) {
    const client = (account: string) =>
      new ccxt.binance(
        ccxtConfig({ ...addressOf(exchange), ...exchange.credentials(account) }, { clock, enableRateLimit: false }),
      )
    this.#exchange = exchange
    this.#clock = clock
    this.#makers = client('quoters')
    this.#takers = client('takers')
  }

  /** Takes every quote back and makes new ones. */
  async quote(symbol: string, { bid, ask }: { readonly bid?: Level; readonly ask?: Level }): Promise<void> {
    await this.#clock.track(this.#quote(symbol, bid, ask))
  }

  /** Somebody buys (or sells) a hundredth at what is quoted best: the price of the newest trade. */
  async trade(symbol: string, side: 'buy' | 'sell', price: number): Promise<void> {
    const order = this.#takers.createOrder(symbol, 'limit', side, 0.01, price, { timeInForce: 'IOC' })
    const { filled } = await this.#clock.track(order)
    if (filled !== 0.01) throw new Error(`expected to ${side} 0.01 ${symbol} at ${price}, was ${filled}`)
  }

  /** What the bots have here, as the exchange knows it. */
  holdings(): string {
    const balances = Object.entries(this.#exchange.inspect.balances('bots'))
    return balances.map(([asset, { free }]) => `${Number(free)} ${asset}`).join(', ')
  }

  async #quote(symbol: string, bid: Level | undefined, ask: Level | undefined): Promise<void> {
    const open = await this.#makers.fetchOpenOrders(symbol)
    if (open.length > 0) await this.#makers.cancelAllOrders(symbol)
    if (bid !== undefined) await this.#makers.createOrder(symbol, 'limit', 'buy', bid[1], bid[0])
    if (ask !== undefined) await this.#makers.createOrder(symbol, 'limit', 'sell', ask[1], ask[0])
  }
}

function addressOf({ url, wsUrl }: ExchangeSimulator) {
  return { url, wsUrl }
}
