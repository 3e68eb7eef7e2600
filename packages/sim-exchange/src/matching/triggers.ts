import type { Order } from './order.ts'

/** Stop and take-profit orders that wait for a price. */
export class Triggers {
  /** Wait for a price at or above their stop; the lowest stop last. */
  readonly #rising: Order[] = []
  /** Wait for a price at or below their stop; the highest stop last. */
  readonly #falling: Order[] = []

  /** True when `order` waits for the price to rise. */
  static isRising(order: Pick<Order, 'side' | 'type'>): boolean {
    const isStop = order.type === 'STOP_LOSS' || order.type === 'STOP_LOSS_LIMIT'
    return (order.side === 'BUY') === isStop
  }

  add(order: Order): void {
    const isRising = Triggers.isRising(order)
    const list = isRising ? this.#rising : this.#falling
    // Of equal stops the older triggers first, so it stays nearer to the end.
    const index = list.findIndex(other =>
      isRising ? other.stopTicks <= order.stopTicks : other.stopTicks >= order.stopTicks,
    )
    list.splice(index === -1 ? list.length : index, 0, order)
  }

  remove(order: Order): void {
    const list = Triggers.isRising(order) ? this.#rising : this.#falling
    const index = list.indexOf(order)
    if (index !== -1) list.splice(index, 1)
  }

  /** Takes out the next order that `lastTicks` sets off. */
  take(lastTicks: number): Order | undefined {
    const rising = this.#rising.at(-1)
    if (rising !== undefined && lastTicks >= rising.stopTicks) return this.#rising.pop()
    const falling = this.#falling.at(-1)
    if (falling !== undefined && lastTicks <= falling.stopTicks) return this.#falling.pop()
    return undefined
  }
}
