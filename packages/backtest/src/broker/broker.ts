import type { Bar } from '../bars/bar.ts'
import { checkOrder } from './check-order.ts'
import { emptyMarket, type Market, quoteBar } from './market.ts'
import { type Match, match, matchNow, triggered } from './match.ts'
import type { Order, OrderRequest } from './order.ts'
import { type BrokerOptions, type BrokerRules, rulesOf } from './rules.ts'
import { roundHalfEven, roundMoney, stepsFor } from './sizing.ts'
import { type ClosedTrade, closedTrade, type Trade } from './trade.ts'

/** One execution, as it is told to {@link BrokerListener}. */
export interface BrokerFill {
  readonly order: Order
  readonly symbol: string
  readonly owner: string
  readonly isBuy: boolean
  readonly units: number
  readonly price: number
  readonly fee: number
  readonly isMaker: boolean
  readonly time: number
}

export interface BrokerListener {
  onFill?(fill: BrokerFill): void
  /** An order came to its end: filled, cancelled, rejected. */
  onEnd?(order: Order): void
}

/**
 * A broker over bars: orders wait in a queue for each symbol and are matched against the next bar, in the order of the queue, by the rules of
 * {@link BrokerOptions} and {@link match}. Positions of one owner net, oldest first; owners share the account's money.
 *
 * A hot path: `advance` with nothing waiting allocates nothing.
 *
 * @example
 * const broker = new Broker({ cash: 10_000, commission: 0.001 })
 * broker.place({ symbol: 'BTC/USDT', units: 0.5 })
 * broker.advance('BTC/USDT', bar)   // filled at the bar's open
 * broker.equity
 */
export class Broker {
  readonly rules: BrokerRules
  /** In the order they were closed. */
  readonly closedTrades: ClosedTrade[] = []
  readonly #markets = new Map<string, Market>()
  /** The same ones, for walking over them without an iterator. */
  readonly #all: Market[] = []
  readonly #listener: BrokerListener
  #cash: number
  #isRuined = false
  #openTrades = 0

  /** @throws InvalidInputError `INVALID_OPTION` for rules that cannot be. */
  constructor(options: BrokerOptions, listener: BrokerListener = {}) {
    this.rules = rulesOf(options)
    this.#cash = this.rules.cash
    this.#listener = listener
  }

  /** Money, without what open positions have gained or lost. */
  get cash(): number {
    return this.#cash
  }

  /** What the account is worth at the last prices. */
  get equity(): number {
    if (this.#openTrades === 0) return this.#cash
    let gains = 0
    for (const { trades, price } of this.#all)
      for (const { units, entryPrice } of trades) gains += units * (price - entryPrice)
    return this.#cash + gains
  }

  /** Equity that no open position ties up. */
  get available(): number {
    let tied = 0
    for (const { trades, price } of this.#all)
      for (const { units } of trades) tied += Math.abs(units) * price * this.rules.margin
    return Math.max(0, this.equity - tied)
  }

  /** Worth of everything held, long or short. */
  get #held(): number {
    let held = 0
    for (const { trades, price } of this.#all) for (const { units } of trades) held += Math.abs(units) * price
    return held
  }

  /** The account lost everything: what was open is closed, nothing is traded any more. */
  get isRuined(): boolean {
    return this.#isRuined
  }

  market(symbol: string): Market {
    const known = this.#markets.get(symbol)
    if (known !== undefined) return known
    const market = emptyMarket(symbol)
    this.#markets.set(symbol, market)
    this.#all.push(market)
    return market
  }

  /** Signed units that an owner (or everybody) holds. */
  position(symbol: string, owner?: string): number {
    let units = 0
    for (const trade of this.market(symbol).trades)
      if (owner === undefined || trade.owner === owner) units += trade.units
    return units
  }

  /**
   * Puts an order at the end of the queue; with `fillAt: 'same-close'` one at the market is carried out at once.
   *
   * @returns The order; `rejected` with a `reason` when there is no money for it.
   * @throws InvalidInputError `INVALID_ORDER` for a size or a level that cannot be meant.
   */
  place(request: OrderRequest): Order {
    const market = this.market(request.symbol)
    checkOrder(request, market, this.rules)
    const size = (request.units ?? request.fraction) as number
    const order: Order = {
      request,
      owner: request.owner ?? '',
      isBuy: size > 0,
      size,
      isFraction: request.units === undefined,
      limit: request.limit,
      stop: request.stop,
      trade: undefined,
      role: 'entry',
      state: 'open',
      filledUnits: 0,
      reason: undefined,
    }
    if (this.rules.exclusiveOrders) this.#clearTheWay(market, order.owner)
    market.queue.push(order)
    this.#tryNow(market, order)
    return order
  }

  /** Ends an order that waits; what was filled stays. */
  cancel(order: Order): void {
    if (order.state === 'open') this.#end(order, 'cancelled')
  }

  /** Queues the close of a trade, or of a share of it, at the market. It goes before everything that waits. */
  closeTrade(trade: Trade, portion = 1): Order {
    const market = this.market(trade.symbol)
    const units =
      this.rules.unitStep === 1
        ? Math.max(1, roundHalfEven(Math.abs(trade.units) * portion))
        : Math.abs(trade.units) * portion
    const order = this.#childOf(trade, 'close', {
      size: -Math.sign(trade.units) * units,
      limit: undefined,
      stop: undefined,
    })
    market.queue.unshift(order)
    this.#tryNow(market, order)
    return order
  }

  /** Queues the close of all that an owner holds of a symbol. */
  closePosition(symbol: string, owner = ''): void {
    for (const trade of [...this.market(symbol).trades]) if (trade.owner === owner) this.closeTrade(trade)
  }

  /** Takes one bar in: orders that waited are matched against it, then everything counts at its close. */
  advance(symbol: string, bar: Bar): void {
    this.#advance(this.market(symbol), bar, undefined, undefined)
  }

  /** {@link Broker.advance} for whoever keeps the market at hand. */
  advanceMarket(market: Market, bar: Bar): void {
    this.#advance(market, bar, undefined, undefined)
  }

  /** Takes a quote in: buyers meet the ask, sellers the bid. */
  quote(symbol: string, time: number, bid: number, ask: number): void {
    this.#advance(this.market(symbol), quoteBar(time, (bid + ask) / 2), bid, ask)
  }

  #advance(market: Market, bar: Bar, bid: number | undefined, ask: number | undefined): void {
    market.barIndex++
    market.previousClose = market.price
    market.previousTime = market.openTime
    market.openTime = bar.openTime
    market.bid = bid
    market.ask = ask
    if (market.queue.length > 0) {
      market.price = this.rules.valueWhileFilling === 'close' ? bar.close : bar.open
      this.#process(market, bar)
    }
    market.price = bar.close
    if (this.#openTrades > 0) {
      this.#trail(market, bar)
      if (this.rules.maintenanceMargin > 0 && this.equity < this.#held * this.rules.maintenanceMargin)
        this.closeEverything('liquidation')
    }
    if (!this.#isRuined && this.equity <= 0) this.#ruin()
  }

  /** The last bar of a symbol once more, for `atEnd: 'last-bar-again'`. */
  repeatBar(symbol: string, bar: Bar): void {
    const market = this.market(symbol)
    market.price = this.rules.valueWhileFilling === 'close' ? bar.close : bar.open
    this.#process(market, bar)
    market.price = bar.close
    if (!this.#isRuined && this.equity <= 0) this.#ruin()
  }

  /** Closes everything at the last prices. */
  closeEverything(reason: 'end' | 'liquidation'): void {
    const isHalf = reason === 'liquidation' && this.rules.onRuin === 'close-every-second'
    for (const market of this.#all) {
      for (const trade of market.trades.filter((_, i) => !isHalf || i % 2 === 0))
        this.#closeTrade(
          market,
          trade,
          this.#priced(trade.units < 0, market.price, false),
          market.barIndex,
          market.openTime,
          reason,
          false,
        )
      for (const order of [...market.queue]) this.#end(order, 'cancelled')
    }
  }

  /** With `same-close` an order meets the last prices at once; stops wait for prices to come. */
  #tryNow(market: Market, order: Order): void {
    if (this.rules.fillAt === 'same-close' && order.stop === undefined)
      this.#try(market, order, quoteBar(market.openTime, market.price))
  }

  #clearTheWay(market: Market, owner: string): void {
    for (const order of [...market.queue])
      if (order.owner === owner && order.role !== 'stop-loss' && order.role !== 'take-profit')
        this.#end(order, 'cancelled')
    this.closePosition(market.symbol, owner)
  }

  /** Orders that are born in a pass wait for the next one: the queue is copied. */
  #process(market: Market, bar: Bar): void {
    for (let again = true; again; ) {
      again = false
      for (const order of [...market.queue]) if (order.state === 'open' && this.#try(market, order, bar)) again = true
    }
  }

  /** @returns True when brackets that were just born shall see this bar, too. */
  #try(market: Market, order: Order, bar: Bar): boolean {
    const isBracket = order.role === 'stop-loss' || order.role === 'take-profit'
    const isAtPrevious = this.rules.fillAt === 'previous-close' && !isBracket
    const quoted = order.isBuy ? market.ask : market.bid
    const stop = order.stop
    const marketPrice = quoted ?? (isAtPrevious ? market.previousClose : bar.open)
    const isNow = order.request.immediateOrCancel === true && order.trade === undefined
    const seen = quoted === undefined ? bar : quoteBar(bar.openTime, quoted)
    const matched = isNow ? matchNow(order, marketPrice) : match(order, seen, marketPrice)
    if (matched === undefined) {
      if (isNow) this.#end(order, 'cancelled')
      return false
    }
    order.stop = undefined
    if (matched === triggered) return false
    const isPrevious = isAtPrevious && matched.isMarket
    const at = isPrevious
      ? { bar: market.barIndex - 1, time: market.previousTime }
      : { bar: market.barIndex, time: bar.openTime }
    if (order.trade !== undefined) {
      this.#reduceBy(market, order.trade, order, matched, at)
      return false
    }
    return this.#carryOut(market, order, matched, at, stop, bar)
  }

  /** Closes, or brackets, of one trade. */
  #reduceBy(market: Market, trade: Trade, order: Order, matched: Match, at: At): void {
    // Part of it may have been closed since the order was queued.
    const units = Math.min(Math.abs(trade.units), Math.abs(order.size))
    const reason = order.role === 'entry' || order.role === 'close' ? 'order' : order.role
    const price = this.#priced(order.isBuy, matched.price, matched.isMaker)
    this.#done(order, units)
    if (market.trades.includes(trade)) this.#reduce(market, trade, units, price, at, reason, matched.isMaker, order)
    this.#listener.onEnd?.(order)
  }

  #carryOut(market: Market, order: Order, matched: Match, at: At, stop: number | undefined, bar: Bar): boolean {
    const { margin, fees } = this.rules
    const { price, isMaker } = matched
    const entryPrice = this.#entryPriced(order.isBuy, price, isMaker)
    const sign = order.isBuy ? 1 : -1
    const units = order.isFraction ? this.#unitsFor(order, price, entryPrice, isMaker) : Math.abs(order.size)
    if (units === 0) return this.#reject(order, 'the buying power does not pay for one step')
    // Opposite positions of the same owner go first, oldest first.
    let left = units
    for (const trade of [...market.trades]) {
      if (left === 0) break
      if (trade.owner !== order.owner || trade.units > 0 === order.isBuy) continue
      const part = Math.min(left, Math.abs(trade.units))
      this.#reduce(market, trade, part, this.#priced(order.isBuy, price, isMaker), at, 'netted', isMaker, order)
      left = cleanUnits(left - part)
      order.filledUnits += part
    }
    if (left === 0 || order.request.reduceOnly === true) {
      this.#end(order, order.filledUnits > 0 ? 'filled' : 'cancelled')
      return false
    }
    if (
      this.rules.account === 'cash' &&
      !order.isBuy &&
      -this.position(market.symbol) + left > this.rules.inventoryUnits
    )
      return this.#reject(order, 'a cash account sells only what it holds')
    const sizing = order.isFraction ? Math.abs(order.size) : units
    const feePerUnit =
      this.rules.fixedFeeInSizing === 'per-unit'
        ? fees.of(sizing, price, isMaker) / sizing
        : fees.of(left, entryPrice, isMaker) / left
    if (left * (entryPrice + feePerUnit) > this.available * (1 / margin))
      return this.#reject(order, 'there is not enough money or margin for it')
    const trade = this.#open(market, order, sign * left, entryPrice, at, isMaker)
    order.filledUnits += left
    this.#end(order, 'filled')
    return this.#seesThisBar(trade, matched, stop, order, bar)
  }

  #unitsFor(order: Order, price: number, entryPrice: number, isMaker: boolean): number {
    const { fees, margin, unitStep, fixedFeeInSizing } = this.rules
    const fraction = Math.abs(order.size)
    const power = this.available * (1 / margin) * fraction
    if (fixedFeeInSizing === 'per-unit')
      return stepsFor(power, entryPrice + fees.of(fraction, price, isMaker) / fraction, unitStep)
    return stepsFor(power - fees.fixed, entryPrice + (fees.of(1, entryPrice, isMaker) - fees.fixed), unitStep)
  }

  /** May the bracket of a trade that was just opened close it on this very bar? */
  #seesThisBar(trade: Trade, matched: Match, stop: number | undefined, order: Order, bar: Bar): boolean {
    const { stopOrder, targetOrder, stopLoss, takeProfit } = trade
    if (stopOrder === undefined && targetOrder === undefined) return false
    if (matched.isMarket) return true
    if (this.rules.bracketsOnEntryBar === 'market-entries') {
      if (stop === undefined || order.limit !== undefined || takeProfit === undefined) return false
      return order.isBuy
        ? takeProfit <= bar.high && (stopLoss ?? Number.NEGATIVE_INFINITY) < bar.low
        : takeProfit >= bar.low && (stopLoss ?? Number.POSITIVE_INFINITY) > bar.high
    }
    // The bar's other end may have come before the entry or after it: the stop counts, the target does not.
    const market = this.market(trade.symbol)
    if (stopOrder?.stop !== undefined && (order.isBuy ? bar.low <= stopOrder.stop : bar.high >= stopOrder.stop))
      this.#try(market, stopOrder, { ...bar, open: stopOrder.stop })
    return false
  }

  #open(market: Market, order: Order, units: number, price: number, at: At, isMaker: boolean): Trade {
    const { stopLoss, takeProfit, trailRatio } = order.request
    const fee = this.#money(this.rules.fees.of(units, price, isMaker))
    const trade: Trade = {
      symbol: market.symbol,
      owner: order.owner,
      units,
      entryBar: at.bar,
      entryTime: at.time,
      entryPrice: price,
      entryFee: fee,
      isEntryMaker: isMaker,
      stopLoss,
      takeProfit,
      stopOrder: undefined,
      targetOrder: undefined,
      trailRatio,
      best: price,
    }
    market.trades.push(trade)
    this.#openTrades++
    this.#cash = this.#money(this.#cash - fee)
    this.#tell(order, Math.abs(units), price, fee, isMaker, at.time)
    const firstStop = stopLoss ?? (trailRatio === undefined ? undefined : trailedStop(trade))
    if (takeProfit !== undefined) {
      trade.targetOrder = this.#childOf(trade, 'take-profit', { size: -units, limit: takeProfit, stop: undefined })
      market.queue.push(trade.targetOrder)
    }
    if (firstStop !== undefined) {
      trade.stopOrder = this.#childOf(trade, 'stop-loss', { size: -units, limit: undefined, stop: firstStop })
      market.queue.unshift(trade.stopOrder)
    }
    return trade
  }

  #childOf(trade: Trade, role: Order['role'], what: Pick<Order, 'size' | 'limit' | 'stop'>): Order {
    return {
      ...what,
      request: { symbol: trade.symbol, owner: trade.owner, units: what.size },
      owner: trade.owner,
      isBuy: what.size > 0,
      isFraction: false,
      trade,
      role,
      state: 'open',
      filledUnits: 0,
      reason: undefined,
    }
  }

  /** Takes `units` (positive) off a trade; a part becomes a closed trade of its own. */
  #reduce(
    market: Market,
    trade: Trade,
    units: number,
    price: number,
    at: At,
    reason: ClosedTrade['exitReason'],
    isMaker: boolean,
    order: Order,
  ): void {
    const before = Math.abs(trade.units)
    if (units >= before) {
      this.#closeTrade(market, trade, price, at.bar, at.time, reason, isMaker, order)
      return
    }
    const sign = Math.sign(trade.units)
    const { fees, fixedFeeOnParts } = this.rules
    const isEach = fixedFeeOnParts === 'each'
    const partFee = isEach
      ? fees.of(units, trade.entryPrice, trade.isEntryMaker)
      : this.#money((trade.entryFee * units) / before)
    const part: Trade = {
      ...trade,
      units: sign * units,
      entryFee: partFee,
      stopOrder: undefined,
      targetOrder: undefined,
    }
    trade.units = sign * cleanUnits(before - units)
    trade.entryFee = isEach
      ? fees.of(trade.units, trade.entryPrice, trade.isEntryMaker)
      : this.#money(trade.entryFee - partFee)
    for (const child of [trade.stopOrder, trade.targetOrder]) if (child !== undefined) child.size = -trade.units
    market.trades.push(part)
    this.#openTrades++
    this.#closeTrade(market, part, price, at.bar, at.time, reason, isMaker, order)
  }

  #closeTrade(
    market: Market,
    trade: Trade,
    price: number,
    bar: number,
    time: number,
    reason: ClosedTrade['exitReason'],
    isMaker: boolean,
    order?: Order,
  ): void {
    market.trades.splice(market.trades.indexOf(trade), 1)
    this.#openTrades--
    const fee = this.#money(this.rules.fees.of(trade.units, price, isMaker))
    this.#cash = this.#money(this.#cash + (this.#money(trade.units * (price - trade.entryPrice)) - fee))
    this.closedTrades.push(closedTrade(trade, { price, bar, time, fee, reason }, value => this.#money(value)))
    const by = order ?? this.#childOf(trade, 'close', { size: -trade.units, limit: undefined, stop: undefined })
    this.#tell(by, Math.abs(trade.units), price, fee, isMaker, time)
    for (const child of [trade.stopOrder, trade.targetOrder])
      if (child !== undefined && child.state === 'open') this.#end(child, 'cancelled')
    this.#endNeedless(market, trade.owner, by)
  }

  /** Orders that may only reduce have nothing left to do when their owner is flat. */
  #endNeedless(market: Market, owner: string, but: Order): void {
    if (market.queue.length === 0 || market.trades.some(trade => trade.owner === owner)) return
    for (const order of [...market.queue])
      if (order !== but && order.owner === owner && order.request.reduceOnly === true) this.#end(order, 'cancelled')
  }

  /** A stop follows the best price of finished bars: within a bar nobody knows which came first. */
  #trail(market: Market, bar: Bar): void {
    for (const trade of market.trades) {
      if (trade.trailRatio === undefined || trade.stopOrder === undefined) continue
      const isLong = trade.units > 0
      trade.best = isLong ? Math.max(trade.best, bar.high) : Math.min(trade.best, bar.low)
      const level = trailedStop(trade)
      const now = trade.stopOrder.stop ?? level
      trade.stopOrder.stop = isLong ? Math.max(now, level) : Math.min(now, level)
    }
  }

  #ruin(): void {
    this.closeEverything('liquidation')
    for (const market of this.#all) market.trades = []
    this.#openTrades = 0
    this.#cash = 0
    this.#isRuined = true
  }

  #reject(order: Order, reason: string): false {
    order.reason = reason
    this.#end(order, order.filledUnits > 0 ? 'filled' : 'rejected')
    return false
  }

  #done(order: Order, units: number): void {
    order.filledUnits += units
    order.state = 'filled'
    this.#unqueue(order)
  }

  #end(order: Order, state: Order['state']): void {
    order.state = state
    this.#unqueue(order)
    this.#listener.onEnd?.(order)
    const { group } = order.request
    if (group === undefined || state !== 'filled') return
    for (const other of [...this.market(order.request.symbol).queue])
      if (other.request.group === group) this.#end(other, 'cancelled')
  }

  #unqueue(order: Order): void {
    const { queue } = this.market(order.request.symbol)
    const at = queue.indexOf(order)
    if (at >= 0) queue.splice(at, 1)
  }

  #tell(order: Order, units: number, price: number, fee: number, isMaker: boolean, time: number): void {
    const { symbol } = order.request
    this.#listener.onFill?.({ order, symbol, owner: order.owner, isBuy: order.isBuy, units, price, fee, isMaker, time })
  }

  /** What a fill that opens pays: spread and slippage on top of what the bar says. */
  #entryPriced(isBuy: boolean, price: number, isMaker: boolean): number {
    const { spread, spreadOn } = this.rules
    if (spreadOn === 'entries') return this.#slipped(isBuy, price * (1 + (isBuy ? spread : -spread)), isMaker)
    return this.#priced(isBuy, price, isMaker)
  }

  #priced(isBuy: boolean, price: number, isMaker: boolean): number {
    const { spread, spreadOn } = this.rules
    const paid = isMaker || spreadOn === 'entries' ? price : price * (1 + (isBuy ? spread : -spread))
    return this.#slipped(isBuy, paid, isMaker)
  }

  #slipped(isBuy: boolean, price: number, isMaker: boolean): number {
    const { slippage } = this.rules
    return slippage === 0 || isMaker ? price : price * (1 + (isBuy ? slippage : -slippage))
  }

  #money(value: number): number {
    const { moneyDecimals } = this.rules
    return moneyDecimals === undefined ? value : roundMoney(value, moneyDecimals)
  }
}

/** Where and when something is filled. */
interface At {
  readonly bar: number
  readonly time: number
}

function trailedStop({ units, best, trailRatio = 0 }: Trade): number {
  return units > 0 ? best * (1 - trailRatio) : best * (1 + trailRatio)
}

/** Differences of decimal quantities, without the dust of binary fractions. */
function cleanUnits(units: number): number {
  return Number.isInteger(units) ? units : Number(units.toPrecision(15))
}
