import type { BacktestVenue } from '../venue/backtest-venue.ts'
import type { VenueEquity } from './backtest-result.ts'
import { EquityRecorder } from './equity-recorder.ts'

/** Notes what the accounts of a run are worth, each and together. */
export class EquityWatch {
  readonly total = new EquityRecorder()
  readonly #markets: readonly BacktestVenue[]
  readonly #rates: readonly number[]
  readonly #each: readonly EquityRecorder[]

  constructor(markets: readonly BacktestVenue[]) {
    this.#markets = markets
    this.#rates = markets.map(({ quoteRate }) => Number(quoteRate))
    this.#each = markets.map(() => new EquityRecorder())
  }

  /** Adds a point. A hot path. */
  note(nowMs: number): void {
    let total = 0
    for (let i = 0; i < this.#markets.length; i++) {
      const worth = (this.#markets[i] as BacktestVenue).broker.equity
      total += worth * (this.#rates[i] as number)
      ;(this.#each[i] as EquityRecorder).add(nowMs, worth)
    }
    this.total.add(nowMs, total)
  }

  /** What happened after the newest point, at its time, counts in it. */
  correct(): void {
    let total = 0
    for (const [i, { broker }] of this.#markets.entries()) {
      total += broker.equity * (this.#rates[i] as number)
      this.#each[i]?.correct(broker.equity)
    }
    this.total.correct(total)
  }

  get byVenue(): readonly VenueEquity[] {
    return this.#markets.map(({ id }, i) => ({ venueId: id, equity: (this.#each[i] as EquityRecorder).values }))
  }
}
