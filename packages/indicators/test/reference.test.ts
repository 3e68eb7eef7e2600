import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Bar } from '@org/indicators'
import { describe, expect, it } from 'vitest'
import { checkColumn } from '../conformance/check-column.ts'
import { checkFile, checkFolder } from '../conformance/check-folder.ts'
import { parseReferenceFile } from '../conformance/reference-file.ts'

const shared = resolve(import.meta.dirname, '../../../../shared/data/lean-indicators')

const fileOf = (header: string, rows: readonly string[]) => [header, ...rows].join('\n')
const oks = (text: string, name = 'x.csv') => checkFile(name, text).map(line => line.ok)

describe('LEAN’s reference files', () => {
  it('are all met, column by column', context => {
    if (!existsSync(shared)) context.skip('../shared is not there')
    const lines = checkFolder(shared)
    expect(lines.filter(line => line.ok === false)).toEqual([])
    expect(lines.filter(line => line.ok === true)).toHaveLength(18)
  })

  it('have each first value in the row in which we are ready', context => {
    if (!existsSync(shared)) context.skip('../shared is not there')
    const report = checkFolder(shared).map(line => line.text)
    const firstRows = [
      ['ATR(14)', 13],
      ['Bollinger(20,2)', 19],
      ['Sortino(15,0)', 15],
      ['CCI(14)', 13],
      ['SMA(14)', 13],
      ['EMA(14)', 13],
      ['RSI(14,wilder)', 14],
      ['MACD(12,26,9)', 25],
      ['OBV', 1],
    ] as const
    for (const [name, row] of firstRows)
      expect(
        report.some(text => text.includes(`: ${name}, `) && text.includes(` rows from ${row},`)),
        name,
      ).toBe(true)
  })
})

describe('a reference file', () => {
  it('is read whatever its periods, its line ends, its case and a mark at its start', () => {
    const text = '\uFEFFclose,date,sma 2,EMA_3\r\n1,1,,\r\n2,2,1.5,\r\n3,3,2.5,2\r\n5,4,4,3.5\r\n'
    expect(oks(text)).toEqual([true, true])
  })

  it('says by its other columns what a column without a period means', () => {
    const rows = ['1,10,8,9,,', '2,11,9,10,66.6667,', '3,12,10,10,33.3333,50', '4,12,9,11,66.6667,50']
    expect(oks(fileOf('Date,High,Low,Close,Stochastics 2 %K 1,%D 2', rows))).toEqual([true, true])
  })

  it('that was cut from a longer series is compared from where our own bars suffice', () => {
    expect(oks(fileOf('Close,SMA3', ['1,77', '2,88', '3,2', '4,3']))).toEqual([true])
  })

  it('fails where one value is wrong', () => {
    expect(checkFile('x.csv', fileOf('Close,SMA2', ['1,', '2,1.50', '3,2.53', '4,3.50']))).toEqual([
      { ok: false, text: 'x.csv SMA2: SMA(2): row 2: expected 2.53, was 2.5' },
    ])
  })

  it('fails where nothing could be compared, where no column is known, and where an input is missing', () => {
    expect(oks(fileOf('Close,SMA3', ['1,', '2,', '3,']))).toEqual([false])
    expect(oks(fileOf('Close,Frobnicator 3', ['1,2']))).toEqual([false])
    expect(() => checkFile('x.csv', fileOf('Open,SMA3', ['1,2']))).toThrow('expected a column Close')
    expect(() => checkFile('x.csv', fileOf('Close,SMA1', ['1,1', 'abc,2']))).toThrow('line 3, close')
  })

  it('fails where an indicator has a value before it says that it is ready', () => {
    const file = parseReferenceFile(fileOf('Close,Twice', ['1,', '2,4', '3,6']))
    const hasty = {
      name: 'hasty',
      notReadyRows: 1,
      update: (bar: Bar) => 2 * bar.close,
      snapshot: () => [],
      restore: () => {},
    }
    expect(checkColumn(file, 1, { candidates: [() => hasty], tolerance: 0 })).toEqual({
      ok: false,
      note: 'hasty: row 0: expected no value before row 1',
    })
  })

  it('with pivots is met in LEAN’s code: 1 a high, −1 a low', () => {
    const rows = ['5,4,4,0', '7,6,6,0', '6,5,5,1', '4,3,3,0', '6,5,5,-1']
    expect(oks(fileOf('High,Low,Close,PPHL_1', rows))).toEqual([true])
    const withoutLow = rows.map(row => row.replace('-1', '0'))
    expect(oks(fileOf('High,Low,Close,PPHL_1', withoutLow))).toEqual([false])
  })
})
