import type { VenueReader } from '@org/core'
import type { Candle, TradingQueries } from '@org/venue-trading/actions'
import { describe, expect, it } from 'vitest'
import { view } from '../test/sample-view.ts'
import { Followed } from './followed.ts'
import { readBars } from './read-bars.ts'

const hourMs = 3_600_000
const params = { ...view().params, fastPeriod: 2, slowPeriod: 3, atrPeriod: 2 }

const bar = (i: number): Candle => {
  const close = 100 + ((i * 7) % 13)
  return { openTime: i * hourMs, open: close, high: close + 1, low: close - 1, close, volume: 1, isClosed: true }
}

/** Has bars from number `first` on, and counts what it is asked for. */
function history(first: number) {
  const asked: number[] = []
  let now = 0
  const venue = {
    observe: async (_: string, query: { readonly since: number }) => {
      asked.push(query.since / hourMs)
      const bars: Candle[] = []
      for (let i = Math.max(first, query.since / hourMs); i <= now; i++) bars.push({ ...bar(i), isClosed: i < now })
      return { value: bars, asOf: 0, source: 'test' }
    },
  } as unknown as VenueReader<TradingQueries>
  const followed = new Followed('BTC/USDT', params, hourMs)
  /** Looks a minute after bar `i` has begun. */
  const lookAt = (i: number, among: VenueReader<TradingQueries> = venue) => {
    now = i
    return readBars(among, followed, params, i * hourMs + 60_000)
  }
  return { asked, followed, lookAt }
}

describe('bars read', () => {
  it('begin five times the slowest period ago, and go on where they ended, the closed ones alone', async () => {
    const { asked, followed, lookAt } = history(0)
    await lookAt(100)
    expect(asked).toEqual([80])
    expect(followed.trend.lastOpenTime).toBe(99 * hourMs)
    await lookAt(100)
    await lookAt(101)
    expect(asked).toEqual([80, 100])
    expect(followed.trend.lastOpenTime).toBe(100 * hourMs)
  })

  it('are made anew after a long absence, as if there had been nothing before', async () => {
    const [late, fresh] = [history(0), history(0)]
    await late.lookAt(100)
    await late.lookAt(300)
    await fresh.lookAt(300)
    expect(late.asked).toEqual([80, 280])
    expect(late.followed.trend.point).toEqual(fresh.followed.trend.point)
  })

  it('are made anew where the venue has lost those in between', async () => {
    const { asked, followed, lookAt } = history(0)
    await lookAt(100)
    const { lookAt: _, ...fresh } = history(105)
    const venue = {
      observe: async (kind: string, query: { readonly since: number }) => {
        asked.push(query.since / hourMs)
        const bars = Array.from({ length: 5 }, (_unused, i) => bar(105 + i)).filter(
          ({ openTime }) => openTime >= query.since,
        )
        return { value: bars, asOf: 0, source: kind }
      },
    } as unknown as VenueReader<TradingQueries>
    await lookAt(110, venue)
    expect(asked).toEqual([80, 100, 90])
    for (let i = 105; i < 110; i++) fresh.followed.trend.update(bar(i))
    expect(followed.trend.point).toEqual(fresh.followed.trend.point)
  })

  it('that are late are waited for', async () => {
    const { asked, followed, lookAt } = history(0)
    await lookAt(100)
    const { point } = followed.trend
    const late = {
      observe: async () => ({ value: [], asOf: 0, source: 'test' }),
    } as unknown as VenueReader<TradingQueries>
    await lookAt(101, late)
    expect(followed.trend.point).toBe(point)
    expect(asked).toEqual([80])
  })
})
