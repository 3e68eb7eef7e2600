/** Keeps the last `lengthMax` items; adding one is O(1). */
export class BoundedList<T> implements Iterable<T> {
  readonly #items: T[] = []
  readonly #lengthMax: number
  #start = 0

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax
  }

  get length(): number {
    return this.#items.length
  }

  add(item: T): void {
    if (this.#items.length < this.#lengthMax) {
      this.#items.push(item)
      return
    }
    this.#items[this.#start] = item
    this.#start = (this.#start + 1) % this.#lengthMax
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; i < this.#items.length; i++) yield this.#items[(this.#start + i) % this.#items.length] as T
  }
}
