import { addMicros, type Micros, zeroMicros } from '../money/micros.ts'

/** Amounts in the order in which they came, to be let go of in that order. */
export interface TimedSum {
  readonly entries: { at: number; amount: Micros }[]
  /** Index of the oldest entry that still counts. */
  head: number
}

export function emptyTimedSum(): TimedSum {
  return { entries: [], head: 0 }
}

/**
 * Adds an amount; those of one stretch of `widthMs` share an entry.
 *
 * @param leaves Whether a shared entry leaves `with-newest` (none too early) or `with-oldest` (none too late).
 */
export function add(
  sum: TimedSum,
  amount: Micros,
  atMs: number,
  widthMs: number,
  leaves: 'with-newest' | 'with-oldest',
): void {
  const { entries, head } = sum
  const last = entries.length > head ? entries[entries.length - 1] : undefined
  if (last === undefined || Math.floor(last.at / widthMs) !== Math.floor(atMs / widthMs)) {
    entries.push({ at: atMs, amount })
    return
  }
  last.amount = addMicros(last.amount, amount)
  if (leaves === 'with-newest') last.at = atMs
}

/** Sum of the entries at or before `oldestMs`. */
export function sumBefore(sum: TimedSum, oldestMs: number): number {
  let total = 0
  for (let i = sum.head; i < sum.entries.length; i++) {
    const entry = sum.entries[i] as { at: number; amount: Micros }
    if (entry.at > oldestMs) break
    total += entry.amount
  }
  return total
}

/** Removes the entries later than `atMs` and returns their sum. */
export function takeAfter({ entries, head }: TimedSum, atMs: number): Micros {
  let total = zeroMicros
  for (
    let last = entries.at(-1);
    entries.length > head && last !== undefined && last.at > atMs;
    last = entries.at(-1)
  ) {
    total = addMicros(total, last.amount)
    entries.pop()
  }
  return total
}

/** Drops the entries at or before `oldestMs` and returns their sum. */
export function dropBefore(sum: TimedSum, oldestMs: number): number {
  const { entries } = sum
  let total = 0
  while (sum.head < entries.length) {
    const entry = entries[sum.head] as { at: number; amount: Micros }
    if (entry.at > oldestMs) break
    total += entry.amount
    sum.head++
  }
  if (sum.head > 64 && sum.head * 2 > entries.length) {
    entries.splice(0, sum.head)
    sum.head = 0
  }
  return total
}
