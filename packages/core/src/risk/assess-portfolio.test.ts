import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import { cooldown } from './constraints/breakers.ts'
import { dailyLoss } from './constraints/daily-loss.ts'
import { drawdown } from './constraints/drawdown.ts'
import { exposure } from './constraints/exposure.ts'

describe('what is left of a budget', () => {
  it('counts no reservation that has expired unsent, as the next reservation does not', async () => {
    const of = { gpu: { guaranteed: 40, borrows: true }, crypto: { guaranteed: 10 } }
    const world = new RiskWorld([dailyLoss({ limit: 100, shares: { by: 'domain', of } })])
    expect(await world.ask({ loss: 90 }, { domain: 'gpu' })).toBe('ok')
    world.minutesPass(4)
    expect(world.risk.remaining('max_daily_loss')).toMatchObject({ reserved: 90, available: 10 })
    world.minutesPass(1)
    expect(world.risk.remaining('max_daily_loss')).toMatchObject({ reserved: 0, available: 100 })
    expect(world.risk.remaining('max_daily_loss', { domain: 'gpu' })).toMatchObject({ reserved: 0, available: 90 })
    expect(world.risk.remaining('max_daily_loss', { domain: 'x' })).toMatchObject({ limit: 50, available: 50 })
    const { reservedLoss, openReservations, budgets } = world.risk.assessPortfolio()
    expect({ reservedLoss, openReservations }).toEqual({ reservedLoss: 0, openReservations: 0 })
    expect(budgets.every(({ reserved }) => reserved === 0)).toBe(true)
    expect(await world.ask({ loss: 90 }, { domain: 'gpu' })).toBe('ok')
  })

  it('counts what was sent until its venue has spoken, however long that takes', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    await world.ask({ loss: 90 }, { id: 'sent' })
    await world.risk.markSent('sent', 'sent')
    world.minutesPass(60)
    expect(world.risk.remaining('max_daily_loss').reserved).toBe(90)
    expect(world.risk.assessPortfolio()).toMatchObject({ reservedLoss: 90, openReservations: 1 })
  })
})

describe('a lock', () => {
  it('shows whether and until when, and survives JSON: until somebody re-arms it there is no end to show', async () => {
    const world = new RiskWorld([drawdown({ limit: 100 }), cooldown({ stopFor: '1h' })])
    await world.record({ loss: 100 }, { closed: { ratio: -1 } })
    const status = (name: string) => JSON.parse(JSON.stringify(world.risk.remaining(name, { asset: 'a' })))
    expect(status('max_drawdown')).toMatchObject({ locked: true, available: 0 })
    expect(status('max_drawdown')).not.toHaveProperty('lockedUntil')
    expect(status('cooldown')).toMatchObject({ locked: true, lockedUntil: world.nowMs + 3_600_000 })
    world.minutesPass(60)
    expect(status('cooldown')).not.toHaveProperty('locked')
    expect(world.risk.assessPortfolio().bindsFirst).toMatchObject({ constraint: 'max_drawdown', locked: true })
  })
})

describe('the worst case of everything', () => {
  it('is all that was lost today, is at stake, and could come of open reservations', async () => {
    const world = new RiskWorld([exposure({ limit: 1000 })])
    await world.record({ loss: 1, exposure: 20 })
    await world.ask({ loss: 300, exposure: 400, 'operating-cost': 50, count: 1 })
    expect(world.risk.assessPortfolio()).toMatchObject({ worstCaseLossToday: 301, worstCaseLoss: 771 })
    world.minutesPass(10)
    expect(world.risk.assessPortfolio()).toMatchObject({ worstCaseLossToday: 1, worstCaseLoss: 21 })
  })
})
