import type { LedgerState } from './ledger-state.ts'

interface Due {
  readonly at: number
  readonly id: string
}

const noneDue: readonly string[] = []

/** Beside the state, not in it: it follows from the reservations that were not sent. */
const heaps = new WeakMap<LedgerState, Due[]>()

/**
 * Ids of the reservations that were not sent and whose time is up at `nowMs`, first the one that was due first.
 *
 * Hot path: looks at those that are due alone, however many are open.
 */
export function expiredAt(state: LedgerState, nowMs: number): readonly string[] {
  const heap = heapOf(state)
  const first = heap[0]
  if (first === undefined || first.at > nowMs) return noneDue
  const due: Due[] = []
  const places = [0]
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const entry = heap[place]
    if (entry === undefined || entry.at > nowMs) continue
    if (state.unsent.has(entry.id)) due.push(entry)
    places.push(2 * place + 1, 2 * place + 2)
  }
  // The heap's own order depends on its history; the journal must not.
  return due.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).map(({ id }) => id)
}

/** To be called when a reservation was added to `unsent`. */
export function noteDue(state: LedgerState, at: number, id: string): void {
  const heap = heaps.get(state)
  if (heap === undefined) return
  // Entries of reservations that are gone are dropped when they come to the top, or here when they are the most.
  if (heap.length > 2 * state.unsent.size + 64) heaps.delete(state)
  else push(heap, { at, id })
}

/** To be called when a reservation left `unsent`. */
export function forgetDue(state: LedgerState): void {
  const heap = heaps.get(state)
  while (heap?.[0] !== undefined && !state.unsent.has(heap[0].id)) pop(heap)
}

/** To be called when expiries were changed. */
export function forgetAllDue(state: LedgerState): void {
  heaps.delete(state)
}

function heapOf(state: LedgerState): Due[] {
  const known = heaps.get(state)
  if (known !== undefined) return known
  const heap: Due[] = []
  for (const id of state.unsent) {
    const reservation = state.reservations.get(id)
    if (reservation !== undefined) heap.push({ at: reservation.expiresAt, id })
  }
  // A sorted list is a heap.
  heap.sort((a, b) => a.at - b.at)
  heaps.set(state, heap)
  return heap
}

function push(heap: Due[], entry: Due): void {
  let place = heap.length
  heap.push(entry)
  while (place > 0) {
    const above = (place - 1) >> 1
    const parent = heap[above] as Due
    if (parent.at <= entry.at) break
    heap[place] = parent
    place = above
  }
  heap[place] = entry
}

function pop(heap: Due[]): void {
  const last = heap.pop() as Due
  const { length } = heap
  if (length === 0) return
  let place = 0
  for (let below = 1; below < length; below = 2 * place + 1) {
    if (below + 1 < length && (heap[below + 1] as Due).at < (heap[below] as Due).at) below++
    const child = heap[below] as Due
    if (child.at >= last.at) break
    heap[place] = child
    place = below
  }
  heap[place] = last
}
