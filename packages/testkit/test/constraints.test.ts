import {
  allowList,
  concentration,
  cooldown,
  dailyLoss,
  denyList,
  drawdown,
  errorRate,
  exposure,
  frequency,
  lossStreak,
  lossWindow,
  lowProfitLock,
  operatingCost,
  orderNotional,
  position,
  priceCollar,
  type RiskConstraint,
  type RiskManager,
  ratioDrawdown,
  staleData,
  stopLossGuard,
} from '@org/core'
import { type ConstraintConformanceOptions, constraintChecks, constraintConformance } from '@org/testkit'
import { describe, expect, it } from 'vitest'

const startMs = Date.UTC(2026, 0, 1)
const place = { domain: 'conformance', strategyId: 'conformance', venueId: 'nowhere', asset: 'a' }

function amounts(
  name: string,
  measure: string,
  create: ConstraintConformanceOptions['create'],
): ConstraintConformanceOptions {
  const asks = (amount: number) => ({ asset: 'a', effects: [{ measure, amount }] })
  return { name, create, fits: asks(7), exceeds: asks(101) }
}

function breaker(
  name: string,
  create: ConstraintConformanceOptions['create'],
  ...ratios: readonly number[]
): ConstraintConformanceOptions {
  const prepare = async (risk: RiskManager) => {
    for (const ratio of ratios)
      await risk.record({ ...place, postings: [], note: 'closed', closed: { ratio, isStop: true } })
  }
  return { name, create, fits: { asset: 'a' }, exceeds: { asset: 'a' }, prepare }
}

async function failedRequest(risk: RiskManager): Promise<void> {
  const id = 'failed' as Parameters<RiskManager['reserve']>[0]['id']
  const rationale = { reason: 'conformance', summary: 'fails' }
  await risk.reserve({
    ...place,
    id,
    action: 'act',
    params: {},
    effects: [],
    reduces: false,
    expiresAt: startMs + 60_000,
    rationale,
  })
  await risk.markSent(id, id)
  await risk.release(id, 'HTTP 500')
}

const limit = 100
const subjects: readonly ConstraintConformanceOptions[] = [
  amounts('dailyLoss', 'loss', options => dailyLoss({ limit, ...options })),
  amounts('dailyLoss with shares', 'loss', options =>
    dailyLoss({ limit, shares: { by: 'domain', of: { conformance: { guaranteed: 10, borrows: true } } }, ...options }),
  ),
  amounts('lossWindow, rolling', 'loss', options => lossWindow({ limit, window: { last: '1h' }, ...options })),
  amounts('lossWindow, a month', 'loss', options => lossWindow({ limit, window: { calendar: 'month' }, ...options })),
  amounts('drawdown', 'loss', options => drawdown({ limit, ...options })),
  amounts('exposure', 'exposure', options => exposure({ limit, ...options })),
  amounts('position', 'position', options => position({ limit, ...options })),
  amounts('concentration', 'exposure', options => concentration({ percent: 50, ofAtLeast: 100, ...options })),
  amounts('orderNotional', 'notional', options => orderNotional({ limit, ...options })),
  amounts('operatingCost', 'operating-cost', options => operatingCost({ limit, ...options })),
  amounts('frequency', 'count', options => frequency({ limit, per: '1h', ...options })),
  amounts('priceCollar', 'price-deviation', options => priceCollar({ percent: limit, ...options })),
  breaker('cooldown', options => cooldown(options), 0.1),
  breaker('stopLossGuard', options => stopLossGuard({ stops: 2, ...options }), -0.1, -0.1),
  breaker('lowProfitLock', options => lowProfitLock({ positions: 1, ...options }), -0.1),
  breaker('ratioDrawdown', options => ratioDrawdown({ positions: 2, maxDrop: 0.1, ...options }), 0.1, -0.2),
  breaker('lossStreak', options => lossStreak({ losses: 2, ...options }), -0.1, -0.1),
  {
    ...breaker('errorRate', options => errorRate({ percent: 50, requests: 1, ...options })),
    prepare: failedRequest,
  },
  {
    name: 'drawdown that has tripped',
    create: options => drawdown({ limit, ...options }),
    fits: {},
    exceeds: {},
    prepare: risk => risk.record({ ...place, postings: [{ measure: 'loss', amount: limit }], note: 'lost' }),
  },
  {
    name: 'staleData',
    create: options => staleData({ maxAge: '30s', ...options }),
    fits: { observedAt: startMs },
    exceeds: { observedAt: startMs - 30_001 },
  },
  {
    name: 'allowList',
    create: options => allowList({ field: 'asset', values: ['a'], ...options }),
    fits: { asset: 'a' },
    exceeds: { asset: 'b' },
  },
  {
    name: 'denyList',
    create: options => denyList({ field: 'asset', values: ['b'], ...options }),
    fits: { asset: 'a' },
    exceeds: { asset: 'b' },
  },
]

for (const subject of subjects) constraintConformance(subject)

describe('a constraint with a planted defect', () => {
  const sound = amounts('sound', 'loss', options => dailyLoss({ limit, ...options }))
  const failedChecks = async (create: (options: { readonly enforce: boolean }) => RiskConstraint) => {
    const failed: string[] = []
    for (const { id, run } of constraintChecks) await run({ ...sound, create }).catch(() => failed.push(id))
    return failed
  }

  it('fails the checks of what it breaks', async () => {
    expect(await failedChecks(sound.create)).toEqual([])
    expect(await failedChecks(() => dailyLoss({ limit, enforce: false }))).toEqual(['CC-03', 'CC-08'])
    expect(await failedChecks(() => dailyLoss({ limit }))).toEqual(['CC-04'])
    expect(await failedChecks(options => dailyLoss({ limit: 1000, ...options }))).toEqual(['CC-03', 'CC-04', 'CC-08'])
    expect(await failedChecks(options => dailyLoss({ limit: 5, ...options }))).toEqual(['CC-02', 'CC-06'])
  })
})
