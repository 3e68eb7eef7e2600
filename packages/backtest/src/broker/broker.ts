import type { Bar } from '../bars/bar.ts'
import { Account } from './account.ts'
import type { BrokerListener } from './broker-listener.ts'
import { checkOrder } from './check-order.ts'
import { bracketOnEntryBar } from './entry-bar.ts'
import { type Market, quoteBar } from './market.ts'
import { type Match, triggered } from './match.ts'
import { meet } from './meet.ts'
import { closingOrder, newOrder, type Order, type OrderRequest } from './order.ts'
import { costOf, entryPrice, paidPrice, unitsFor, volumeLeft } from './pricing.ts'
import { type BrokerOptions, type BrokerRules, rulesOf } from './rules.ts'
import { cleanUnits, roundHalfEven } from './sizing.ts'
import { type ClosedTrade, closedTrade, type Exit, type Trade, trail, trailedStop } from './trade.ts'

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
  readonly #account: Account
  readonly #listener: BrokerListener
  #isRuined = false

  /** @throws InvalidInputError `INVALID_OPTION` for rules that cannot be. */
  constructor(options: BrokerOptions, listener: BrokerListener = {}) {
    this.rules = rulesOf(options)
    this.#account = new Account(this.rules)
    this.#listener = listener
  }

  /** Money, without what open positions have gained or lost. */
  get cash(): number {
    return this.#account.cash
  }

  /** What the account is worth at the last prices. */
  get equity(): number {
    return this.#account.equity
  }

  /** Equity that no open position ties up. */
  get available(): number {
    return this.#account.available
  }

  /** The account lost everything: what was open is closed, nothing is traded any more. */
  get isRuined(): boolean {
    return this.#isRuined
  }

  market(symbol: string): Market {
    return this.#account.market(symbol)
  }

  /** Signed units that an owner (or everybody) holds. */
  position(symbol: string, owner?: string): number {
    return this.#account.position(symbol, owner)
  }

  /**
   * Puts an order at the end of the queue; with `fillAt: 'same-close'` it meets the last prices at once.
   *
   * @returns The order; `rejected` with a `reason` when there is no money for it.
   * @throws InvalidInputError `INVALID_ORDER` for a size or a level that cannot be meant.
   */
  place(request: OrderRequest): Order {
    const market = this.market(request.symbol)
    checkOrder(request, market, this.rules)
    const order = newOrder(request)
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
    const part = Math.abs(trade.units) * portion
    const units = this.rules.unitStep === 1 ? Math.max(1, roundHalfEven(part)) : part
    const order = closingOrder(trade, 'close', { units })
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
    this.advanceMarket(this.market(symbol), bar)
  }

  /** {@link Broker.advance} for whoever keeps the market at hand. */
  advanceMarket(market: Market, bar: Bar, bid?: number, ask?: number): void {
    market.barIndex++
    market.previousClose = market.price
    market.previousTime = market.openTime
    market.openTime = bar.openTime
    market.bid = bid
    market.ask = ask
    market.volume = bid === undefined ? bar.volume : undefined
    market.volumeTaken = 0
    this.#takeIn(market, bar)
  }

  /** Takes a quote in: buyers meet the ask, sellers the bid. */
  quote(symbol: string, time: number, bid: number, ask: number): void {
    this.advanceMarket(this.market(symbol), quoteBar(time, (bid + ask) / 2), bid, ask)
  }

  /**
   * The next bar begins now, at a price that everybody can see: an order that would wait for that open meets it at once. The bar itself is still to be
   * taken in.
   */
  meetNextOpen(order: Order, openTime: number, open: number): void {
    // How much of the bar's volume there will be is not known yet.
    if (this.rules.volumeShareMax !== undefined) return
    if (this.rules.fillAt !== 'next-open' || order.state !== 'open' || order.stop !== undefined) return
    const market = this.market(order.request.symbol)
    const { price } = market
    market.barIndex++
    market.price = open
    this.#try(market, order, quoteBar(openTime, open))
    market.barIndex--
    market.price = price
  }

  /** The last bar of a symbol once more, for `atEnd: 'last-bar-again'`. */
  repeatBar(symbol: string, bar: Bar): void {
    this.#takeIn(this.market(symbol), bar)
  }

  /** Closes everything at the last prices. */
  closeEverything(reason: 'end' | 'liquidation'): void {
    this.#closeWhere(reason, () => true)
  }

  #takeIn(market: Market, bar: Bar): void {
    const account = this.#account
    if (market.queue.length > 0) {
      market.price = this.rules.valueWhileFilling === 'close' ? bar.close : bar.open
      this.#process(market, bar)
    }
    market.price = bar.close
    if (account.hasOpenTrades) {
      for (const trade of market.trades) trail(trade, bar)
      if (account.isCalled) this.closeEverything('liquidation')
    }
    if (!this.#isRuined && account.equity <= 0) this.#ruin()
  }

  #ruin(): void {
    const isHalf = this.rules.onRuin === 'close-every-second'
    this.#closeWhere('liquidation', i => !isHalf || i % 2 === 0)
    this.#account.empty()
    this.#isRuined = true
  }

  #closeWhere(reason: 'end' | 'liquidation', isClosed: (i: number) => boolean): void {
    for (const market of this.#account.markets) {
      const { price: last, barIndex: bar, openTime: time } = market
      for (const trade of market.trades.filter((_, i) => isClosed(i))) {
        const price = paidPrice(this.rules, trade.units < 0, last, false)
        this.#close(market, trade, { price, bar, time, reason, isMaker: false }, closingOrder(trade, 'close'))
      }
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
    const { stop } = order
    const met = meet(this.rules, market, order, bar)
    if (met === 'expired') this.#end(order, 'cancelled')
    if (met === undefined || met === 'expired') return false
    order.stop = undefined
    if (met === triggered) return false
    const at = { ...met, price: paidPrice(this.rules, order.isBuy, met.price, met.isMaker) }
    if (order.trade !== undefined) {
      this.#carryOutClose(market, order, order.trade, at)
      return false
    }
    const trade = this.#carryOut(market, order, met, at)
    if (trade === undefined) return false
    const seesBar = bracketOnEntryBar(this.rules, order, trade, met, stop, bar)
    const { stopOrder } = trade
    if (seesBar === 'stop' && stopOrder?.stop !== undefined)
      this.#try(market, stopOrder, { ...bar, open: stopOrder.stop })
    return seesBar === 'both'
  }

  /** Closes, or brackets, of one trade. */
  #carryOutClose(market: Market, order: Order, trade: Trade, at: Omit<Exit, 'reason'>): void {
    // Part of it may have been closed since the order was queued.
    const wanted = Math.min(Math.abs(trade.units), Math.abs(order.size))
    const units = Math.min(wanted, volumeLeft(this.rules, market))
    if (units === 0) return
    const reason = order.role === 'entry' || order.role === 'close' ? 'order' : order.role
    market.volumeTaken += units
    order.filledUnits += units
    if (units < wanted) order.size = cleanUnits(order.size + (order.isBuy ? -units : units))
    else {
      order.state = 'filled'
      this.#unqueue(order)
    }
    if (market.trades.includes(trade)) this.#reduce(market, trade, units, { ...at, reason }, order)
    if (units === wanted) this.#listener.onEnd?.(order)
  }

  /** Closes what stands against the order, oldest first, and opens with the rest. */
  #carryOut(market: Market, order: Order, matched: Match, at: Omit<Exit, 'reason'>): Trade | undefined {
    const { rules } = this
    const entry = entryPrice(rules, order.isBuy, matched)
    const power = this.#account.buyingPower
    const units = order.isFraction ? unitsFor(rules, order, power, matched, entry) : Math.abs(order.size)
    if (units === 0) return this.#reject(order, 'the buying power does not pay for one step')
    const filling = Math.min(units, volumeLeft(this.rules, market))
    if (filling === 0) return undefined
    let left = filling
    for (const trade of [...market.trades]) {
      if (left === 0) break
      if (trade.owner !== order.owner || trade.units > 0 === order.isBuy) continue
      const part = Math.min(left, Math.abs(trade.units))
      this.#reduce(market, trade, part, { ...at, reason: 'netted' }, order)
      left = cleanUnits(left - part)
      order.filledUnits += part
    }
    market.volumeTaken += filling - left
    if (left === 0 || order.request.reduceOnly === true) {
      this.#endOrKeep(order, left === 0 ? units - filling : 0, order.filledUnits > 0 ? 'filled' : 'cancelled')
      return undefined
    }
    const isUncovered = !order.isBuy && left - this.position(market.symbol) > rules.inventoryUnits
    if (rules.account === 'cash' && isUncovered) return this.#reject(order, 'a cash account sells only what it holds')
    if (costOf(rules, order, units, left, matched, entry) > this.#account.buyingPower)
      return this.#reject(order, 'there is not enough money or margin for it')
    const trade = this.#open(market, order, order.isBuy ? left : -left, { ...at, price: entry })
    order.filledUnits += left
    market.volumeTaken += left
    this.#endOrKeep(order, units - filling, 'filled')
    return trade
  }

  #open(market: Market, order: Order, units: number, { price, bar, time, isMaker }: Omit<Exit, 'reason'>): Trade {
    const { stopLoss, takeProfit, trailRatio } = order.request
    const fee = this.#account.rounded(this.rules.fees.of(units, price, isMaker))
    const trade: Trade = {
      symbol: market.symbol,
      owner: order.owner,
      units,
      entryBar: bar,
      entryTime: time,
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
    this.#account.add(market, trade)
    this.#account.book(-fee)
    this.#tell(order, Math.abs(units), price, fee, isMaker, time)
    if (takeProfit !== undefined) {
      trade.targetOrder = closingOrder(trade, 'take-profit', { limit: takeProfit })
      market.queue.push(trade.targetOrder)
    }
    const stop = stopLoss ?? (trailRatio === undefined ? undefined : trailedStop(trade))
    if (stop !== undefined) {
      trade.stopOrder = closingOrder(trade, 'stop-loss', { stop })
      market.queue.unshift(trade.stopOrder)
    }
    return trade
  }

  /** Takes `units` (positive) off a trade; a part becomes a closed trade of its own. */
  #reduce(market: Market, trade: Trade, units: number, exit: Exit, order: Order): void {
    const before = Math.abs(trade.units)
    if (units >= before) {
      this.#close(market, trade, exit, order)
      return
    }
    const sign = Math.sign(trade.units)
    const { fees, fixedFeeOnParts } = this.rules
    const feeOf = (part: number) => fees.of(part, trade.entryPrice, trade.isEntryMaker)
    const isEach = fixedFeeOnParts === 'each'
    const partFee = isEach ? feeOf(units) : this.#account.rounded((trade.entryFee * units) / before)
    const part: Trade = {
      ...trade,
      units: sign * units,
      entryFee: partFee,
      stopOrder: undefined,
      targetOrder: undefined,
    }
    trade.units = sign * cleanUnits(before - units)
    trade.entryFee = isEach ? feeOf(trade.units) : this.#account.rounded(trade.entryFee - partFee)
    for (const child of [trade.stopOrder, trade.targetOrder]) if (child !== undefined) child.size = -trade.units
    this.#account.add(market, part)
    this.#close(market, part, exit, order)
  }

  #close(market: Market, trade: Trade, exit: Exit, order: Order): void {
    const account = this.#account
    const { price, isMaker, time } = exit
    account.remove(market, trade)
    const fee = account.rounded(this.rules.fees.of(trade.units, price, isMaker))
    account.book(account.rounded(trade.units * (price - trade.entryPrice)) - fee)
    this.closedTrades.push(closedTrade(trade, { ...exit, fee }, amount => account.rounded(amount)))
    this.#tell(order, Math.abs(trade.units), price, fee, isMaker, time)
    for (const child of [trade.stopOrder, trade.targetOrder])
      if (child !== undefined && child.state === 'open') this.#end(child, 'cancelled')
    this.#endNeedless(market, trade.owner, order)
  }

  /** Orders that may only reduce have nothing left to do when their owner is flat. */
  #endNeedless(market: Market, owner: string, but: Order): void {
    if (market.queue.length === 0 || market.trades.some(trade => trade.owner === owner)) return
    for (const order of [...market.queue])
      if (order !== but && order.owner === owner && order.request.reduceOnly === true) this.#end(order, 'cancelled')
  }

  /** What the bar's volume did not suffice for waits for the next one, unless it was for now or never. */
  #endOrKeep(order: Order, rest: number, state: Order['state']): void {
    if (rest === 0 || order.request.immediateOrCancel === true) this.#end(order, state)
    else {
      order.size = cleanUnits(order.isBuy ? rest : -rest)
      order.isFraction = false
    }
  }

  #reject(order: Order, reason: string): undefined {
    order.reason = reason
    this.#end(order, order.filledUnits > 0 ? 'filled' : 'rejected')
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
}
