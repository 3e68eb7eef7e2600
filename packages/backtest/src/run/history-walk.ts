import { AbortedError, type VirtualClock } from '@org/core'
import type { BacktestVenue } from '../venue/backtest-venue.ts'
import type { BudgetRecorder } from './budget-recorder.ts'
import type { EquityWatch } from './equity-watch.ts'
import { carryOut, type Schedule, strategyFailed } from './scan.ts'

export interface HistoryWalkOptions {
  readonly clock: VirtualClock
  readonly markets: readonly BacktestVenue[]
  readonly schedules: readonly Schedule[]
  readonly equity: EquityWatch
  readonly budgets: BudgetRecorder
  readonly end: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: { readonly nowMs: number; readonly events: number }) => void) | undefined
}

/** After so many events others get their turn: signals, timers, progress. */
const eventsPerTurn = 20_000

/**
 * Time's way from one bar, quote or scan to the next. What is over is taken in first; then whoever is due decides, in the order of the strategies.
 *
 * A hot path: a few small methods, since whatever is alive across an `await` is put away and brought back each time.
 */
export class HistoryWalk {
  events = 0
  /** When the newest data came. */
  lastDataAt = 0
  readonly #options: HistoryWalkOptions
  readonly #clock: VirtualClock
  readonly #markets: readonly BacktestVenue[]
  readonly #schedules: readonly Schedule[]
  /** When the next data come; `Infinity`: never. */
  #dataAt = 0

  constructor(options: HistoryWalkOptions) {
    this.#options = options
    this.#clock = options.clock
    this.#markets = options.markets
    this.#schedules = options.schedules
  }

  async run(): Promise<void> {
    this.#lookAhead()
    for (;;) {
      const nowMs = this.#nextMs()
      if (nowMs === undefined) return
      if (this.#clock.sleeping > 0) await this.#clock.sleep(nowMs - this.#clock.now())
      if (this.#takeIn(nowMs)) await this.#letOthers(nowMs)
      // Also the bar that begins now must be there before anybody decides.
      if (!this.#lookAhead()) await this.#load()
      for (let i = 0; i < this.#schedules.length; i++) {
        const schedule = this.#schedules[i] as Schedule
        if (schedule.dueAt > nowMs) continue
        try {
          const found = await schedule.strategy.findOpportunities()
          if (found.length > 0) await carryOut(schedule.strategy, found)
        } catch (error) {
          throw strategyFailed(schedule.strategy, nowMs, error)
        }
        this.#scanned(schedule)
      }
    }
  }

  /** Finds out when the next data come. @returns False when a feed must be asked for more. */
  #lookAhead(): boolean {
    let next = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.#markets.length; i++) {
      const at = (this.#markets[i] as BacktestVenue).nextEventAt()
      if (at === undefined) return false
      if (at < next) next = at
    }
    this.#dataAt = next
    return true
  }

  async #load(): Promise<void> {
    for (const market of this.#markets) await market.load()
    this.#lookAhead()
  }

  /** The next time at which something is to be done; `undefined` at the end. */
  #nextMs(): number | undefined {
    const { end } = this.#options
    let nextMs = this.#dataAt
    for (let i = 0; i < this.#schedules.length; i++) {
      const { dueAt } = this.#schedules[i] as Schedule
      if (dueAt < nextMs) nextMs = dueAt
    }
    if (nextMs > end) return undefined
    // After the last data only what is due at their time is left.
    return this.#dataAt === Number.POSITIVE_INFINITY && nextMs > this.lastDataAt ? undefined : nextMs
  }

  /** @returns True when it is others' turn. */
  #takeIn(nowMs: number): boolean {
    this.#options.budgets.beforeMovingTo(nowMs)
    if (nowMs > this.#clock.now()) this.#clock.jumpTo(nowMs)
    if (this.#dataAt > nowMs) return false
    for (let i = 0; i < this.#markets.length; i++) (this.#markets[i] as BacktestVenue).advanceTo(nowMs)
    this.lastDataAt = nowMs
    this.#options.equity.note(nowMs)
    this.events++
    return this.events % eventsPerTurn === 0
  }

  async #letOthers(nowMs: number): Promise<void> {
    const { signal, onProgress } = this.#options
    await this.#clock.sleep(0)
    if (signal?.aborted === true) throw new AbortedError({ cause: signal.reason })
    onProgress?.({ nowMs, events: this.events })
  }

  #scanned(schedule: Schedule): void {
    schedule.scans++
    schedule.dueAt = Math.max(schedule.dueAt + schedule.strategy.config.scanIntervalMs, this.#clock.now())
  }
}
