import { DefaultRiskManager, type Intent, type IntentId, VirtualClock } from '@org/core'
import { expect, it } from 'vitest'
import { orderEffects } from '../actions/order-effects.ts'
import { openLoss } from './open-loss.ts'

it('openLoss counts an order until its position is closed, down to its stop', async () => {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 0, 1) })
  const risk = new DefaultRiskManager([openLoss({ limit: 1_000 })], { clock })
  const order = { side: 'buy', quantity: '0.1', price: '60000', stopPrice: '59000', feesRatio: '0.002' } as const
  const intent = (id: string, quantity = '0.1'): Intent => ({
    id: id as IntentId,
    strategyId: 'momentum',
    venueId: 'paper',
    domain: 'trading',
    action: 'place-order',
    params: {},
    effects: orderEffects({ ...order, quantity }),
    reduces: false,
    expiresAt: clock.now() + 1_000,
    rationale: { reason: 'test', summary: 'test' },
  })
  const reserved = await risk.reserve(intent('first'))
  if (!reserved.ok) throw new Error('expected a reservation')
  await risk.settle('first', [
    { measure: 'loss', amount: '6' },
    { measure: 'open-loss', amount: '106' },
  ])
  expect(risk.remaining('max_open_loss')).toMatchObject({ used: 106, available: 894 })
  const refused = await risk.reserve(intent('second', '0.8'))
  expect(refused).toMatchObject({ ok: false, rejection: { shortMessage: expect.stringContaining('max_open_loss') } })
})
