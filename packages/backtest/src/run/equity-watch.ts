import type { Market } from '../broker/market.ts'
import type { BacktestVenue } from '../venue/backtest-venue.ts'
import type { VenueEquity } from './backtest-result.ts'
import { EquityRecorder } from './equity-recorder.ts'

/** Notes what the accounts of a run are worth, each and together. */
export class EquityWatch {
  readonly total = new EquityRecorder()
  readonly #markets: readonly BacktestVenue[]
  readonly #rates: readonly number[]
  readonly #each: readonly EquityRecorder[]
  /** Where there is one symbol in all: its market, to compare with. */
  readonly #only: Market | undefined
  readonly #closes = new EquityRecorder()

  readonly #stepMs: number
  #dueAt = Number.NEGATIVE_INFINITY

  /** @param stepMs A point is noted once in so much time; 0: after each event. */
  constructor(markets: readonly BacktestVenue[], stepMs: number) {
    this.#stepMs = stepMs
    this.#markets = markets
    this.#rates = markets.map(({ quoteRate }) => Number(quoteRate))
    this.#each = markets.map(() => new EquityRecorder())
    const all = markets.flatMap(({ broker, symbols }) => symbols.map(symbol => broker.market(symbol)))
    this.#only = all.length === 1 ? all[0] : undefined
  }

  /** Adds a point, where one is due. A hot path. */
  note(nowMs: number): void {
    if (nowMs < this.#dueAt) return
    if (this.#stepMs > 0) this.#dueAt = (Math.floor(nowMs / this.#stepMs) + 1) * this.#stepMs
    this.#add(nowMs)
  }

  /** The last point: what happened since the newest one counts. */
  finish(nowMs: number): void {
    if (nowMs > (this.total.times.at(-1) ?? Number.POSITIVE_INFINITY)) this.#add(nowMs)
    else this.#correct()
  }

  #add(nowMs: number): void {
    let total = 0
    for (let i = 0; i < this.#markets.length; i++) {
      const worth = (this.#markets[i] as BacktestVenue).broker.equity
      total += worth * (this.#rates[i] as number)
      ;(this.#each[i] as EquityRecorder).add(nowMs, worth)
    }
    this.total.add(nowMs, total)
    if (this.#only !== undefined) this.#closes.add(nowMs, this.#only.price)
  }

  #correct(): void {
    let total = 0
    for (const [i, { broker }] of this.#markets.entries()) {
      total += broker.equity * (this.#rates[i] as number)
      this.#each[i]?.correct(broker.equity)
    }
    this.total.correct(total)
  }

  /** Prices of the one symbol there is; `undefined` where there are several. */
  get closes(): Float64Array | undefined {
    return this.#only === undefined ? undefined : this.#closes.values
  }

  get byVenue(): readonly VenueEquity[] {
    return this.#markets.map(({ id }, i) => ({ venueId: id, equity: (this.#each[i] as EquityRecorder).values }))
  }
}
