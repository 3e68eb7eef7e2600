import { Decimal } from '@org/core'
import { flatPosition, type PositionState, positionAfter } from '../book/position-state.ts'
import { leftOf, type PaperOrder } from './paper-order.ts'
import {
  balanceRowOf,
  type PaperBalance,
  type PaperChange,
  type PaperFill,
  type PaperState,
  positionRowOf,
} from './paper-state.ts'
import type { SimulatedFill } from './simulate-fill.ts'

const zero = Decimal.of('0')
const nothing: PaperBalance = { total: zero, locked: zero }

/**
 * What an account may do. `cash`: both assets move, and nobody sells what he does not have. `margin`: only the quote asset moves, by results and
 * fees; positions hold notional ÷ leverage of it. Nobody is liquidated.
 */
export interface AccountTerms {
  readonly kind: 'cash' | 'margin'
  readonly leverage: string
  /** Fees of an asset are rounded to so many places; others are exact. */
  readonly feePlaces: { readonly [asset: string]: number }
}

/** One change of a paper account while it is being made: orders, fills and balances as they will be. */
export class AccountChange {
  readonly #state: PaperState
  readonly #terms: AccountTerms
  readonly #orders = new Map<string, PaperOrder>()
  readonly #fills: PaperFill[] = []
  readonly #balances = new Map<string, PaperBalance>()
  readonly #positions = new Map<string, PositionState>()
  #newestId: number

  constructor(state: PaperState, terms: AccountTerms) {
    this.#state = state
    this.#terms = terms
    this.#newestId = state.newestId
  }

  get isEmpty(): boolean {
    return this.#orders.size === 0
  }

  nextId(): string {
    this.#newestId++
    return String(this.#newestId)
  }

  free(asset: string): Decimal {
    const { total, locked } = this.#balance(asset)
    return total.minus(locked)
  }

  /** Fills a piece of an order; its balances, its lock and, when nothing is left, its end follow. */
  fill(order: PaperOrder, { price, quantity, isMaker }: SimulatedFill, at: number): PaperOrder {
    const { orderId, clientOrderId, strategyId, symbol, side, quoteAsset } = order
    const value = Decimal.of(price).times(quantity)
    const fee = this.feeOn(value, order, isMaker)
    const who = { orderId, clientOrderId, strategyId, symbol, side }
    const fill: PaperFill = {
      tradeId: this.nextId(),
      ...who,
      price,
      quantity,
      fee: fee.text,
      feeAsset: quoteAsset,
      isMaker,
      at,
    }
    this.#fills.push(fill)
    if (this.#terms.kind === 'cash') this.#exchangeAssets(order, quantity, value, fee)
    else this.#movePosition(fill, order)
    const filled = Decimal.of(order.filled).plus(quantity)
    const isWhole = filled.compare(order.quantity) >= 0
    const paid = Decimal.of(order.paid).plus(value).text
    return this.put({ ...order, filled: filled.text, paid, status: isWhole ? 'filled' : order.status })
  }

  feeOn(value: Decimal, { makerFee, takerFee, quoteAsset }: PaperOrder, isMaker: boolean): Decimal {
    const fee = value.times(isMaker ? makerFee : takerFee)
    const places = this.#terms.feePlaces[quoteAsset]
    return places === undefined ? fee : fee.toPlaces(places, 'round')
  }

  /** Notes an order as it is now, and locks what it holds from now on. */
  put(order: PaperOrder): PaperOrder {
    const holds = order.status === 'open' ? lockOf(order, this.#terms) : zero
    this.#move(order.lockedAsset, zero, holds.minus(order.locked))
    const noted = { ...order, locked: holds.text }
    this.#orders.set(order.clientOrderId, noted)
    return noted
  }

  /** What the change comes to, to be written down. */
  done(): PaperChange {
    return {
      newestId: this.#newestId,
      orders: [...this.#orders.values()],
      fills: this.#fills,
      balances: [...this.#balances].map(([asset, balance]) => balanceRowOf(asset, balance)),
      positions: [...this.#positions].map(([symbol, position]) => positionRowOf(symbol, position)),
    }
  }

  #exchangeAssets({ side, baseAsset, quoteAsset }: PaperOrder, quantity: string, value: Decimal, fee: Decimal): void {
    const bought = Decimal.of(quantity)
    this.#move(baseAsset, side === 'buy' ? bought : bought.negated(), zero)
    this.#move(quoteAsset, (side === 'buy' ? value.negated() : value).minus(fee), zero)
  }

  #movePosition(fill: PaperFill, { quoteAsset }: PaperOrder): void {
    const before = this.#positions.get(fill.symbol) ?? this.#state.positions.get(fill.symbol) ?? flatPosition
    const rated = { ...fill, quoteRate: '1', feeRate: '1', stopPrice: undefined, isStop: false }
    const { position } = positionAfter(before, rated)
    this.#positions.set(fill.symbol, position)
    const held = position.cost.abs().minus(before.cost.abs()).dividedBy(this.#terms.leverage)
    this.#move(quoteAsset, position.realised.minus(before.realised), held)
  }

  #move(asset: string, total: Decimal, locked: Decimal): void {
    if (total.isZero && locked.isZero) return
    const before = this.#balance(asset)
    this.#balances.set(asset, { total: before.total.plus(total), locked: before.locked.plus(locked) })
  }

  #balance(asset: string): PaperBalance {
    return this.#balances.get(asset) ?? this.#state.balances.get(asset) ?? nothing
  }
}

/** What an order that stands open holds of its locked asset. */
export function lockOf(order: PaperOrder, { kind, leverage }: AccountTerms): Decimal {
  const left = leftOf(order)
  if (kind === 'cash' && order.side === 'sell') return left
  if (kind === 'margin' && order.isClosing) return zero
  const perUnit = order.price ?? order.stopPrice ?? '0'
  const notional = left.times(perUnit)
  const fee = Decimal.of(order.makerFee).compare(order.takerFee) > 0 ? order.makerFee : order.takerFee
  const held = kind === 'cash' ? notional : notional.dividedBy(leverage)
  return held.plus(notional.times(fee))
}
