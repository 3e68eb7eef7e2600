import type { Clock } from '@org/core'
import type { DecimalText } from '../actions/decimal-text.ts'
import type { AccountBook } from '../book/account-book.ts'
import type { AssetRates } from '../exchange/asset-rates.ts'
import type { PaperEvents, PaperExchange } from './paper-exchange.ts'
import { bookOrderOf } from './paper-order.ts'

/**
 * Brings what the exchange did to the book, in order, and never before the exchange has written it down: after a crash in between it is told
 * again, and a book never knows of a fill that the exchange has forgotten.
 */
export class PaperDelivery {
  readonly #exchange: PaperExchange
  readonly #book: AccountBook
  readonly #rates: AssetRates
  readonly #clock: Clock
  #untold: PaperEvents[] = []

  constructor(exchange: PaperExchange, book: AccountBook, rates: AssetRates, clock: Clock) {
    this.#exchange = exchange
    this.#book = book
    this.#rates = rates
    this.#clock = clock
  }

  add(events: PaperEvents): void {
    if (events.orders.length > 0) this.#untold.push(events)
  }

  get isDue(): boolean {
    return this.#untold.length > 0
  }

  /** Everything that can still be looked up, for a book that may have missed some of it. */
  async deliverAll(): Promise<void> {
    const orders = this.#exchange.orders()
    await Promise.all(orders.map(order => this.#book.send(bookOrderOf(order))))
    this.add({ fills: this.#exchange.fills(), orders })
    await this.deliver(async () => {})
  }

  /**
   * Tells the book all that it was not told, and does `next` with it: what both write goes down as one.
   *
   * @throws What the store throws; then what was not told is told the next time.
   */
  async deliver<T>(next: () => Promise<T>): Promise<T> {
    await this.#exchange.written()
    const rates = new Map<string, DecimalText>()
    for (const asset of this.#assets()) rates.set(asset, await this.#rates.orNewest(asset, '1'))
    const work: Promise<unknown>[] = []
    for (const { fills, orders } of this.#untold) {
      for (const fill of fills) {
        const rate = rates.get(fill.feeAsset) ?? '1'
        work.push(this.#book.fill(fill, { quote: rate, fee: rate }))
      }
      for (const { clientOrderId, status } of orders)
        if (status !== 'open') work.push(this.#book.end(clientOrderId, status, this.#clock.now()))
    }
    this.#untold = []
    const result = next()
    const [done] = await Promise.all([result, ...work])
    return done
  }

  /** Also of what is added while the first rates are asked for. */
  *#assets(): Generator<string> {
    const asked = new Set<string>()
    for (const { fills } of this.#untold)
      for (const { feeAsset } of fills) {
        if (asked.has(feeAsset)) continue
        asked.add(feeAsset)
        yield feeAsset
      }
  }
}
