import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import { compareWithReplay } from '../journal/replay.ts'
import { ledgerFromText, ledgerToText } from '../ledger/snapshot.ts'
import { dailyLoss } from './constraints/daily-loss.ts'
import { exposure } from './constraints/exposure.ts'
import { frequency } from './constraints/frequency.ts'
import { DefaultRiskManager } from './default-risk-manager.ts'

const rules = () => [dailyLoss({ limit: 100 }), frequency({ limit: 10, per: '1h' })]

describe('a constraint that is retired', () => {
  it('refuses nothing any more and is not known any more, for every process, while the others hold', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 }), frequency({ limit: 2, per: '1h' })])
    const other = new DefaultRiskManager([], world)
    await world.record({ loss: 100 })
    expect(await world.ask({ loss: 1, count: 1 })).toBe('LIMIT_EXCEEDED max_daily_loss')
    await other.retireConstraint('max_daily_loss', 'replaced by a weekly limit', 'ada')
    expect(await world.ask({ loss: 1, count: 2 })).toBe('ok')
    expect(await world.ask({ loss: 1, count: 1 })).toBe('LIMIT_EXCEEDED max_frequency')
    expect(() => world.risk.remaining('max_daily_loss')).toThrow('known: max_frequency')
    expect(world.risk.assessPortfolio().budgets.map(({ constraint }) => constraint)).toEqual(['max_frequency'])
    await expect(other.retireConstraint('max_daily_loss', 'again', 'ada')).rejects.toThrow('known: max_frequency')
    await expect(other.retireConstraint('max_frequency', '', 'ada')).rejects.toThrow('say why')
  })

  it('comes back with the next start that configures it, and counts from then on', async () => {
    const world = new RiskWorld(rules())
    await world.record({ loss: 90 })
    await world.ask({ loss: 0, count: 1 }, { id: 'open' })
    await world.risk.setLimit('max_daily_loss', 50, 'less', 'ada')
    await world.risk.retireConstraint('max_daily_loss', 'why', 'ada')
    const again = new DefaultRiskManager(rules(), world)
    await again.ready()
    expect(again.remaining('max_daily_loss')).toMatchObject({ limit: 100, used: 0, reserved: 0 })
    await again.settle('open', [{ measure: 'loss', amount: 30 }])
    expect(again.remaining('max_daily_loss')).toMatchObject({ used: 30, reserved: 0 })
    // Nobody has set a limit of this one by hand.
    const higher = new DefaultRiskManager([dailyLoss({ limit: 200 })], world)
    await higher.ready()
    expect(higher.remaining('max_daily_loss').limit).toBe(200)
  })

  it('leaves its name to another rule', async () => {
    const world = new RiskWorld([dailyLoss({ name: 'limit', limit: 100 })])
    await world.ask({ loss: 5, exposure: 5 }, { id: 'open' })
    await world.risk.retireConstraint('limit', 'why', 'ada')
    const again = new DefaultRiskManager([exposure({ name: 'limit', limit: 10 })], world)
    await again.ready()
    await again.release('open', 'nothing happened')
    expect(again.remaining('limit')).toMatchObject({ used: 0, reserved: 0, available: 10 })
  })

  it('leaves every budget with what open reservations hold of it, in any order of events, and replays', async () => {
    const step = fc.constantFrom('reserve', 'settle', 'release', 'retire', 'restart')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        const world = new RiskWorld(rules())
        await world.risk.ready()
        for (const one of steps) {
          const open = world.risk.openReservations()[0]
          if (one === 'reserve') await world.ask({ loss: 3, count: 1 })
          if (one === 'settle' && open !== undefined) await world.risk.settle(open.id, [])
          if (one === 'release' && open !== undefined) await world.risk.release(open.id, 'test')
          if (one === 'restart') await new DefaultRiskManager(rules(), world).ready()
          if (one === 'retire' && world.store.read().constraints.has('max_daily_loss'))
            await world.risk.retireConstraint('max_daily_loss', 'test', 'ada')
          const state = world.store.read()
          for (const [key, { reserved }] of state.budgets) {
            const held = [...state.reservations.values()].flatMap(({ amounts }) => amounts)
            const sum = held.reduce((total, { budget, amount }) => (budget === key ? total + amount : total), 0)
            expect(reserved).toBe(sum)
          }
        }
        expect(await compareWithReplay(world.store)).toEqual([])
        expect(ledgerFromText(ledgerToText(world.store.read()))).toEqual(world.store.read())
      }),
    )
  })
})
