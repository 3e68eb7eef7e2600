const MINUTE_MS = 60_000
const MINUTES_MAX = 20_000

/** One minute of trading, in whole ticks and 1e-8. */
export interface Candle {
  readonly openMs: number
  open: number
  high: number
  low: number
  close: number
  lots: number
  quoteUnits: bigint
  trades: number
  takerBuyLots: number
  takerBuyQuoteUnits: bigint
}

/** Minutes of one market, the last {@link MINUTES_MAX} of them, without gaps: where nobody traded the price stays. */
export class CandleSeries {
  #minutes: Candle[] = []
  #past: (() => readonly Candle[]) | undefined

  /** Minutes before the first trade, made when they are first asked for: `ticksAt` says the price at an instant. */
  precede(fromMs: number, toMs: number, ticksAt: (atMs: number) => number): void {
    this.#past = () => {
      const past: Candle[] = []
      for (let openMs = floorMinute(fromMs); openMs < floorMinute(toMs); openMs += MINUTE_MS) {
        const candle = emptyCandle(openMs, ticksAt(openMs))
        for (const share of [0.25, 0.5, 0.75, 1]) stretch(candle, ticksAt(openMs + MINUTE_MS * share))
        past.push(candle)
      }
      return past
    }
    this.#add(emptyCandle(floorMinute(toMs), ticksAt(toMs)))
  }

  trade(atMs: number, ticks: number, lots: number, quoteUnits: bigint, isBuyerMaker: boolean): void {
    const candle = this.#at(atMs, ticks)
    if (candle.trades === 0) candle.open = candle.high = candle.low = ticks
    stretch(candle, ticks)
    candle.lots += lots
    candle.quoteUnits += quoteUnits
    candle.trades++
    if (isBuyerMaker) return
    candle.takerBuyLots += lots
    candle.takerBuyQuoteUnits += quoteUnits
  }

  /** Candles of `intervalMs`, a multiple of a minute, that open in the range; oldest first, at most `limit` of the youngest or, with `fromMs`, of the oldest. */
  read(ask: {
    readonly intervalMs: number
    /** Where intervals begin, for weeks. @default 0 */
    readonly anchorMs?: number
    readonly fromMs?: number | undefined
    readonly toMs: number
    readonly limit: number
  }): readonly Candle[] {
    if (this.#past !== undefined) this.#minutes = [...this.#past(), ...this.#minutes]
    this.#past = undefined
    const merged: Candle[] = []
    const { intervalMs, anchorMs = 0, limit } = ask
    const openOf = (atMs: number) => Math.floor((atMs - anchorMs) / intervalMs) * intervalMs + anchorMs
    const startMs = ask.fromMs ?? openOf(ask.toMs) - (limit - 1) * intervalMs
    for (let i = this.#firstFrom(startMs); i < this.#minutes.length; i++) {
      const minute = this.#minutes[i] as Candle
      const openMs = openOf(minute.openMs)
      if (openMs < startMs) continue
      if (openMs > ask.toMs) break
      const last = merged.at(-1)
      if (last?.openMs === openMs) join(last, minute)
      else if (merged.length === limit) break
      else merged.push({ ...minute, openMs })
    }
    return merged
  }

  /** Carries the last price forward to `nowMs`, so that the minute at hand exists. */
  carryTo(nowMs: number): void {
    const last = this.#minutes.at(-1)
    if (last !== undefined) this.#at(nowMs, last.close)
  }

  /** Where the first minute stands that opens at `fromMs` or later. */
  #firstFrom(fromMs: number): number {
    let low = 0
    let high = this.#minutes.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#minutes[middle] as Candle).openMs < fromMs) low = middle + 1
      else high = middle
    }
    return low
  }

  #at(atMs: number, ticks: number): Candle {
    const openMs = floorMinute(atMs)
    for (;;) {
      const last = this.#minutes.at(-1)
      if (last !== undefined && last.openMs >= openMs) return last
      const tooFar = last === undefined || openMs - last.openMs > MINUTES_MAX * MINUTE_MS
      this.#add(tooFar ? emptyCandle(openMs, last?.close ?? ticks) : emptyCandle(last.openMs + MINUTE_MS, last.close))
    }
  }

  #add(candle: Candle): void {
    this.#minutes.push(candle)
    if (this.#minutes.length >= 2 * MINUTES_MAX) this.#minutes = this.#minutes.slice(-MINUTES_MAX)
  }
}

function floorMinute(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS
}

function emptyCandle(openMs: number, ticks: number): Candle {
  return {
    openMs,
    open: ticks,
    high: ticks,
    low: ticks,
    close: ticks,
    lots: 0,
    quoteUnits: 0n,
    trades: 0,
    takerBuyLots: 0,
    takerBuyQuoteUnits: 0n,
  }
}

function stretch(candle: Candle, ticks: number): void {
  candle.high = Math.max(candle.high, ticks)
  candle.low = Math.min(candle.low, ticks)
  candle.close = ticks
}

function join(into: Candle, minute: Candle): void {
  into.high = Math.max(into.high, minute.high)
  into.low = Math.min(into.low, minute.low)
  into.close = minute.close
  into.lots += minute.lots
  into.quoteUnits += minute.quoteUnits
  into.trades += minute.trades
  into.takerBuyLots += minute.takerBuyLots
  into.takerBuyQuoteUnits += minute.takerBuyQuoteUnits
}
