import { BookSide } from './book-side.ts'
import type { Instrument } from './instrument.ts'
import { Triggers } from './triggers.ts'

/** Prices whose level changed since the depth stream last told. */
export interface DepthChanges {
  readonly bids: Set<number>
  readonly asks: Set<number>
}

/** One instrument's book and what waits beside it. */
export class Market {
  readonly instrument: Instrument
  readonly bids = new BookSide('bids')
  readonly asks = new BookSide('asks')
  readonly triggers = new Triggers()
  /** 0 before the first trade. */
  lastTicks = 0
  /** Grows with every change of the book. */
  updateId = 1
  /** Collected only while somebody reads it. */
  depthChanges: DepthChanges | undefined

  constructor(instrument: Instrument) {
    this.instrument = instrument
  }

  touchDepth(side: BookSide, ticks: number): void {
    this.updateId++
    if (this.depthChanges === undefined) return
    if (side === this.bids) this.depthChanges.bids.add(ticks)
    else this.depthChanges.asks.add(ticks)
  }
}
