import { describe, expect, it } from 'vitest'
import { cooldown, errorRate, lossStreak, lowProfitLock, ratioDrawdown, stopLossGuard } from './breakers.ts'
import { concentration } from './concentration.ts'
import { drawdown } from './drawdown.ts'
import { frequency } from './frequency.ts'
import { lossWindow } from './loss-window.ts'
import { operatingCost } from './operating-cost.ts'

describe('options that cannot be meant', () => {
  it.each([
    ['percent', '150', () => errorRate({ percent: 150 })],
    ['percent', '0', () => errorRate({ percent: 0 })],
    ['percent', 'NaN', () => errorRate({ percent: Number.NaN })],
    ['requests', '1.5', () => errorRate({ percent: 50, requests: 1.5 })],
    ['percent', '0', () => concentration({ percent: 0, ofAtLeast: 1 })],
    ['percent', '100.000001', () => concentration({ percent: '100.000001', ofAtLeast: 1 })],
    ['ofAtLeast', '0', () => concentration({ percent: 25, ofAtLeast: 0 })],
    ['percent', '101', () => drawdown({ percent: 101, startEquity: 1 })],
    ['startEquity', '-1', () => drawdown({ percent: 10, startEquity: -1 })],
    ['limit', '1.5', () => frequency({ limit: 1.5, per: '1h' })],
    ['limit', '-1', () => frequency({ limit: -1, per: '1h' })],
    ['per', '0s', () => frequency({ limit: 1, per: '0s' })],
    ['per', '0', () => operatingCost({ limit: 1, per: 0 })],
    ['window.last', '0s', () => lossWindow({ limit: 1, window: { last: '0s' } })],
    ['stops', '0', () => stopLossGuard({ stops: 0 })],
    ['positions', '0.5', () => lowProfitLock({ positions: 0.5 })],
    ['positions', '-1', () => ratioDrawdown({ positions: -1, maxDrop: 0.1 })],
    ['losses', '0', () => lossStreak({ losses: 0 })],
    ['lookback', '0s', () => lossStreak({ losses: 1, lookback: '0s' })],
    ['stopFor', '0s', () => cooldown({ stopFor: '0s' })],
    ['roundUpTo', '0', () => cooldown({ roundUpTo: 0 })],
  ] as const)('are refused by the name that was written: %s of %s', (option, was, make) => {
    expect(make).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONSTRAINT',
        shortMessage: expect.stringMatching(
          new RegExp(`^constraint "\\w+" is not usable: ${option}: expected .*, was ${was}$`),
        ),
      }),
    )
  })

  it('do not include what can be: all of a share, no action at all, a length of one millisecond', () => {
    expect(concentration({ percent: 100, ofAtLeast: 1 }).limit).toBe(100e6)
    expect(frequency({ limit: 0, per: 1 }).limit).toBe(0)
    expect(cooldown({ stopFor: '0s', unlockAt: { time: '05:00', timeZone: 'UTC' } }).type).toBe('COOLDOWN')
  })
})
