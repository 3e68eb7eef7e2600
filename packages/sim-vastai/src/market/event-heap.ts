/** Something that will happen. `stamp` lets the target notice that the appointment was superseded. */
export interface Appointment<Kind extends string, Target> {
  readonly atMs: number
  readonly kind: Kind
  readonly target: Target
  readonly stamp: number
}

interface Entry<E> {
  readonly atMs: number
  readonly order: number
  readonly event: E
}

/** Earliest first; what was scheduled first goes first among equals. */
export class EventHeap<E extends { readonly atMs: number }> {
  readonly #entries: Entry<E>[] = []
  #order = 0

  get size(): number {
    return this.#entries.length
  }

  get nextMs(): number {
    return this.#entries[0]?.atMs ?? Number.POSITIVE_INFINITY
  }

  push(event: E): void {
    const entries = this.#entries
    const entry = { atMs: event.atMs, order: this.#order++, event }
    let at = entries.length
    entries.push(entry)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = entries[above] as Entry<E>
      if (!isBefore(entry, parent)) break
      entries[at] = parent
      at = above
    }
    entries[at] = entry
  }

  pop(): E | undefined {
    const entries = this.#entries
    const first = entries[0]
    const last = entries.pop()
    if (first === undefined || last === undefined) return undefined
    if (first === last) return first.event
    const size = entries.length
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= size) break
      if (below + 1 < size && isBefore(entries[below + 1] as Entry<E>, entries[below] as Entry<E>)) below++
      const child = entries[below] as Entry<E>
      if (!isBefore(child, last)) break
      entries[at] = child
      at = below
    }
    entries[at] = last
    return first.event
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
