import type { Instrument, OrderView, Position } from '@org/venue-trading/actions'
import type { MomentumParams } from './config.ts'
import { TickBars } from './tick-bars.ts'
import { Trend } from './trend.ts'

/** What is known of one symbol between two looks. */
export class Followed {
  readonly symbol: string
  readonly #params: MomentumParams
  readonly tickBars: TickBars
  trend: Trend
  /** The code of why instrument or bars could not be read; a position is protected nevertheless. */
  barsProblem: string | undefined
  instrument: Instrument | undefined
  position: Position | undefined
  openOrders: readonly OrderView[] = []
  /** An order of ours may or may not have happened. */
  isInDoubt = false
  /** A stop that is watched here, since it does not wait at the venue. */
  watchedStop: { readonly price: string; readonly isLong: boolean } | undefined
  /** The stop that the venue will not take; it is not asked again for this one. */
  refusedStop: string | undefined
  reason = 'not-looked-at'
  #underWay = 0
  #changes = 0

  constructor(symbol: string, params: MomentumParams, barMs: number) {
    this.symbol = symbol
    this.#params = params
    this.tickBars = new TickBars(barMs)
    this.trend = new Trend(params)
  }

  /** Begins the averages anew. */
  restartTrend(): void {
    this.trend = new Trend(this.#params)
  }

  get isUnderWay(): boolean {
    return this.#underWay > 0
  }

  /** Differs once something was done, or is being done: what was seen of the account before is past. */
  get changes(): number {
    return this.#changes
  }

  /** While `work` acts on the symbol, nothing else is decided about it. */
  async acting<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay++
    this.#changes++
    try {
      return await work()
    } finally {
      this.#underWay--
      this.#changes++
    }
  }
}
