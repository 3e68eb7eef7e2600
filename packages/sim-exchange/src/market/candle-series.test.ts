import { describe, expect, it } from 'vitest'
import { CandleSeries } from './candle-series.ts'

const MINUTE_MS = 60_000
/** A Monday. */
const startMs = Date.UTC(2026, 0, 5)

const prices = (candles: ReturnType<CandleSeries['read']>) =>
  candles.map(({ openMs, open, high, low, close, lots }) => [
    (openMs - startMs) / MINUTE_MS,
    open,
    high,
    low,
    close,
    lots,
  ])

describe('candles', () => {
  it('open with the first trade of a minute and close with the last', () => {
    const series = new CandleSeries()
    for (const [atMs, ticks, lots] of [
      [0, 100, 1],
      [10_000, 120, 2],
      [20_000, 90, 3],
      [59_999, 110, 4],
      [60_000, 115, 5],
    ] as const)
      series.trade(startMs + atMs, ticks, lots, BigInt(ticks * lots), false)
    const read = series.read({ intervalMs: MINUTE_MS, toMs: startMs + MINUTE_MS, limit: 10 })
    expect(prices(read)).toEqual([
      [0, 100, 120, 90, 110, 10],
      [1, 115, 115, 115, 115, 5],
    ])
    expect(read[0]).toMatchObject({ quoteUnits: 1050n, trades: 4, takerBuyLots: 10 })
  })

  it('carry the price over minutes without trades', () => {
    const series = new CandleSeries()
    series.trade(startMs, 100, 1, 100n, true)
    series.carryTo(startMs + 2 * MINUTE_MS)
    expect(prices(series.read({ intervalMs: MINUTE_MS, toMs: startMs + 2 * MINUTE_MS, limit: 10 }))).toEqual([
      [0, 100, 100, 100, 100, 1],
      [1, 100, 100, 100, 100, 0],
      [2, 100, 100, 100, 100, 0],
    ])
  })

  it('merge into longer ones that begin on their own grid', () => {
    const series = new CandleSeries()
    for (let minute = 3; minute < 12; minute++) series.trade(startMs + minute * MINUTE_MS, 100 + minute, 1, 1n, true)
    const read = series.read({ intervalMs: 5 * MINUTE_MS, toMs: startMs + 11 * MINUTE_MS, limit: 10 })
    expect(prices(read)).toEqual([
      [0, 103, 104, 103, 104, 2],
      [5, 105, 109, 105, 109, 5],
      [10, 110, 111, 110, 111, 2],
    ])
  })

  it('are the youngest ones without a start, and the oldest ones with one', () => {
    const series = new CandleSeries()
    for (let minute = 0; minute < 9; minute++) series.trade(startMs + minute * MINUTE_MS, 100, 1, 1n, true)
    const toMs = startMs + 8 * MINUTE_MS
    const opens = (fromMs?: number) =>
      prices(series.read({ intervalMs: MINUTE_MS, fromMs, toMs, limit: 2 })).map(([at]) => at)
    expect(opens()).toEqual([7, 8])
    expect(opens(startMs + 2 * MINUTE_MS)).toEqual([2, 3])
  })

  it('reach back before the first trade without a gap', () => {
    const series = new CandleSeries()
    series.precede(startMs - 3 * MINUTE_MS, startMs, atMs => 100 + (atMs - startMs) / MINUTE_MS)
    series.trade(startMs + 1_000, 200, 1, 1n, true)
    expect(prices(series.read({ intervalMs: MINUTE_MS, toMs: startMs, limit: 10 }))).toEqual([
      [-3, 97, 98, 97, 98, 0],
      [-2, 98, 99, 98, 99, 0],
      [-1, 99, 100, 99, 100, 0],
      [0, 200, 200, 200, 200, 1],
    ])
  })
})
