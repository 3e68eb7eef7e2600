import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../../test/risk-world.ts'
import { compareWithReplay } from '../../journal/replay.ts'
import { concentration } from './concentration.ts'
import { dailyLoss } from './daily-loss.ts'
import { drawdown } from './drawdown.ts'
import { exposure } from './exposure.ts'
import { frequency } from './frequency.ts'
import { lossWindow } from './loss-window.ts'
import { operatingCost } from './operating-cost.ts'
import { orderNotional } from './order-notional.ts'
import { position } from './position.ts'
import { priceCollar, priceDeviation } from './price-collar.ts'
import { staleData } from './stale-data.ts'

const utc = (text: string) => Date.parse(`${text}Z`)

describe('dailyLoss', () => {
  it('leaves the GPU bot 200 of 500 after trading lost 300, to the cent', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 500 })])
    await world.record({ loss: 300 }, { domain: 'trading' })
    expect(world.risk.remaining('max_daily_loss', { domain: 'gpu' }).available).toBe(200)
    const result = await world.risk.reserve(world.intent({ loss: 200.01 }, { domain: 'gpu' }))
    expect(result.ok ? '' : result.rejection.shortMessage).toBe(
      'daily loss limit 500.00: used 300.00, reserved 0.00, asked 200.01, free 200.00 (max_daily_loss, global)',
    )
    expect(await world.ask({ loss: 200 }, { domain: 'gpu' })).toBe('ok')
  })

  it('gives budget back for a gain under net, not under gross', async () => {
    const world = new RiskWorld([
      dailyLoss({ limit: 100, enforce: false }),
      dailyLoss({ name: 'gross', limit: 100, basis: 'gross', enforce: false }),
    ])
    for (const loss of [60, -40, 30]) await world.record({ loss })
    expect(world.risk.remaining('max_daily_loss').used).toBe(50)
    expect(world.risk.remaining('gross').used).toBe(90)
  })

  it('counts what holdings are worth less, unless realised results alone are asked for', async () => {
    const world = new RiskWorld([
      dailyLoss({ limit: 100 }),
      dailyLoss({ name: 'realised', limit: 100, results: 'realised' }),
    ])
    await world.record({ loss: 10, 'unrealised-loss': 25 })
    expect(world.risk.remaining('max_daily_loss').used).toBe(35)
    expect(world.risk.remaining('realised').used).toBe(10)
  })

  it('starts anew at midnight of its zone, on a day of 23 hours too', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100, timeZone: 'Europe/Berlin' })])
    world.nowMs = utc('2026-03-28T23:30')
    await world.record({ loss: 100 })
    world.nowMs = utc('2026-03-29T21:59')
    expect(await world.ask({ loss: 1 })).toBe('LIMIT_EXCEEDED max_daily_loss')
    world.nowMs = utc('2026-03-29T22:00')
    expect(await world.ask({ loss: 100 })).toBe('ok')
  })
})

describe('lossWindow', () => {
  it('frees what was lost once it is older than the window', async () => {
    const world = new RiskWorld([lossWindow({ limit: 100, window: { last: '1h' } })])
    await world.record({ loss: 70 })
    world.minutesPass(30)
    await world.record({ loss: 30 })
    world.minutesPass(29)
    expect(await world.wouldPass({ loss: 1 })).toBe(false)
    world.minutesPass(1)
    expect(world.risk.remaining('max_window_loss').available).toBe(70)
  })

  it('counts from Monday to Sunday, and by month', async () => {
    const world = new RiskWorld([
      lossWindow({ name: 'week', limit: 1500, window: { calendar: 'week', timeZone: 'Europe/Berlin' } }),
      lossWindow({ name: 'month', limit: 9999, window: { calendar: 'month', timeZone: 'Europe/Berlin' } }),
    ])
    world.nowMs = utc('2026-03-23T12:00')
    await world.record({ loss: 900 })
    world.nowMs = utc('2026-03-25T12:00')
    await world.record({ loss: 400 })
    // The clocks go forward in the night to Sunday: the week ends an hour earlier in UTC.
    world.nowMs = utc('2026-03-29T21:59')
    expect(world.risk.remaining('week')).toMatchObject({ available: 200, resetsAt: utc('2026-03-29T22:00') })
    world.nowMs = utc('2026-03-29T22:00')
    expect(world.risk.remaining('week').used).toBe(0)
    expect(world.risk.remaining('month')).toMatchObject({ used: 1300, resetsAt: utc('2026-03-31T22:00') })
  })
})

describe('drawdown', () => {
  it('counts from the peak, trips at the limit, stays shut after a recovery, and opens by hand with a reason', async () => {
    const world = new RiskWorld([drawdown({ limit: 1000 })])
    await world.record({ loss: -400 })
    await world.record({ loss: 1100 })
    expect(await world.ask({ loss: 0 })).toBe('LOCKED max_drawdown')
    await world.record({ loss: -1100 })
    expect(await world.ask({})).toBe('LOCKED max_drawdown')
    await expect(world.risk.rearm('max_drawdown', ' ', 'me')).rejects.toMatchObject({ code: 'REASON_REQUIRED' })
    await world.risk.rearm('max_drawdown', 'looked into it', 'me')
    expect(world.risk.remaining('max_drawdown').available).toBe(1000)
    expect(await world.ask({ loss: 1000 })).toBe('ok')
  })

  it('that locks one venue is re-armed there, and says so when another or none was named', async () => {
    const world = new RiskWorld([drawdown({ limit: 100, scope: { venue: '*' } })])
    await world.record({ loss: 100 }, { venueId: 'b' })
    await world.record({ loss: 50 }, { venueId: 'c' })
    for (const origin of [{}, { venueId: 'c' }, { venueId: 'never seen' }])
      await expect(world.risk.rearm('max_drawdown', 'why', 'me', origin)).rejects.toMatchObject({
        code: 'NOTHING_TO_REARM',
        shortMessage: expect.stringContaining('locked: venue=b'),
      })
    await world.risk.rearm('max_drawdown', 'why', 'me', { venueId: 'b' })
    expect(await world.ask({}, { venueId: 'b' })).toBe('ok')
    await world.risk.rearm('max_drawdown', 'a new month', 'me', { venueId: 'c' })
    expect(world.risk.remaining('max_drawdown', { venueId: 'c' }).used).toBe(0)
    const again = world.risk.rearm('max_drawdown', 'why', 'me', { venueId: 'c' })
    await expect(again).rejects.toMatchObject({ code: 'NOTHING_TO_REARM' })
  })

  it('reserves against what is left below the peak, realised or not', async () => {
    const world = new RiskWorld([drawdown({ limit: 1000 })])
    await world.record({ loss: -400 })
    await world.record({ loss: 300, 'unrealised-loss': 400 })
    expect(await world.ask({ loss: 300.01 })).toBe('LIMIT_EXCEEDED max_drawdown')
    expect(await world.ask({ loss: 300 })).toBe('ok')
  })

  it('takes per cent of the equity at its peak', async () => {
    const world = new RiskWorld([drawdown({ percent: 10, startEquity: 10_000 })])
    await world.record({ loss: -2000 })
    await world.record({ loss: 1199.99 })
    expect(world.risk.remaining('max_drawdown')).toMatchObject({ limit: 1200, available: 0.01 })
    await world.record({ loss: 0.01 })
    expect(await world.ask({})).toBe('LOCKED max_drawdown')
  })

  it('sees a fall within one batch that a gain in it hides', async () => {
    const world = new RiskWorld([drawdown({ limit: 100 })])
    await world.risk.recordAll([60, 60, -80].map(loss => world.result({ loss })))
    expect(await world.ask({})).toBe('LOCKED max_drawdown')
  })
})

describe('exposure and position', () => {
  it('keep one budget for each asset, or one for a list of them', async () => {
    const world = new RiskWorld([
      exposure({ limit: 10_000, scope: { asset: '*' } }),
      exposure({ name: 'large_coins', limit: 15_000, scope: { asset: ['BTC', 'ETH', 'SOL'] } }),
    ])
    await world.record({ exposure: 9000 }, { asset: 'BTC' })
    await world.record({ exposure: 5000 }, { asset: 'ETH' })
    expect(await world.ask({ exposure: 1000.01 }, { asset: 'SOL' })).toBe('LIMIT_EXCEEDED large_coins')
    expect(await world.ask({ exposure: 1000 }, { asset: 'SOL' })).toBe('ok')
    expect(await world.ask({ exposure: 10_000 }, { asset: 'XRP' })).toBe('ok')
    await world.record({ exposure: -5000 }, { asset: 'ETH' })
    expect(world.risk.remaining('large_coins', { asset: 'BTC' }).available).toBe(5000)
  })

  it('count pieces at each venue', async () => {
    const world = new RiskWorld([position({ limit: 2 })])
    await world.record({ position: 1.5 })
    expect(await world.ask({ position: 0.500001 })).toBe('LIMIT_EXCEEDED max_position')
    expect(await world.ask({ position: 0.5 })).toBe('ok')
    expect(await world.ask({ position: 2 }, { venueId: 'other' })).toBe('ok')
  })
})

describe('concentration', () => {
  it('lets a quarter of the whole into one asset, the new position included', async () => {
    const world = new RiskWorld([concentration({ percent: 25, ofAtLeast: 10_000 })])
    expect(await world.wouldPass({ exposure: 2500.01 }, { asset: 'BTC' })).toBe(false)
    expect(await world.wouldPass({ exposure: 2500 }, { asset: 'BTC' })).toBe(true)
    await world.record({ exposure: 30_000 }, { asset: 'everything else' })
    expect(await world.ask({ exposure: 10_000.01 }, { asset: 'BTC' })).toBe('LIMIT_EXCEEDED max_concentration')
    expect(await world.ask({ exposure: 10_000 }, { asset: 'BTC' })).toBe('ok')
  })
})

describe('a level', () => {
  it('gives no credit for one stake to another: each counts for at least nothing', async () => {
    const world = new RiskWorld([exposure({ limit: 100 })])
    await world.record({ exposure: -1000 }, { asset: 'A' })
    expect(await world.ask({ exposure: 100.01 }, { asset: 'B' })).toBe('LIMIT_EXCEEDED max_exposure')
    await world.record({ exposure: 60 }, { asset: 'B' })
    await world.record({ exposure: -60 }, { asset: 'B', venueId: 'another' })
    expect(world.risk.remaining('max_exposure').used).toBe(60)
    expect(await compareWithReplay(world.store)).toEqual([])
  })

  it('gives no credit to the next opening for a close that was posted too large', async () => {
    const world = new RiskWorld([exposure({ limit: 100 })])
    await world.record({ exposure: 50 })
    await world.record({ exposure: -65 })
    await world.record({ exposure: 90 })
    expect(world.risk.remaining('max_exposure')).toMatchObject({ used: 90, available: 10 })
    expect(await world.ask({ exposure: 10.01 })).toBe('LIMIT_EXCEEDED max_exposure')
  })
})

describe('orderNotional, operatingCost and frequency', () => {
  it('looks at one action alone', async () => {
    const world = new RiskWorld([orderNotional({ limit: 5000 })])
    for (const notional of [5000, 5000]) expect(await world.ask({ notional })).toBe('ok')
    expect(await world.ask({ notional: 5000.01 })).toBe('LIMIT_EXCEEDED max_order_notional')
  })

  it('does not give cost back for income', async () => {
    const world = new RiskWorld([operatingCost({ limit: 30 })])
    await world.record({ 'operating-cost': 20 })
    await world.record({ 'operating-cost': -15 })
    expect(world.risk.remaining('max_operating_cost').available).toBe(10)
  })

  it('holds for actions that reduce as well', async () => {
    const world = new RiskWorld([frequency({ limit: 2, per: '1h' })])
    for (const reduces of [false, true]) expect(await world.ask({ count: 1 }, { reduces })).toBe('ok')
    expect(await world.ask({ count: 1 }, { reduces: true })).toBe('LIMIT_EXCEEDED max_frequency')
  })

  it.each([-5, 0, 1])('counts a request that was sent, though its receipt says a count of %d', async count => {
    const world = new RiskWorld([frequency({ limit: 2, per: '1h' })])
    for (const id of ['a', 'b']) {
      expect(await world.ask({ count: 1 }, { id })).toBe('ok')
      await world.risk.markSent(id, id)
      await world.risk.settle(id, [{ measure: 'count', amount: count }])
    }
    expect(world.risk.remaining('max_frequency').used).toBe(2)
    expect(await world.ask({ count: 1 }, { reduces: true })).toBe('LIMIT_EXCEEDED max_frequency')
  })

  it('counts all that a receipt says went out, and what was never sent as it was settled', async () => {
    const world = new RiskWorld([frequency({ limit: 9, per: '1h' })])
    await world.ask({ count: 1 }, { id: 'a' })
    await world.risk.markSent('a', 'a')
    await world.risk.settle('a', [{ measure: 'count', amount: 3 }])
    await world.ask({ count: 5 }, { id: 'b' })
    await world.risk.settle('b', [{ measure: 'count', amount: 2 }])
    expect(world.risk.remaining('max_frequency').used).toBe(5)
  })

  it('counts requests that were sent and failed, and none that never left', async () => {
    const world = new RiskWorld([frequency({ limit: 2, per: '1h' }), orderNotional({ limit: 5 })])
    for (const isSent of [false, true, false, true]) {
      const { id } = world.intent({})
      expect(await world.ask({ count: 1, notional: 5 }, { id })).toBe('ok')
      if (isSent) await world.risk.markSent(id, id)
      await world.risk.release(id, isSent ? 'HTTP 500' : 'given up')
    }
    expect(world.risk.remaining('max_frequency').used).toBe(2)
    expect(await world.ask({ count: 1 }, { reduces: true })).toBe('LIMIT_EXCEEDED max_frequency')
    world.minutesPass(60)
    expect(await world.ask({ count: 1 })).toBe('ok')
  })
})

describe('priceCollar and staleData', () => {
  it('refuses a price too far away, to a millionth of a per cent, and one that is not said', async () => {
    const world = new RiskWorld([priceCollar({ percent: 5 })])
    const ask = (price: string) => {
      const { measure, amount } = priceDeviation({ price, reference: '100' })
      return world.ask({ [measure]: amount })
    }
    expect(await ask('105')).toBe('ok')
    expect(await ask('95')).toBe('ok')
    expect(await ask('105.000000001')).toBe('LIMIT_EXCEEDED price_collar')
    expect(await world.ask({ loss: 1 })).toBe('MEASURE_MISSING price_collar')
    expect(await world.ask({ loss: 1 }, { reduces: true })).toBe('ok')
    expect(() => priceDeviation({ price: 0, reference: 1 })).toThrow('expected positive prices, were 0 and 1')
  })

  it('refuses data that is too old, from the future, or of unknown age', async () => {
    const world = new RiskWorld([staleData({ maxAge: '30s' })])
    const observedAt = (ageMs: number) => ({ observedAt: world.nowMs - ageMs })
    expect(await world.ask({}, observedAt(30_000))).toBe('ok')
    expect(await world.ask({}, observedAt(30_001))).toBe('LIMIT_EXCEEDED stale_data')
    expect(await world.ask({}, observedAt(-1))).toBe('LIMIT_EXCEEDED stale_data')
    expect(await world.ask({})).toBe('MEASURE_MISSING stale_data')
  })
})
