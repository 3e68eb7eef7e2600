import type { ExactClosed } from '../journal/fact.ts'
import type { Micros } from '../money/micros.ts'
import { nextClockTime } from '../time/next-clock-time.ts'
import type { Breaker } from './constraint-spec.ts'

/** One thing that happened, as a breaker sees it. */
export interface BreakerEvent {
  readonly at: number
  readonly ratio: Micros
  /** Closed by a stop; or a request that failed. */
  readonly isAdverse: boolean
  readonly side?: string
}

/** A lock that stops new risk; the side `'*'` stands for all. */
export interface Lock {
  /** Infinity: until re-armed by hand. */
  readonly untilMs: number
  readonly reason: string
}

/** Memory of a budget that can trip. */
export interface BreakerMemory {
  /** By side. */
  readonly locks: Map<string, Lock>
  /** In the order of their times. */
  events: BreakerEvent[]
}

/** How many events a breaker remembers at least; the oldest are forgotten beyond. */
const eventsKept = 1_000

export const allSides = '*'

export function eventOf({ at, ratio, isStop, side }: ExactClosed): BreakerEvent {
  return { at, ratio, isAdverse: isStop, ...(side === undefined ? {} : { side }) }
}

/** `events` with one more, in the order of their times; those that left the window at `nowMs` may be dropped. */
export function withEvent(
  events: readonly BreakerEvent[],
  event: BreakerEvent,
  breaker: Breaker,
  nowMs: number,
): BreakerEvent[] {
  const next = events.filter(({ at }) => breaker.lookbackMs === undefined || at >= nowMs - breaker.lookbackMs)
  let place = next.length
  while (place > 0 && (next[place - 1] as BreakerEvent).at > event.at) place--
  next.splice(place, 0, event)
  return next.length > eventsKept ? next.slice(-eventsKept) : next
}

/**
 * When the lock ends that `events` call for at `nowMs`; `undefined` where they call for none. The end may have passed already.
 *
 * The end counts from the newest event that made it trip, not from when it was looked at: judging again gives the same end.
 *
 * Source: freqtrade's protections, `freqtrade/plugins/protections`, behaviour restated.
 */
export function lockEnd(
  breaker: Breaker,
  limit: Micros,
  events: readonly BreakerEvent[],
  side: string,
  nowMs: number,
): number | undefined {
  const { rule, lookbackMs } = breaker
  const counted: BreakerEvent[] = []
  for (const event of events) {
    if (lookbackMs !== undefined && event.at < nowMs - lookbackMs) continue
    // `sum` asks for enough positions of either side, and adds up those of one.
    if (side !== allSides && event.side !== side && rule.kind !== 'sum') continue
    if (rule.kind === 'count' && !countsFor(rule, event)) continue
    counted.push(event)
  }
  // A request that went well is no reason to stop for longer.
  const newest = rule.kind === 'adverse-share' ? counted.findLast(({ isAdverse }) => isAdverse) : counted.at(-1)
  if (newest === undefined || !trips(breaker, limit, counted, side)) return undefined
  return stopEnd(breaker, newest.at)
}

/** Until when it stops, where the newest event that made it trip was at `atMs`. */
export function stopEnd({ unlockAt, roundUpToMs, stopMs }: Breaker, atMs: number): number {
  const endMs = unlockAt === undefined ? atMs + stopMs : nextClockTime(atMs, unlockAt.time, unlockAt.timeZone)
  return roundUpToMs === undefined ? endMs : (Math.floor(endMs / roundUpToMs) + 1) * roundUpToMs
}

function countsFor(
  rule: { readonly adverseOnly: boolean; readonly ratioBelow?: Micros | undefined },
  event: BreakerEvent,
) {
  return (event.isAdverse || !rule.adverseOnly) && (rule.ratioBelow === undefined || event.ratio < rule.ratioBelow)
}

function trips({ rule }: Breaker, limit: Micros, counted: readonly BreakerEvent[], side: string): boolean {
  // Limits that count pieces are kept in millionths, as all amounts are.
  const pieces = counted.length * 1e6
  switch (rule.kind) {
    case 'count':
      return pieces >= limit
    case 'streak': {
      const length = Math.max(1, Math.ceil(limit / 1e6))
      return counted.length >= length && counted.slice(-length).every(({ ratio }) => ratio < 0)
    }
    case 'sum': {
      const summed = side === allSides ? counted : counted.filter(event => event.side === side)
      return pieces >= limit && total(summed) < rule.ratioBelow
    }
    case 'drop':
      return counted.length >= rule.countMin && largestDrop(counted) > limit
    case 'adverse-share': {
      const adverse = counted.filter(({ isAdverse }) => isAdverse).length
      return counted.length >= rule.countMin && adverse > 0 && (adverse * 100e6) / counted.length >= limit
    }
  }
}

function total(events: readonly BreakerEvent[]): number {
  return events.reduce((sum, { ratio }) => sum + ratio, 0)
}

function largestDrop(events: readonly BreakerEvent[]): number {
  let sum = 0
  let peak = 0
  let drop = 0
  for (const { ratio } of events) {
    sum += ratio
    peak = Math.max(peak, sum)
    drop = Math.max(drop, peak - sum)
  }
  return drop
}

/** The lock that stops an intent of `side` at `nowMs`, stored or called for by `memory`'s events; the one that lasts longest. */
export function lockAt(
  breaker: Breaker | undefined,
  limit: Micros,
  memory: BreakerMemory,
  side: string | undefined,
  nowMs: number,
): (Lock & { readonly side: string; readonly isStored: boolean }) | undefined {
  let longest: (Lock & { side: string; isStored: boolean }) | undefined
  for (const [locked, lock] of memory.locks)
    if (nowMs < lock.untilMs && concerns(locked, side) && lock.untilMs > (longest?.untilMs ?? 0))
      longest = { ...lock, side: locked, isStored: true }
  if (breaker === undefined) return longest
  for (const judged of sidesOf(breaker, memory.events)) {
    if (!concerns(judged, side)) continue
    const untilMs = lockEnd(breaker, limit, memory.events, judged, nowMs)
    if (untilMs !== undefined && nowMs < untilMs && untilMs > (longest?.untilMs ?? 0))
      longest = { untilMs, reason: whyTripped(breaker.rule.kind, untilMs), side: judged, isStored: false }
  }
  return longest
}

/** The sides that a breaker judges apart. */
export function sidesOf(breaker: Breaker, events: readonly BreakerEvent[]): Iterable<string> {
  if (!breaker.perSide) return [allSides]
  return new Set(events.flatMap(({ side }) => (side === undefined ? [] : [side])))
}

export function whyTripped(rule: string, untilMs: number): string {
  return `its rule (${rule}) was met; no new risk until ${new Date(untilMs).toISOString()}`
}

/** Who does not say a side may be on any. */
function concerns(locked: string, side: string | undefined): boolean {
  return locked === allSides || side === undefined || locked === side
}
