import { describe, expect, it } from 'vitest'
import { BarColumns } from '../bars/bar-columns.ts'
import { backtestingPyRules } from '../broker/rules.ts'
import { type BarRule, replayBars } from './replay-bars.ts'

const symbol = 'LEMON/USD'
const day = 86_400_000

/** Bars that open where the one before closed. */
const barsOf = (...closes: number[]) =>
  BarColumns.of(
    closes.map((close, i) => {
      const open = closes[i - 1] ?? close
      return { openTime: i * day, open, high: Math.max(open, close), low: Math.min(open, close), close, volume: 1 }
    }),
  )

/** Buys ten after bar `on`. */
const buyOn = (on: number, warmUp = -1): BarRule => ({
  warmUp,
  step(i, _, broker) {
    if (i === on) broker.place({ symbol, units: 10 })
  },
})

const broker = { cash: 1_000 }

describe('a rule over bars', () => {
  it('is filled on the bar after its decision, and valued at each close', () => {
    const { equity, trades } = replayBars({ symbol, bars: barsOf(10, 11, 12, 15), rule: buyOn(0), broker })
    expect([...equity]).toEqual([1_000, 1_010, 1_020, 1_050])
    expect(trades).toEqual([])
  })

  it('decides first on the bar after its warm-up', () => {
    const seen: number[] = []
    const rule: BarRule = { warmUp: 1, step: i => void seen.push(i) }
    replayBars({ symbol, bars: barsOf(1, 2, 3, 4), rule, broker })
    expect(seen).toEqual([2, 3])
  })

  it.each([
    ['the last close', 'last-close', { exitBar: 3, exitPrice: 15 }],
    ['the open of the last bar, run once more', 'last-bar-again', { exitBar: 3, exitPrice: 12 }],
  ] as const)('closes what is open at %s where it is told to', (_, atEnd, expected) => {
    const options = { ...backtestingPyRules, ...broker, atEnd }
    const { trades, equity } = replayBars({ symbol, bars: barsOf(10, 11, 12, 15), rule: buyOn(0), broker: options })
    expect(trades).toHaveLength(1)
    expect(trades[0]).toMatchObject(expected)
    expect(equity[3]).toBe(1_000 + (trades[0]?.profit ?? 0))
  })

  it('cannot read a bar that is not over', () => {
    const rule: BarRule = { warmUp: -1, step: (i, bars) => void bars.close(i + 1) }
    expect(() => replayBars({ symbol, bars: barsOf(1, 2), rule, broker })).toThrow(
      expect.objectContaining({
        code: 'LOOK_AHEAD',
        message: 'bar 1 was read when bars 0 to 0 were known: decide from what is over',
      }),
    )
  })

  it('decides nothing more when the account is gone', () => {
    const decided: number[] = []
    const rule: BarRule = {
      warmUp: -1,
      step(i, _, account) {
        decided.push(i)
        if (i === 0) account.place({ symbol, units: 1_000 })
      },
    }
    const bars = barsOf(10, 10, 8, 20)
    const { equity, trades } = replayBars({ symbol, bars, rule, broker: { cash: 1_000, margin: 0.1 } })
    expect(decided).toEqual([0, 1])
    expect([...equity]).toEqual([1_000, 1_000, 0, 0])
    expect(trades[0]).toMatchObject({ exitReason: 'liquidation', exitPrice: 8 })
  })

  it('needs a bar', () => {
    expect(() => replayBars({ symbol, bars: barsOf(), rule: buyOn(0), broker })).toThrow(
      expect.objectContaining({ code: 'NO_BARS' }),
    )
  })
})
