import { AbortedError, AutomationError } from '../errors/automation-error.ts'
import type { Clock } from './clock.ts'

interface Sleeper {
  readonly at: number
  readonly order: number
  readonly wake: () => void
  cancelled: boolean
}

/**
 * Time that moves only when nothing else can: {@link VirtualClock.run} lets all pending work go as far as it can, then jumps to the
 * earliest sleeper. Sleepers due at one instant wake in the order in which they went to sleep, so a run is deterministic.
 *
 * @example
 * const clock = new VirtualClock({ startMs: Date.UTC(2026, 0, 1) })
 * await clock.run(() => engine.run({ for: '30d' }))   // thirty days in seconds
 */
export class VirtualClock implements Clock {
  #nowMs: number
  #order = 0
  #tracked = 0
  #onIdle: (() => void) | undefined
  #cancelled = 0
  #heap: Sleeper[] = []

  constructor(options: { readonly startMs?: number } = {}) {
    this.#nowMs = options.startMs ?? Date.UTC(2026, 0, 1)
  }

  now(): number {
    return this.#nowMs
  }

  sleep(ms: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void> {
    const signal = options?.signal
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new AbortedError({ cause: signal.reason }))
      const onAbort = () => {
        sleeper.cancelled = true
        this.#cancelled++
        this.#forgetCancelled()
        reject(new AbortedError({ cause: signal?.reason }))
      }
      const sleeper: Sleeper = {
        at: this.#nowMs + Math.max(0, ms || 0),
        order: this.#order++,
        cancelled: false,
        wake: () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#push(sleeper)
    })
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.#tracked++
    const settled = () => {
      this.#tracked--
      if (this.#tracked === 0) this.#onIdle?.()
    }
    work.then(settled, settled)
    return work
  }

  /**
   * Runs `main` to its end, moving time forward whenever everything waits.
   *
   * @throws {AutomationError} `VIRTUAL_CLOCK_STUCK` when `main` waits for something that is neither a sleeper of this clock nor
   *   tracked work: time could never move again.
   */
  async run<T>(main: () => Promise<T>): Promise<T> {
    let done = false
    const result = main()
    const finished = () => {
      done = true
    }
    result.then(finished, finished)
    let idleTurns = 0
    while (!done) {
      await nextTurn()
      if (done) break
      if (this.#tracked > 0) {
        idleTurns = 0
        await new Promise<void>(resolve => {
          this.#onIdle = resolve
          if (this.#tracked === 0) resolve()
        })
        this.#onIdle = undefined
        continue
      }
      const next = this.#pop()
      if (next === undefined) {
        // Work that is not ours (a closing server, a worker) may still need turns of the event loop.
        if (++idleTurns > 10_000)
          throw new AutomationError({
            code: 'VIRTUAL_CLOCK_STUCK',
            message:
              'nothing sleeps and no tracked work is pending, yet the run has not ended: wrap real I/O in clock.track()',
          })
        continue
      }
      idleTurns = 0
      if (next.at > this.#nowMs) this.#nowMs = next.at
      next.wake()
    }
    return result
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.#heap.length - this.#cancelled
  }

  /** Moves time to `atMs` without waking anybody in between; for tests of what a clock jump does. May go backwards. */
  jumpTo(atMs: number): void {
    this.#nowMs = atMs
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#heap
    let i = heap.push(sleeper) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!earlier(sleeper, heap[parent] as Sleeper)) break
      heap[i] = heap[parent] as Sleeper
      i = parent
    }
    heap[i] = sleeper
  }

  #pop(): Sleeper | undefined {
    const heap = this.#heap
    while (heap.length > 0) {
      const top = heap[0] as Sleeper
      const last = heap.pop() as Sleeper
      if (heap.length > 0) {
        let i = 0
        for (;;) {
          let child = 2 * i + 1
          if (child >= heap.length) break
          if (child + 1 < heap.length && earlier(heap[child + 1] as Sleeper, heap[child] as Sleeper)) child++
          if (!earlier(heap[child] as Sleeper, last)) break
          heap[i] = heap[child] as Sleeper
          i = child
        }
        heap[i] = last
      }
      if (!top.cancelled) return top
      this.#cancelled--
    }
    return undefined
  }

  /** Time limits that were not needed must not pile up until the day they were set for. */
  #forgetCancelled(): void {
    if (this.#cancelled < 64 || this.#cancelled * 2 < this.#heap.length) return
    // What is sorted is a heap.
    this.#heap = this.#heap.filter(sleeper => !sleeper.cancelled).sort((a, b) => (earlier(a, b) ? -1 : 1))
    this.#cancelled = 0
  }
}

function earlier(a: Sleeper, b: Sleeper): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
