import { emptyMarket, type Market } from './market.ts'
import type { BrokerRules } from './rules.ts'
import { roundMoney } from './sizing.ts'
import type { Trade } from './trade.ts'

/** Money and positions of one account, valued at the last prices. */
export class Account {
  /** Without what open positions have gained or lost. */
  cash: number
  readonly markets: Market[] = []
  readonly #rules: BrokerRules
  readonly #bySymbol = new Map<string, Market>()
  #openTrades = 0

  constructor(rules: BrokerRules) {
    this.#rules = rules
    this.cash = rules.cash
  }

  /** With the inventory, at the last prices. A hot path. */
  get equity(): number {
    if (this.#openTrades === 0 && this.#rules.inventoryUnits === 0) return this.cash
    let gains = 0
    for (const { trades, price } of this.markets)
      for (const { units, entryPrice } of trades) gains += units * (price - entryPrice)
    return this.cash + gains + this.#inventoryWorth
  }

  /** Equity that no open position ties up. On a cash account, the money: what is sold from the inventory brings some. */
  get available(): number {
    const { margin, account } = this.#rules
    const isCash = account === 'cash'
    let tied = 0
    for (const { trades, price } of this.markets)
      for (const { units } of trades) tied += (isCash ? units : Math.abs(units)) * price * margin
    return Math.max(0, this.equity - this.#inventoryWorth - tied)
  }

  get #inventoryWorth(): number {
    const { inventoryUnits } = this.#rules
    if (inventoryUnits === 0) return 0
    let worth = 0
    for (const { price } of this.markets) if (!Number.isNaN(price)) worth += inventoryUnits * price
    return worth
  }

  /** What can be bought with it: more than there is, where the broker lends. */
  get buyingPower(): number {
    return this.available * (1 / this.#rules.margin)
  }

  get hasOpenTrades(): boolean {
    return this.#openTrades > 0
  }

  /** Equity covers less of what is held than the maintenance margin asks for. */
  get isCalled(): boolean {
    const { maintenanceMargin } = this.#rules
    if (maintenanceMargin === 0) return false
    let held = 0
    for (const { trades, price } of this.markets) for (const { units } of trades) held += Math.abs(units) * price
    return this.equity < held * maintenanceMargin
  }

  market(symbol: string): Market {
    const known = this.#bySymbol.get(symbol)
    if (known !== undefined) return known
    const market = emptyMarket(symbol)
    this.#bySymbol.set(symbol, market)
    this.markets.push(market)
    return market
  }

  position(symbol: string, owner?: string): number {
    let units = 0
    for (const trade of this.market(symbol).trades)
      if (owner === undefined || trade.owner === owner) units += trade.units
    return units
  }

  add(market: Market, trade: Trade): void {
    market.trades.push(trade)
    this.#openTrades++
  }

  remove(market: Market, trade: Trade): void {
    market.trades.splice(market.trades.indexOf(trade), 1)
    this.#openTrades--
  }

  /** Books money, rounded where the rules say so. */
  book(amount: number): void {
    this.cash = this.rounded(this.cash + amount)
  }

  rounded(amount: number): number {
    const { moneyDecimals } = this.#rules
    return moneyDecimals === undefined ? amount : roundMoney(amount, moneyDecimals)
  }

  /** Everything is lost. */
  empty(): void {
    for (const market of this.markets) market.trades = []
    this.#openTrades = 0
    this.cash = 0
  }
}
