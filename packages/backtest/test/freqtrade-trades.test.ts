import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { drawdownOfResults, tradeStatistics } from '@org/backtest'
import { describe, expect, it } from 'vitest'

const file = resolve(import.meta.dirname, '../../../../shared/data/freqtrade/trades.csv')

function tradesOf(text: string) {
  const [header = '', ...lines] = text.trim().split('\n')
  const names = header.split(',')
  return lines
    .map(line => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])) as Record<string, string>)
    .map(row => ({
      profit: Number(row['profit_abs']),
      returnRatio: Number(row['profit_ratio']),
      entryTime: Date.parse(row['open_date'] ?? ''),
      exitTime: Date.parse(row['close_date'] ?? ''),
    }))
    .sort((a, b) => a.exitTime - b.exitTime)
}

describe('figures of 179 published trades', () => {
  it.skipIf(!existsSync(file))('are the published ones', () => {
    const trades = tradesOf(readFileSync(file, 'utf8'))
    const statistics = tradeStatistics(trades)
    expect(statistics.tradeCount).toBe(179)
    expect(statistics.profitFactor).toBeCloseTo(2.4223288739520954, 12)
    expect(trades.reduce((sum, { profit }) => sum + profit, 0)).toBeCloseTo(0.001041902985696885, 15)
    expect((statistics.expectancyRatio ?? 0) * 179).toBeCloseTo(0.14393826, 12)
    expect(drawdownOfResults(trades.map(({ exitTime, profit }) => [exitTime, profit] as const))).toBeCloseTo(0.0002, 9)
    expect(drawdownOfResults(trades.map(({ exitTime, returnRatio }) => [exitTime, returnRatio] as const))).toBeCloseTo(
      0.21142322,
      8,
    )
  })
})
