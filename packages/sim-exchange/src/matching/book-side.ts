// Hot path: every order and every trade comes through here.
import type { Order } from './order.ts'

/** All orders at one price, in the order in which they came. */
export interface Level {
  readonly ticks: number
  lots: number
  head: Order | undefined
  tail: Order | undefined
}

/** The bids or the asks of a market. The best price stands at the end of `levels`, where adding and taking away is cheap. */
export class BookSide {
  readonly levels: Level[] = []
  readonly #sign: 1 | -1

  constructor(side: 'bids' | 'asks') {
    // For asks a lower price is better; bids count with the opposite sign.
    this.#sign = side === 'asks' ? 1 : -1
  }

  get best(): Level | undefined {
    return this.levels[this.levels.length - 1]
  }

  /** True when `ticks` is at least as good for a taker as `limitTicks`. */
  isWithin(ticks: number, limitTicks: number): boolean {
    return ticks * this.#sign <= limitTicks * this.#sign
  }

  add(order: Order, lots: number): void {
    const level = this.#levelAt(order.priceTicks)
    order.level = level
    order.previous = level.tail
    order.next = undefined
    if (level.tail === undefined) level.head = order
    else level.tail.next = order
    level.tail = order
    level.lots += lots
  }

  /** Takes out an order of which `lots` are left. */
  remove(order: Order, lots: number): void {
    const level = order.level as Level
    level.lots -= lots
    if (order.previous === undefined) level.head = order.next
    else order.previous.next = order.next
    if (order.next === undefined) level.tail = order.previous
    else order.next.previous = order.previous
    order.level = undefined
    order.previous = undefined
    order.next = undefined
    if (level.head === undefined) this.levels.splice(this.#indexOf(level.ticks), 1)
  }

  #levelAt(ticks: number): Level {
    const index = this.#indexOf(ticks)
    const found = this.levels[index]
    if (found?.ticks === ticks) return found
    const level: Level = { ticks, lots: 0, head: undefined, tail: undefined }
    if (index === this.levels.length) this.levels.push(level)
    else this.levels.splice(index, 0, level)
    return level
  }

  /** Where a level at `ticks` stands or would stand. */
  #indexOf(ticks: number): number {
    const { levels } = this
    const sign = this.#sign
    const key = ticks * sign
    let low = 0
    let high = levels.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((levels[middle] as Level).ticks * sign > key) low = middle + 1
      else high = middle
    }
    return low
  }
}
