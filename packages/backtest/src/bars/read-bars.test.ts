import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseBars, streamBars } from './read-bars.ts'

const header = 'Date,Open,High,Low,Close,Volume'
const good = ['2026-01-02,10,11,9,10.5,100', '2026-01-05,10.5,12,10,11,200']
const parse = (...rows: string[]) => parseBars([header, ...rows].join('\n'), { file: 'lemons.csv' })

describe('a file of bars', () => {
  it.each([
    ['without a name for the time', ',Open,High,Low,Close,Volume\n2026-01-02,10,11,9,10.5,100'],
    ['with names in any case and order', 'close,LOW,High,open,timestamp\n10.5,9,11,10,2026-01-02T00:00:00Z'],
    [
      'with semicolons, quotes and Windows line ends',
      '"time";"open";"high";"low";"close"\r\n"2026-01-02";10;11;9;10.5\r\n',
    ],
    ['in milliseconds', 't,o,h,l,c\n1767312000000,10,11,9,10.5'],
    ['in seconds', 't,o,h,l,c\n1767312000,10,11,9,10.5'],
    ['in the time of another zone', 't,o,h,l,c\n2026-01-02 09:00:00+09:00,10,11,9,10.5'],
  ])('is read %s', (_, text) => {
    const { bars } = parseBars(text, { file: 'lemons.csv' })
    expect({ ...bars.at(0), volume: 0 }).toEqual({
      openTime: Date.UTC(2026, 0, 2),
      open: 10,
      high: 11,
      low: 9,
      close: 10.5,
      volume: 0,
    })
  })

  it('may hold one JSON object or array a line', () => {
    const text =
      '{"time":"2026-01-02","open":10,"high":11,"low":9,"close":10.5,"volume":1}\n\n[1767571200000,10,12,10,11]\n'
    const { bars } = parseBars(text, { file: 'lemons.jsonl' })
    expect([bars.length, bars.close[0], bars.close[1], bars.openTime[1]]).toEqual([2, 10.5, 11, Date.UTC(2026, 0, 5)])
  })

  it.each([
    ['an empty file', '', 'NO_BARS', 'lemons.csv row 1: expected at least one bar, the file has none'],
    ['a header alone', `${header}\n`, 'NO_BARS', 'row 2'],
    ['another header', 'Date,Price\n', 'BAD_BAR', 'row 1: no column is named open, o: was Date,Price'],
    [
      'a missing value',
      [header, ...good, '2026-01-06,10,,9,10,1'].join('\n'),
      'BAD_BAR',
      'row 4: high: expected a number, was missing',
    ],
    [
      'a missing cell',
      [header, '2026-01-06,10,11,9'].join('\n'),
      'BAD_BAR',
      'row 2: close: expected a number, was missing',
    ],
    [
      'a word',
      [header, '2026-01-06,10,11,9,n/a,1'].join('\n'),
      'BAD_BAR',
      'row 2: close: expected a number, was "n/a"',
    ],
    [
      'a price of zero',
      [header, '2026-01-06,0,11,0,10,1'].join('\n'),
      'BAD_BAR',
      'row 2: open: expected a price above 0, was 0',
    ],
    [
      'a negative price',
      [header, '2026-01-06,10,11,-9,10,1'].join('\n'),
      'BAD_BAR',
      'row 2: low: expected a price above 0, was -9',
    ],
    [
      'a high below the close',
      [header, '2026-01-06,10,11,9,12,1'].join('\n'),
      'BAD_BAR',
      'row 2: open 10 and close 12 are outside low 9 to high 11',
    ],
    [
      'a negative volume',
      [header, '2026-01-06,10,11,9,10,-1'].join('\n'),
      'BAD_BAR',
      'row 2: volume: expected at least 0, was -1',
    ],
    ['a day that is none', [header, '2026-02-30,10,11,9,10,1'].join('\n'), 'BAD_BAR', 'row 2: time: expected a date'],
    [
      'rows out of order',
      [header, ...good, '2026-01-03,10,11,9,10,1'].join('\n'),
      'BARS_UNSORTED',
      'row 4: 2026-01-03T00:00:00.000Z comes after 2026-01-05T00:00:00.000Z',
    ],
    [
      'a row twice',
      [header, ...good, good[1]].join('\n'),
      'BARS_DUPLICATED',
      'row 4: 2026-01-05T00:00:00.000Z stands in the row before, too',
    ],
    [
      'times with and without a zone',
      [header, good[0], '2026-01-05T00:00:00Z,10,11,9,10,1'].join('\n'),
      'BARS_MIXED_ZONES',
      'row 3: a time with a zone after times without a zone',
    ],
    ['JSON that is none', 'nonsense', 'BAD_BAR', 'row 1'],
  ])('is refused with file and row: %s', (_, text, code, message) => {
    const file = text === 'nonsense' ? 'lemons.jsonl' : 'lemons.csv'
    expect(() => parseBars(text, { file })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })

  it('is read with a warning where a price jumps like a split', () => {
    const { warnings } = parse('2026-01-02,100,101,99,100,1', '2026-01-05,50,51,49,50,1', '2026-01-06,50,51,49,50,1')
    expect(warnings.map(({ message }) => message)).toEqual([
      'lemons.csv row 3: opens at 50 after a close of 100: a split of 2:1 that was not applied?',
    ])
    expect(parse('2026-01-02,100,101,99,100,1', '2026-01-05,80,81,79,80,1').warnings).toEqual([])
  })
})

describe('a stream of bars', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bars-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const write = (rows: string[]) => {
    const path = join(folder, 'lemons.csv')
    writeFileSync(path, [header, ...rows].join('\n'))
    return path
  }

  it('gives in pieces what the whole file holds, and warns on the way', async () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => {
      const price = i === 20_000 ? 300 : 100
      return `${Date.UTC(2026, 0, 1) + i * 60_000},${price},${price + 1},${price - 1},${price},${i}`
    })
    const warnings: string[] = []
    const lengths: number[] = []
    let volume = 0
    for await (const piece of streamBars(write(rows), { onWarning: ({ row }) => warnings.push(`row ${row}`) })) {
      lengths.push(piece.length)
      for (const value of piece.volume) volume += value
    }
    expect(lengths).toEqual([16_384, 16_384, 7_232])
    expect(volume).toBe((40_000 * 39_999) / 2)
    expect(warnings).toEqual(['row 20002', 'row 20003'])
  })

  it('says row and file of what is wrong, and that a file is not there', async () => {
    const drain = async (path: string) => {
      for await (const _ of streamBars(path));
    }
    await expect(drain(write([...good, '2026-01-06,1']))).rejects.toThrow(
      'lemons.csv row 4: high: expected a number, was missing',
    )
    await expect(drain(write([]))).rejects.toMatchObject({ code: 'NO_BARS' })
    await expect(drain(join(folder, 'nothing.csv'))).rejects.toMatchObject({ code: 'BARS_UNREADABLE' })
  })
})
