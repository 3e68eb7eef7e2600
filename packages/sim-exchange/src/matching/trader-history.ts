import type { Order, Trade } from './order.ts'

const ORDERS_MAX = 200_000
const TRADES_MAX = 200_000

/** An account's past: orders and trades, oldest first. The oldest are forgotten beyond {@link ORDERS_MAX}. */
export class TraderHistory {
  readonly #orders = new Map<number, Order>()
  readonly #byClientId = new Map<string, Order>()
  readonly #trades = new Map<number, Trade>()
  #reused = 0

  addOrder(order: Order): void {
    if (this.#byClientId.has(order.clientOrderId)) this.#reused++
    this.#orders.set(order.id, order)
    this.#byClientId.set(order.clientOrderId, order)
    const oldest = this.#orders.size > ORDERS_MAX ? this.#orders.values().next().value : undefined
    if (oldest === undefined) return
    this.#orders.delete(oldest.id)
    if (this.#byClientId.get(oldest.clientOrderId) === oldest) this.#byClientId.delete(oldest.clientOrderId)
  }

  addTrade(trade: Trade): void {
    this.#trades.set(trade.id, trade)
    if (this.#trades.size > TRADES_MAX) this.#trades.delete(this.#trades.keys().next().value as number)
  }

  get orders(): Iterable<Order> {
    return this.#orders.values()
  }

  get trades(): Iterable<Trade> {
    return this.#trades.values()
  }

  /** Orders whose client order id an earlier order had: what a client that repeats blindly causes. */
  get reusedClientOrderIds(): number {
    return this.#reused
  }

  byId(id: number): Order | undefined {
    return this.#orders.get(id)
  }

  /** The youngest with this client order id. */
  byClientId(clientOrderId: string): Order | undefined {
    return this.#byClientId.get(clientOrderId)
  }
}
