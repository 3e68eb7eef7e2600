import type { Bar } from './bar.ts'

/** Many bars as columns: a million take 48 MB and no objects. */
export class BarColumns {
  readonly length: number
  readonly openTime: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array

  constructor(length: number) {
    this.length = length
    this.openTime = new Float64Array(length)
    this.open = new Float64Array(length)
    this.high = new Float64Array(length)
    this.low = new Float64Array(length)
    this.close = new Float64Array(length)
    this.volume = new Float64Array(length)
  }

  static of(bars: readonly Bar[]): BarColumns {
    const columns = new BarColumns(bars.length)
    for (const [i, bar] of bars.entries()) columns.set(i, bar)
    return columns
  }

  set(i: number, bar: Bar): void {
    this.openTime[i] = bar.openTime
    this.open[i] = bar.open
    this.high[i] = bar.high
    this.low[i] = bar.low
    this.close[i] = bar.close
    this.volume[i] = bar.volume
  }

  /** A copy of one bar. */
  at(i: number): Bar {
    return {
      openTime: this.openTime[i] as number,
      open: this.open[i] as number,
      high: this.high[i] as number,
      low: this.low[i] as number,
      close: this.close[i] as number,
      volume: this.volume[i] as number,
    }
  }

  /** The first `length` bars. */
  first(length: number): BarColumns {
    return this.#part(0, length)
  }

  /** The last `length` bars. */
  last(length: number): BarColumns {
    return this.#part(Math.max(0, this.length - length), length)
  }

  #part(from: number, length: number): BarColumns {
    const part = new BarColumns(Math.min(length, this.length - from))
    for (const name of columnNames) part[name].set(this[name].subarray(from, from + part.length))
    return part
  }
}

const columnNames = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const
