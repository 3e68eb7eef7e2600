import { expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import type { Intent, IntentId } from '../intent/intent.ts'
import { memoryStore } from '../store/memory-store.ts'
import { VirtualClock } from '../time/virtual-clock.ts'
import { dailyLoss } from './constraints/daily-loss.ts'
import { DefaultRiskManager } from './default-risk-manager.ts'

it('a process whose clock is an hour ahead does not cut short what the others have reserved', async () => {
  const store = memoryStore()
  const nine = Date.UTC(2026, 0, 1, 9)
  const clock = new VirtualClock({ startMs: nine })
  const risk = new DefaultRiskManager([dailyLoss({ limit: 10 })], { store, clock })
  const ahead = new DefaultRiskManager([dailyLoss({ limit: 10 })], {
    store,
    clock: new VirtualClock({ startMs: nine + 3_600_000 }),
  })
  await ahead.record({
    domain: 'fruit',
    strategyId: 's',
    venueId: 'v',
    postings: [],
    note: 'moves the time of the ledger',
  })

  const { ok } = await risk.reserve(intent('sale', nine + 60_000))
  expect(ok).toBe(true)
  await risk.markSent('sale', 'sale')

  // Its own time still holds: a minute later it may not leave any more.
  await risk.reserve(intent('late', nine + 60_000))
  clock.jumpTo(nine + 3_660_000)
  await expect(risk.markSent('late', 'late')).rejects.toThrow('its reservation has expired')
})

it('a clock that ran a day ahead for a moment gives nobody a second day to lose money in', async () => {
  const world = new RiskWorld([dailyLoss({ limit: 100 })])
  const noon = world.nowMs
  await world.record({ loss: 100 })
  world.nowMs = noon + 86_400_000
  await world.record({})
  world.nowMs = noon
  const asked = world.intent({ loss: 1 })
  expect(await world.risk.reserve(asked)).toMatchObject({
    rejection: { code: 'RISK_CHECK_FAILED', shortMessage: expect.stringContaining('24.0 h ahead of this clock') },
  })
  expect(await world.risk.reserveGroup([world.intent({ loss: 1 })])).toMatchObject({ ok: false })
  const account = world.risk.account('loss', { domain: 'd', strategyId: 's', venueId: 'v' })
  await expect(account.spend({ id: 'a', amount: 1 })).rejects.toThrow('24.0 h ahead')
  // What reduces risk passes, and results are recorded.
  expect(await world.ask({ loss: 1 }, { reduces: true })).toBe('ok')
  await world.record({ loss: 1 })
  world.nowMs = noon + 86_400_000 - 3_600_000
  expect(await world.ask({ loss: 1 })).toBe('ok')
})

function intent(id: string, expiresAt: number): Intent {
  return {
    id: id as IntentId,
    strategyId: 's',
    venueId: 'v',
    domain: 'fruit',
    action: 'sell',
    params: {},
    effects: [{ measure: 'count', amount: 1 }],
    reduces: true,
    expiresAt,
    rationale: { reason: 'test', summary: 'test' },
  }
}
