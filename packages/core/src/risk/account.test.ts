import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import type { Fact } from '../journal/fact.ts'
import { compareWithReplay } from '../journal/replay.ts'
import { memoryStore } from '../store/memory-store.ts'
import type { AccountOperationInput } from './account.ts'
import { dailyLoss } from './constraints/daily-loss.ts'
import { drawdown } from './constraints/drawdown.ts'

const place = { domain: 'd', strategyId: 's', venueId: 'v', asset: 'a' }

describe('an account', () => {
  it('trips a drawdown that all of a group reach together, though none of it does alone', async () => {
    const world = new RiskWorld([drawdown({ limit: 100 })])
    await world.risk.account('loss', place).group([
      { op: 'spend', id: 'one', amount: 50 },
      { op: 'spend', id: 'two', amount: 50 },
    ])
    await world.record({ loss: -80 })
    expect(await world.ask({ loss: 1 })).toBe('LOCKED max_drawdown')
    expect(await compareWithReplay(world.store)).toEqual([])
  })

  it('judges what is committed where it was reserved, whoever commits it', async () => {
    const world = new RiskWorld([drawdown({ limit: 100, scope: { strategy: 's' } })])
    await world.risk.account('loss', place).reserve({ id: 'bid', amount: 100 })
    const other = world.risk.account('loss', { ...place, strategyId: 'other' })
    expect(await other.commit({ id: 'paid', of: 'bid', amount: 'all' })).toEqual({ code: 'ok', recorded: 100 })
    await world.record({ loss: -80 })
    expect(await world.ask({ loss: 1 })).toBe('LOCKED max_drawdown')
  })

  it('takes nothing of an overdrawn budget, and that is no failure', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    await world.record({ loss: 150 })
    const account = world.risk.account('loss', place)
    expect(await account.spend({ id: 'some', amount: 10, upTo: true })).toEqual({ code: 'ok', recorded: 0 })
    expect(await account.spend({ id: 'none', amount: 0 })).toEqual({ code: 'ok', recorded: 0 })
    expect(await account.spend({ id: 'more', amount: 1 })).toEqual({ code: 'exceeds_limit' })
  })

  it.each([
    [{ op: 'transfer', id: 'a', amount: 1 }, 'op: expected spend, reserve, commit or release, was "transfer"'],
    [{ op: 'commit', id: 'a', amount: 1 }, 'commit: of: expected the id of a reservation, was undefined'],
    [{ op: 'release', id: 'a', of: '' }, 'release: of: expected the id of a reservation, was ""'],
    [{ op: 'spend', id: '', amount: 1 }, 'spend: expected an id of at least one letter'],
    [{ op: 'spend', id: 'a', amount: -1 }, 'spend: expected an amount of at least 0, was -1'],
  ])('answers invalid to %j and keeps nothing', async (operation, problem) => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    const account = world.risk.account('loss', place)
    expect(await account.group([operation as AccountOperationInput])).toEqual([{ code: 'invalid', problem }])
    expect(world.risk.remaining('max_daily_loss').available).toBe(100)
    expect(await account.spend({ id: 'a', amount: 100 })).toEqual({ code: 'ok', recorded: 100 })
  })

  it('never says ok to committing what has expired, also when that was forgotten', async () => {
    const store = memoryStore({ journalEntriesMax: 0 })
    const world = new RiskWorld([dailyLoss({ limit: 100 })], { store })
    const account = world.risk.account('loss', place)
    await account.reserve({ id: 'bid', amount: 100, ttl: '1m' })
    world.minutesPass(2)
    await world.risk.recordAll([])
    const ended = Array.from({ length: 100_001 }, (_, i): Fact[] => [
      {
        type: 'intent-reserved',
        reservationId: `e-${i}`,
        intent: world.intent({}, { id: `e-${i}` }),
        expiresAt: world.nowMs,
        amounts: [],
        shadowed: [],
      },
      { type: 'intent-released', reservationId: `e-${i}`, reason: 'test' },
    ]).flat()
    await store.commit(() => ({ facts: ended, at: world.nowMs, result: undefined }))
    expect(await account.commit({ id: 'paid', of: 'bid', amount: 'all' })).toEqual({ code: 'not_found' })
  }, 60_000)
})
