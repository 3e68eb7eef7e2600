import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import type { Fact } from '../journal/fact.ts'
import { compareWithReplay } from '../journal/replay.ts'
import { concentration } from '../risk/constraints/concentration.ts'
import { dailyLoss } from '../risk/constraints/daily-loss.ts'
import { exposure } from '../risk/constraints/exposure.ts'
import { lossWindow } from '../risk/constraints/loss-window.ts'
import { operatingCost } from '../risk/constraints/operating-cost.ts'
import { orderNotional } from '../risk/constraints/order-notional.ts'
import { position } from '../risk/constraints/position.ts'
import { priceCollar, priceDeviation } from '../risk/constraints/price-collar.ts'

describe('a budget of which nothing is left', () => {
  it.each([
    ['max_daily_loss', dailyLoss({ limit: 50 }), { loss: 80 }],
    ['max_daily_loss', dailyLoss({ limit: 50 }), { loss: 50 }],
    ['max_window_loss', lossWindow({ limit: 50, window: { last: '1h' } }), { loss: 50 }],
    ['max_operating_cost', operatingCost({ limit: 50 }), { 'operating-cost': 50 }],
    ['max_exposure', exposure({ limit: 50 }), { exposure: 50.01 }],
  ])('refuses whatever may add risk, also what names nothing of it: %s', async (name, constraint, recorded) => {
    const world = new RiskWorld([constraint])
    expect(await world.ask({})).toBe('ok')
    await world.record(recorded)
    for (const effects of [{}, { count: 1 }, { kwh: 1 }, { [constraint.measure]: 0 }])
      expect(await world.ask(effects)).toBe(`LIMIT_EXCEEDED ${name}`)
    expect(await world.ask({}, { reduces: true })).toBe('ok')
    expect(await compareWithReplay(world.store)).toEqual([])
  })

  it('lets through again once its window is over', async () => {
    const world = new RiskWorld([lossWindow({ limit: 50, window: { last: '1h' } })])
    await world.record({ loss: 80 })
    expect(await world.ask({})).toBe('LIMIT_EXCEEDED max_window_loss')
    world.minutesPass(60)
    expect(await world.ask({})).toBe('ok')
  })

  it.each([
    dailyLoss({ limit: 0 }),
    operatingCost({ limit: 0 }),
    exposure({ limit: 0 }),
    position({ limit: 0 }),
    orderNotional({ limit: 0 }),
  ])('is one with a limit of 0, which blocks all it covers: $type', async constraint => {
    const scope = { ...constraint.scope, venue: 'v' }
    const world = new RiskWorld([{ ...constraint, scope }])
    for (const effects of [{}, { count: 1 }]) expect(await world.ask(effects)).toBe(`LIMIT_EXCEEDED ${constraint.name}`)
    expect(await world.ask({}, { venueId: 'elsewhere' })).toBe('ok')
    expect(await world.ask({}, { reduces: true })).toBe('ok')
  })

  it('is none where the figure 0 is meant: a price at its reference passes a collar of 0', async () => {
    const world = new RiskWorld([priceCollar({ percent: 0 })])
    const deviation = (price: number) => ({ 'price-deviation': priceDeviation({ price, reference: 100 }).amount })
    expect(await world.ask(deviation(100))).toBe('ok')
    expect(await world.ask(deviation(100.1))).toBe('LIMIT_EXCEEDED price_collar')
  })

  it('is none where everything is invested and nothing more, or a share of the whole has shifted', async () => {
    const world = new RiskWorld([exposure({ limit: 100 }), concentration({ percent: 50, ofAtLeast: 100 })])
    await world.record({ exposure: 60 })
    await world.record({ exposure: 40 }, { asset: 'b' })
    expect(await world.ask({ loss: 1 })).toBe('ok')
    expect(await world.ask({ exposure: 1 })).toBe('LIMIT_EXCEEDED max_exposure')
  })

  it('only notes it in shadow mode, once', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 50, enforce: false })])
    await world.record({ loss: 80 })
    expect(await world.ask({ count: 1 })).toBe('ok')
    let newest: Fact | undefined
    for await (const { fact } of world.store.journal()) newest = fact
    expect(newest).toMatchObject({
      type: 'intent-reserved',
      amounts: [],
      shadowed: [{ constraint: 'max_daily_loss', requested: 0, available: 0 }],
    })
  })

  it('stops who has lost its own share, and nobody else', async () => {
    const of = { gpu: { guaranteed: 40 }, crypto: { guaranteed: 60 } }
    const world = new RiskWorld([dailyLoss({ limit: 100, shares: { by: 'domain', of } })])
    await world.record({ loss: 40 }, { domain: 'gpu' })
    expect(await world.ask({}, { domain: 'gpu' })).toBe('LIMIT_EXCEEDED max_daily_loss')
    expect(await world.ask({}, { domain: 'crypto' })).toBe('ok')
    expect(await world.ask({}, { domain: 'ads' })).toBe('ok')
  })

  it('is asked in the order in which constraints were set', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 50 }), exposure({ limit: 10 })])
    await world.record({ loss: 80 })
    expect(await world.ask({ exposure: 20 })).toBe('LIMIT_EXCEEDED max_daily_loss')
  })

  it('leaves an account of another measure alone', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 50 }), operatingCost({ limit: 10 })])
    await world.record({ loss: 80 })
    const account = world.risk.account('operating-cost', { domain: 'd', strategyId: 's', venueId: 'v' })
    expect(await account.spend({ id: 'a', amount: 5 })).toMatchObject({ code: 'ok' })
  })
})
