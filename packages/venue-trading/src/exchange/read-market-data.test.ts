import { describe, expect, it } from 'vitest'
import { readCandles, readOrderBook, readTicker } from './read-market-data.ts'

const now = Date.UTC(2026, 0, 1)
const minute = 60_000
const at = (bar: number) => now - (10 - bar) * minute
const bar = (i: number, prices: readonly unknown[] = ['10', '12', '9', '11', '5']) => [at(i), ...prices]
const read = (rows: readonly unknown[]) => readCandles('x', 'A/B', rows, minute, now)

describe('readCandles', () => {
  it.each([
    ['no number', ['10', '12', '9', 'NaN', '5']],
    ['nothing', ['10', '12', '9', undefined, '5']],
    ['infinity', ['10', 'Infinity', '9', '11', '5']],
    ['a negative volume', ['10', '12', '9', '11', '-5']],
    ['a price of nothing', ['0', '12', '0', '11', '5']],
    ['a high below the close', ['10', '10.5', '9', '11', '5']],
    ['a low above the open', ['10', '12', '10.5', '11', '5']],
  ])('refuses a bar with %s', (_, prices) => {
    expect(() => read([bar(0), bar(1, prices)])).toThrow(expect.objectContaining({ code: 'BAD_CANDLE' }))
  })

  it('refuses a gap, a bar that comes twice, and an order of its own', () => {
    for (const rows of [
      [bar(0), bar(2)],
      [bar(0), bar(0)],
      [bar(1), bar(0)],
    ])
      expect(() => read(rows)).toThrow(expect.objectContaining({ code: 'CANDLE_GAP' }))
  })

  it('takes months, which differ in length', () => {
    const months = [0, 1, 2].map(month => [Date.UTC(2025, month, 1), 1, 1, 1, 1, 1])
    const candles = readCandles('x', 'A/B', months, undefined, now)
    expect(candles.map(({ isClosed }) => isClosed)).toEqual([true, true, false])
  })
})

describe('readOrderBook', () => {
  it('leaves levels without quantity out, and keeps every digit', () => {
    const answer = {
      bids: [
        ['9.5', '0'],
        ['0.00000012345678', '123456789.123456789'],
      ],
      asks: [[10, 2, 7]],
    }
    const { book } = readOrderBook('x', 'A/B', 20, answer, 5)
    expect(book).toEqual({
      symbol: 'A/B',
      bids: [['0.00000012345678', '123456789.123456789']],
      asks: [['10', '2']],
    })
  })

  it.each([[undefined], [{}], [{ bids: [['x', '1']], asks: [] }], [{ bids: [['1']], asks: [] }]])(
    'refuses %j',
    answer => {
      expect(() => readOrderBook('x', 'A/B', 20, answer, 5)).toThrow(
        expect.objectContaining({ code: 'MALFORMED_ANSWER' }),
      )
    },
  )
})

describe('readTicker', () => {
  it('tolerates what it does not know and what is not there', () => {
    const ticker = readTicker('x', 'A/B', { bid: null, ask: '', last: '1e-7', weather: 'fine' }, 5)
    expect(ticker).toMatchObject({ bid: undefined, ask: undefined, last: '0.0000001', at: 5 })
  })
})
