import {
  concentration,
  dailyLoss,
  defineConstraint,
  drawdown,
  errorRate,
  exposure,
  frequency,
  lossStreak,
  operatingCost,
  type RiskConstraint,
} from '@org/core'
import { openLoss } from '@org/venue-trading'

const limits: readonly RiskConstraint[] = [
  dailyLoss({ limit: 20 }),
  dailyLoss({ limit: 12, basis: 'gross', name: 'max_gross_loss', scope: { domain: 'spot' } }),
  drawdown({ limit: 6, scope: { domain: 'spot' } }),
  exposure({ limit: 150, scope: { venue: '*' } }),
  exposure({ limit: 60, scope: { asset: '*' }, name: 'max_exposure_per_asset' }),
  concentration({ percent: 60, ofAtLeast: 80 }),
  operatingCost({ limit: 9, per: '3m', scope: { domain: 'gpu' } }),
  frequency({ limit: 25, per: '2m', scope: { venue: '*' } }),
  errorRate({ percent: 60, requests: 4, lookback: '1m', stopFor: '15s' }),
  lossStreak({ losses: 4, stopFor: '20s', scope: { venue: 'bourse' } }),
  defineConstraint({
    type: 'ORDER_SIZE',
    name: 'max_order_size',
    measure: 'exposure',
    aggregation: { kind: 'per-intent' },
    limit: 50,
  }),
  exposure({ limit: 40, name: 'shadow_exposure', enforce: false }),
]

const guaranteed = { spot: { guaranteed: '40%', borrows: true }, gpu: { guaranteed: 110 } } as const

/** What all processes of a world share: one rule of each kind, with limits so small that they bind most of the time. */
export function limitsOf(isTrading: boolean): readonly RiskConstraint[] {
  const shared = (limit: number, of: ExposureShares['of']) =>
    exposure({ limit, name: 'shared_exposure', shares: { by: 'domain', of } })
  if (!isTrading) return [...limits, shared(220, guaranteed)]
  return [...limits, shared(340, { ...guaranteed, trading: { guaranteed: 80, borrows: true } }), openLoss({ limit: 2 })]
}

type ExposureShares = NonNullable<Parameters<typeof exposure>[0]['shares']>
