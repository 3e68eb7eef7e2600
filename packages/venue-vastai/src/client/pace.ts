import type { Clock } from '@org/core'
import type { CallLimit } from './endpoint.ts'

/** Vast.ai counts arrivals, we departures: a request that is faster on its way than the one before would come too early. */
export const arrivalMarginMs = 100

interface Lane {
  /** When the last calls began or will begin, oldest first; at most `limit.calls` of them. */
  starts: number[]
  limit: CallLimit
  /** Calls that have a start time and sleep until then. */
  waiting: number
}

/**
 * Keeps calls to one endpoint as far apart as Vast.ai wants them, first come, first served. All clients of one key share one.
 *
 * Time is the clock's: under a virtual clock waiting costs nothing.
 */
export class Pace {
  readonly #clock: Clock
  readonly #lanes = new Map<string, Lane>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when the call may begin; `undefined` when it may begin at once. */
  enter(name: string, limit: CallLimit | undefined, signal: AbortSignal | undefined): Promise<void> | undefined {
    let lane = this.#lanes.get(name)
    if (lane === undefined) {
      if (limit === undefined) return undefined
      lane = { starts: [], limit, waiting: 0 }
      this.#lanes.set(name, lane)
    }
    const { calls } = lane.limit
    const perMs = lane.limit.perMs === 0 ? 0 : lane.limit.perMs + arrivalMarginMs
    const nowMs = this.#clock.now()
    const oldest = lane.starts.length < calls ? undefined : lane.starts[lane.starts.length - calls]
    let waitMs = oldest === undefined ? 0 : Math.max(0, oldest + perMs - nowMs)
    // More than those ahead of us could need: the clock stepped back. Waiting for the old time could take hours.
    const waitMsMax = Math.max(perMs, lane.limit.penaltyMs ?? 0) * (Math.floor(lane.waiting / calls) + 1)
    if (waitMs > waitMsMax) {
      waitMs = waitMsMax
      lane.starts = []
    }
    lane.starts.push(nowMs + waitMs)
    if (lane.starts.length > calls) lane.starts.splice(0, lane.starts.length - calls)
    return waitMs === 0 ? undefined : this.#sleep(lane, waitMs, signal)
  }

  /**
   * Takes note of a 429: from now on the lane is at least as slow as `thresholdMs` says.
   *
   * @returns How long nothing should be sent there, milliseconds.
   */
  slowDown(name: string, limit: CallLimit | undefined, thresholdMs: number | undefined): number {
    const nowMs = this.#clock.now()
    const known = this.#lanes.get(name)?.limit ?? limit
    const perMs = Math.max(known === undefined ? 1000 : known.perMs / known.calls, thresholdMs ?? 0)
    const waitMs = Math.max(perMs, known?.penaltyMs ?? 0)
    const isSlower = known === undefined || perMs > known.perMs / known.calls
    const learned = isSlower ? { calls: 1, perMs } : known
    const lane = this.#lanes.get(name) ?? { starts: [], limit: learned, waiting: 0 }
    lane.limit = { ...learned, penaltyMs: waitMs }
    // One call after the wait, the others spread over the period: all at once would be too often again.
    const spreadMs = learned.perMs / learned.calls
    lane.starts = Array.from({ length: learned.calls }, (_, i) => nowMs + waitMs - learned.perMs + i * spreadMs)
    this.#lanes.set(name, lane)
    return waitMs
  }

  async #sleep(lane: Lane, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    lane.waiting++
    try {
      await this.#clock.sleep(waitMs, { signal })
    } finally {
      lane.waiting--
    }
  }
}
