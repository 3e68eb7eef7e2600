import { Decimal, type Micros, type Posting, toMicros } from '@org/core'
import { orderEffects } from '../actions/order-effects.ts'
import type { BookOrder } from './book-order.ts'
import { type LevelMeasure, type Levels, levelMeasures, type StrategyBook } from './strategy-book.ts'

const zero = Decimal.of('0')

/**
 * Where each measure of a book stands, from its open orders, its position and the last mark; in millionths, rounded against the user:
 *
 *     loss            = −(realised result after fees), since ever
 *     unrealised-loss = cost − quantity × mark                                        (negative: a gain)
 *     exposure        = |cost| + Σ open × worst price
 *     open-loss       = what the position loses from its entry to its stop, with the fees of the exit + Σ the orders' worst cases
 *     position        = |quantity| + Σ open
 *
 * over the opening orders whose receipt was given; before that their reservations stand for them. Without a stop all of a position can be lost.
 *
 * @param receiptedId The order whose receipt is being given.
 */
export function levelsOf(book: StrategyBook, receiptedId?: string): Levels {
  const { quantity, cost, realised, stopPrice } = book.window.position
  const invested = cost.abs().times(book.quoteRate)
  let exposure = invested
  let openLoss = zero
  let pieces = quantity.abs()
  if (!quantity.isZero) {
    const toStop = stopPrice === undefined ? invested : distance(cost, quantity, stopPrice).times(book.quoteRate)
    openLoss = toStop.plus(invested.times(book.feesRatio).times('0.5'))
  }
  for (const order of book.open.values()) {
    if (order.isClosing || !(order.isReceipted || order.clientOrderId === receiptedId)) continue
    const left = Decimal.of(order.quantity).minus(order.filled).text
    const effects = orderEffects({ ...order, quantity: left, price: order.worstPrice, quoteRate: book.quoteRate })
    for (const { measure, amount } of effects) {
      if (measure === 'exposure') exposure = exposure.plus(amount)
      if (measure === 'open-loss') openLoss = openLoss.plus(amount)
      if (measure === 'position') pieces = pieces.plus(amount)
    }
  }
  return {
    loss: up(realised.negated()),
    'unrealised-loss': up(unrealisedOf(book).negated()),
    exposure: up(exposure),
    'open-loss': up(openLoss),
    position: up(pieces),
  }
}

/** In the base currency: what the position is worth more than was paid for it, at the last mark. */
export function unrealisedOf({ window, mark, quoteRate }: StrategyBook): Decimal {
  const { quantity, cost } = window.position
  if (mark === undefined || quantity.isZero) return zero
  return quantity.times(mark.price).minus(cost).times(quoteRate)
}

/** What has to be posted so that budgets know where the levels stand. Measures that stand where they stood are left out. */
export function differencesOf(book: StrategyBook, receiptedId?: string): readonly Posting[] {
  const levels = levelsOf(book, receiptedId)
  const postings: Posting[] = []
  for (const measure of levelMeasures) {
    const difference = levels[measure] - book.posted[measure]
    if (difference !== 0) postings.push({ measure, amount: microsText(difference) })
  }
  return postings
}

/** Takes in that budgets were told. */
export function post(book: StrategyBook, postings: readonly Posting[]): void {
  for (const { measure, amount } of postings) {
    if (!isLevel(measure)) continue
    book.posted[measure] = (book.posted[measure] + toMicros(amount, 'up')) as Micros
  }
}

/** The worst case of a whole order, as it is posted for an action of its size. */
export function notionalOf(order: BookOrder): string {
  return Decimal.of(order.quantity).times(order.worstPrice).times(order.quoteRate).toPlaces(6, 'up').text
}

function microsText(micros: number): string {
  return Decimal.of(micros).times('0.000001').text
}

function isLevel(measure: string): measure is LevelMeasure {
  return (levelMeasures as readonly string[]).includes(measure)
}

/** How much the position loses from its entry to the stop, in the quote asset; never less than 0. */
function distance(cost: Decimal, quantity: Decimal, stopPrice: string): Decimal {
  const lost = cost.minus(quantity.times(stopPrice))
  return lost.isPositive ? lost : zero
}

function up(value: Decimal): Micros {
  return toMicros(value.text, 'up')
}
