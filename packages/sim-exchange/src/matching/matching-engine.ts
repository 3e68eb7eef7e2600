// Hot path: at least 200,000 orders per second and core, see packages/bench/src/matching-engine.ts.
import type { BookSide, Level } from './book-side.ts'
import { fillable } from './fillable.ts'
import { isAffordable, limitUnits, lock, parkedUnits, pay, spendable, unlock } from './funds.ts'
import { quoteUnits } from './instrument.ts'
import type { Market } from './market.ts'
import { isConditional, isOpen, isPriced, type NewOrder, type Order, type OrderStatus, type Trade } from './order.ts'
import { feeUnits } from './trader.ts'
import { Triggers } from './triggers.ts'

/** Why an order was not taken. Nothing changed. */
export type PlacementRefusal =
  | 'insufficient-balance'
  /** A post-only order that would take. */
  | 'would-take'
  | 'would-trigger'
  /** An open order of the account has the same client order id. */
  | 'duplicate-client-order-id'

export type Placement =
  | { readonly ok: true; readonly order: Order; readonly trades: readonly Trade[] }
  | { readonly ok: false; readonly refusal: PlacementRefusal }

/** Hears what happens, while it happens: an order shows its state at that moment. */
export interface EngineListener {
  orderChanged(order: Order, trade?: Trade): void
  traded(trade: Trade): void
}

const noTrades: readonly Trade[] = []

/**
 * Matches orders by price, then time. What a resting order could cost is locked; a taker pays from what is free, at the makers' prices. Every
 * amount is a whole number of 1e-8, so that nothing appears or vanishes.
 */
export class MatchingEngine {
  /** What the exchange earned, 1e-8 by asset. */
  readonly fees = new Map<string, bigint>()
  readonly #listener: EngineListener | undefined
  #lastOrderId = 0
  #lastTradeId = 0

  constructor(listener?: EngineListener) {
    this.#listener = listener
  }

  /** Takes an order and does all that follows from it, triggered orders included. */
  place(ask: NewOrder): Placement {
    if (ask.trader.open.has(ask.clientOrderId)) return { ok: false, refusal: 'duplicate-client-order-id' }
    const isParked = isConditional(ask.type)
    const refusal = isParked ? parkingRefusal(ask) : workingRefusal(ask)
    if (refusal !== undefined) return { ok: false, refusal }
    const order = this.#open(ask)
    if (isParked) {
      lock(order, parkedUnits(ask))
      order.market.triggers.add(order)
      this.#listener?.orderChanged(order)
      return { ok: true, order, trades: noTrades }
    }
    order.workingAtMs = ask.nowMs
    this.#listener?.orderChanged(order)
    const trades = this.#work(order, ask.nowMs)
    if (trades.length > 0) this.#runTriggers(order.market, ask.nowMs)
    return { ok: true, order, trades }
  }

  /** Ends an open order. False when it has ended already. */
  cancel(order: Order, nowMs: number): boolean {
    if (!isOpen(order)) return false
    if (order.level === undefined) order.market.triggers.remove(order)
    else this.#leaveBook(order)
    this.#end(order, 'CANCELED', nowMs)
    return true
  }

  #open(ask: NewOrder): Order {
    const order: Order = {
      id: ++this.#lastOrderId,
      clientOrderId: ask.clientOrderId,
      trader: ask.trader,
      market: ask.market,
      side: ask.side,
      type: ask.type,
      timeInForce: ask.timeInForce ?? 'GTC',
      priceTicks: ask.priceTicks,
      lots: ask.lots,
      quoteUnits: ask.quoteUnits ?? 0n,
      stopTicks: ask.stopTicks ?? 0,
      selfTradePrevention: ask.selfTradePrevention ?? 'EXPIRE_MAKER',
      createdAtMs: ask.nowMs,
      updatedAtMs: ask.nowMs,
      workingAtMs: -1,
      status: 'NEW',
      filledLots: 0,
      filledQuoteUnits: 0n,
      lockedUnits: 0n,
      level: undefined,
      previous: undefined,
      next: undefined,
    }
    ask.trader.open.set(order.clientOrderId, order)
    ask.trader.history?.addOrder(order)
    return order
  }

  /** Matches, then rests or ends. */
  #work(order: Order, nowMs: number): readonly Trade[] {
    if (order.timeInForce === 'FOK' && isPriced(order.type) && fillable(order).lots < order.lots) {
      this.#end(order, 'EXPIRED', nowMs)
      return noTrades
    }
    const trades = this.#match(order, nowMs)
    if (!isOpen(order)) return trades
    if (isPriced(order.type) && order.timeInForce === 'GTC') this.#rest(order)
    else this.#end(order, isComplete(order) ? 'FILLED' : 'EXPIRED', nowMs)
    return trades
  }

  #match(order: Order, nowMs: number): readonly Trade[] {
    const { market } = order
    const opposite = order.side === 'BUY' ? market.asks : market.bids
    const limitTicks = isPriced(order.type) ? order.priceTicks : undefined
    let trades: Trade[] | undefined
    while (isOpen(order)) {
      const level = opposite.best
      if (level === undefined || (limitTicks !== undefined && !opposite.isWithin(level.ticks, limitTicks))) break
      const wantedLots = lotsWanted(order, level)
      if (wantedLots === 0) break
      const maker = level.head as Order
      if (maker.trader === order.trader) {
        this.#preventSelfTrade(order, maker, nowMs)
        continue
      }
      trades ??= []
      trades.push(this.#trade(order, maker, Math.min(wantedLots, maker.lots - maker.filledLots), opposite, nowMs))
    }
    return trades ?? noTrades
  }

  #trade(taker: Order, maker: Order, lots: number, makerSide: BookSide, nowMs: number): Trade {
    const { market } = taker
    const { instrument } = market
    const level = maker.level as Level
    const quote = quoteUnits(instrument, level.ticks, lots)
    const base = BigInt(lots) * instrument.lotUnits
    const [buyer, seller] = taker.side === 'BUY' ? [taker, maker] : [maker, taker]
    const buyerFee = feeUnits(base, buyer === taker ? taker.trader.takerFeePpm : maker.trader.makerFeePpm)
    const sellerFee = feeUnits(quote, seller === taker ? taker.trader.takerFeePpm : maker.trader.makerFeePpm)
    pay(buyer, instrument.quote, quote, buyer === taker)
    pay(seller, instrument.base, base, seller === taker)
    buyer.trader.balance(instrument.base).free += base - buyerFee
    seller.trader.balance(instrument.quote).free += quote - sellerFee
    this.#earn(instrument.base, buyerFee)
    this.#earn(instrument.quote, sellerFee)

    const trade: Trade = {
      id: ++this.#lastTradeId,
      market,
      priceTicks: level.ticks,
      lots,
      quoteUnits: quote,
      maker,
      taker,
      makerFeeUnits: maker === buyer ? buyerFee : sellerFee,
      takerFeeUnits: taker === buyer ? buyerFee : sellerFee,
      atMs: nowMs,
    }
    market.lastTicks = level.ticks
    market.touchDepth(makerSide, level.ticks)
    taker.trader.history?.addTrade(trade)
    if (maker.trader !== taker.trader) maker.trader.history?.addTrade(trade)
    fill(taker, lots, quote, nowMs)
    fill(maker, lots, quote, nowMs)
    level.lots -= lots
    if (maker.filledLots === maker.lots) {
      makerSide.remove(maker, 0)
      maker.trader.open.delete(maker.clientOrderId)
    }
    if (taker.status === 'FILLED') taker.trader.open.delete(taker.clientOrderId)
    this.#listener?.traded(trade)
    this.#listener?.orderChanged(taker, trade)
    this.#listener?.orderChanged(maker, trade)
    return trade
  }

  #preventSelfTrade(taker: Order, maker: Order, nowMs: number): void {
    if (taker.selfTradePrevention !== 'EXPIRE_TAKER') {
      this.#leaveBook(maker)
      this.#end(maker, 'EXPIRED_IN_MATCH', nowMs)
    }
    if (taker.selfTradePrevention !== 'EXPIRE_MAKER') this.#end(taker, 'EXPIRED_IN_MATCH', nowMs)
  }

  #rest(order: Order): void {
    const { market } = order
    const lots = order.lots - order.filledLots
    lock(order, limitUnits(order, lots))
    const side = order.side === 'BUY' ? market.bids : market.asks
    side.add(order, lots)
    market.touchDepth(side, order.priceTicks)
  }

  #leaveBook(order: Order): void {
    const { market } = order
    const side = order.side === 'BUY' ? market.bids : market.asks
    side.remove(order, order.lots - order.filledLots)
    market.touchDepth(side, order.priceTicks)
  }

  #end(order: Order, status: OrderStatus, nowMs: number): void {
    unlock(order)
    if (order.lots === 0) order.lots = order.filledLots
    order.status = status
    order.updatedAtMs = nowMs
    order.trader.open.delete(order.clientOrderId)
    this.#listener?.orderChanged(order)
  }

  #runTriggers(market: Market, nowMs: number): void {
    for (;;) {
      const order = market.triggers.take(market.lastTicks)
      if (order === undefined) return
      unlock(order)
      order.workingAtMs = nowMs
      order.updatedAtMs = nowMs
      this.#listener?.orderChanged(order)
      // A market order may by now cost more than was locked for it.
      if (isAffordable(order)) this.#work(order, nowMs)
      else this.#end(order, 'EXPIRED', nowMs)
    }
  }

  #earn(asset: string, units: bigint): void {
    if (units !== 0n) this.fees.set(asset, (this.fees.get(asset) ?? 0n) + units)
  }
}

function parkingRefusal(ask: NewOrder): PlacementRefusal | undefined {
  const { lastTicks } = ask.market
  const stopTicks = ask.stopTicks ?? 0
  const triggersNow = Triggers.isRising(ask) ? lastTicks >= stopTicks : lastTicks <= stopTicks
  if (lastTicks > 0 && triggersNow) return 'would-trigger'
  return parkedUnits(ask) > spendable(ask) ? 'insufficient-balance' : undefined
}

function workingRefusal(ask: NewOrder): PlacementRefusal | undefined {
  if (!isAffordable(ask)) return 'insufficient-balance'
  if (ask.type !== 'LIMIT_MAKER') return undefined
  const opposite = ask.side === 'BUY' ? ask.market.asks : ask.market.bids
  const { best } = opposite
  return best !== undefined && opposite.isWithin(best.ticks, ask.priceTicks) ? 'would-take' : undefined
}

function lotsWanted(order: Order, level: Level): number {
  if (order.lots > 0) return order.lots - order.filledLots
  const left = order.quoteUnits - order.filledQuoteUnits
  return Number(left / quoteUnits(order.market.instrument, level.ticks, 1))
}

/** A market order by quote amount is complete when a book was there to fill it: what is left buys less than a lot. */
function isComplete(order: Order): boolean {
  if (order.lots > 0) return order.filledLots === order.lots
  const opposite = order.side === 'BUY' ? order.market.asks : order.market.bids
  return order.filledLots > 0 && opposite.best !== undefined && lotsWanted(order, opposite.best) === 0
}

function fill(order: Order, lots: number, quote: bigint, nowMs: number): void {
  order.filledLots += lots
  order.filledQuoteUnits += quote
  order.updatedAtMs = nowMs
  order.status = order.filledLots === order.lots ? 'FILLED' : 'PARTIALLY_FILLED'
}
