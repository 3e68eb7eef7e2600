import { expect, it } from 'vitest'
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
