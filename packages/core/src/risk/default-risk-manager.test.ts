import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import type { Fact } from '../journal/fact.ts'
import { compareWithReplay } from '../journal/replay.ts'
import { memoryStore } from '../store/memory-store.ts'
import { cooldown } from './constraints/breakers.ts'
import { dailyLoss } from './constraints/daily-loss.ts'
import { exposure } from './constraints/exposure.ts'
import { frequency } from './constraints/frequency.ts'
import { DefaultRiskManager } from './default-risk-manager.ts'

describe('a group of intents', () => {
  it('is reserved whole or not at all: two legs that fit one by one do not fit together', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    const legs = [world.intent({ loss: 60 }), world.intent({ loss: 60 })]
    const result = await world.risk.reserveGroup(legs)
    expect(result).toMatchObject({
      ok: false,
      failedId: legs[1]?.id,
      rejection: { code: 'LIMIT_EXCEEDED', available: '40.00' },
    })
    expect(world.risk.remaining('max_daily_loss').reserved).toBe(0)
    expect(await world.risk.reserveGroup([world.intent({ loss: 60 }), world.intent({ loss: 40 })])).toMatchObject({
      ok: true,
    })
    expect(await compareWithReplay(world.store)).toEqual([])
  })

  it('whose legs together cannot be counted exactly is refused whole, also where only a shadow limit counts them', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 1, enforce: false })])
    const legs = [world.intent({ loss: 8e9 }), world.intent({ loss: 8e9 })]
    expect(await world.risk.reserveGroup(legs)).toMatchObject({ ok: false, rejection: { code: 'RISK_CHECK_FAILED' } })
    expect(world.risk.openReservations()).toEqual([])
    expect(await compareWithReplay(world.store)).toEqual([])
  })

  it('ends all its ids when one is refused, also twice the same id', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    const leg = world.intent({ loss: 1 })
    expect(await world.risk.reserveGroup([leg, leg])).toMatchObject({
      ok: false,
      rejection: { code: 'DUPLICATE_INTENT' },
    })
    expect(await world.risk.reserve(leg)).toMatchObject({ ok: false, rejection: { code: 'DUPLICATE_INTENT' } })
  })
})

describe('a reservation up to what is free', () => {
  it('is cut in one proportion, and what cannot be cut must fit', async () => {
    const world = new RiskWorld([
      dailyLoss({ limit: 30 }),
      exposure({ limit: 5000 }),
      frequency({ limit: 1, per: '1h' }),
    ])
    const cut = { upTo: ['loss', 'exposure'] }
    const result = await world.risk.reserve(world.intent({ loss: 50, exposure: 1000, count: 1 }), cut)
    expect(result).toMatchObject({
      ok: true,
      reservation: {
        effects: [
          { measure: 'loss', amount: '30.00' },
          { measure: 'exposure', amount: '600.00' },
          { measure: 'count', amount: 1 },
        ],
      },
    })
    expect(world.risk.remaining('max_daily_loss').available).toBe(0)
    const second = await world.risk.reserve(world.intent({ loss: 1, exposure: 1, count: 1 }), cut)
    expect(second).toMatchObject({ ok: false, rejection: { code: 'LIMIT_EXCEEDED', constraint: 'max_daily_loss' } })
  })
})

describe('an intent that reduces', () => {
  it('takes off what is there less what others are taking off, and never crosses zero', async () => {
    const world = new RiskWorld([exposure({ limit: 100 })])
    await world.record({ exposure: 100 })
    await world.risk.reduceOnly({}, 'too hot', 'me')
    const reduce = (reduction: number) => world.ask({}, { reduces: true, reduction })
    expect(await world.ask({ exposure: 1 })).toBe('REDUCING_ONLY')
    expect(await reduce(70)).toBe('ok')
    expect(await reduce(30.01)).toBe('NOT_REDUCING')
    expect(await reduce(30)).toBe('ok')
    expect(await reduce(0.01)).toBe('NOT_REDUCING')
  })

  it('does not leave zero, and gets room back when another reduction came to nothing', async () => {
    const world = new RiskWorld([exposure({ limit: 100 })])
    await world.record({ exposure: 10 })
    const first = world.intent({}, { reduces: true, reduction: 10 })
    await world.risk.reserve(first)
    await world.risk.release(first.id, 'refused by the venue')
    const second = world.intent({}, { reduces: true, reduction: 10 })
    expect(await world.risk.reserve(second)).toMatchObject({ ok: true })
    await world.risk.settle(second.id, [{ measure: 'exposure', amount: -10 }])
    expect(await world.ask({}, { reduces: true, reduction: 1 })).toBe('NOT_REDUCING')
  })

  it('is refused when it says an amount that cannot be meant', async () => {
    const world = new RiskWorld([exposure({ limit: 100 })])
    for (const reduction of [-1, Number.NaN])
      expect(await world.ask({}, { reduces: true, reduction })).toBe('RISK_CHECK_FAILED')
  })

  it('passes where its domain posts no exposure', async () => {
    const world = new RiskWorld([exposure({ limit: 100 })])
    expect(await world.ask({}, { reduces: true, reduction: 7 })).toBe('ok')
  })
})

describe('the kill switch', () => {
  it('holds for what is reserved and not sent yet, pulled by whichever process; resuming needs a reason', async () => {
    const world = new RiskWorld([])
    const other = new DefaultRiskManager([], { store: world.store, clock: world.risk.clock })
    const intent = world.intent({ loss: 1 })
    await world.risk.reserve(intent)
    await other.halt({ venue: 'v' }, 'smoke', 'somebody else')
    await expect(world.risk.markSent(intent.id, intent.id)).rejects.toMatchObject({ code: 'HALTED' })
    expect(await world.ask({ loss: 1 })).toBe('HALTED')
    await expect(other.resume({ venue: 'v' }, '', 'me')).rejects.toMatchObject({ code: 'REASON_REQUIRED' })
    await other.resume({ venue: 'v' }, 'no smoke', 'me')
    await world.risk.markSent(intent.id, intent.id)
  })
})

describe('resuming', () => {
  it.each([
    [{ domain: 'd' }, {}, 'halted (domain=d), smoke'],
    [{}, { domain: 'd' }, 'halted (global), smoke'],
  ])('of another scope than was halted says what is: %j, %j', async (halted, resumed, stopped) => {
    const { risk } = new RiskWorld([])
    await risk.halt(halted, 'smoke', 'me')
    await expect(risk.resume(resumed, 'no smoke', 'me')).rejects.toMatchObject({
      code: 'NOT_HALTED',
      shortMessage: expect.stringContaining(`stopped: ${stopped}`),
    })
    expect(risk.state({ domain: 'd' })).toBe('halted')
    await risk.resume(halted, 'no smoke', 'me')
    expect(risk.state({ domain: 'd' })).toBe('active')
  })
})

describe('what was sent', () => {
  it('keeps the key it was sent under: the same again changes nothing, another is refused', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    const intent = world.intent({ loss: 10 })
    await world.risk.reserve(intent)
    await world.risk.markSent(intent.id, 'first')
    await world.risk.markSent(intent.id, 'first')
    await expect(world.risk.markSent(intent.id, 'second')).rejects.toMatchObject({
      code: 'ALREADY_SENT',
      effect: 'unknown',
    })
    expect(world.risk.openReservations().map(open => open.idempotencyKey)).toEqual(['first'])
    let sent = 0
    for await (const { fact } of world.store.journal()) if (fact.type === 'intent-sent') sent++
    expect(sent).toBe(1)
  })
})

describe('limits and ends', () => {
  it('lower a limit below what is used: new risk is blocked and nothing else', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    const open = world.intent({ loss: 40 })
    await world.risk.reserve(open)
    await world.record({ loss: 50 })
    await world.risk.setLimit('max_daily_loss', 10, 'a bad day', 'me')
    expect(await world.ask({ loss: 0.01 })).toBe('LIMIT_EXCEEDED max_daily_loss')
    expect(await world.ask({ loss: 5 }, { reduces: true })).toBe('ok')
    await world.risk.markSent(open.id, open.id)
    await world.risk.settle(open.id, [])
    expect(world.risk.remaining('max_daily_loss')).toMatchObject({ used: 90, reserved: 0, available: 0 })
  })

  it('post a settlement above its reservation in full, which may close the budget', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    const intent = world.intent({ loss: 10 })
    await world.risk.reserve(intent)
    expect(await world.risk.settle(intent.id, [{ measure: 'loss', amount: 130 }])).toBe('settled')
    expect(world.risk.remaining('max_daily_loss')).toMatchObject({ used: 130, available: 0 })
  })

  it('expire what was not sent, and keep what was sent until the venue has been asked', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    const [unsent, sent] = [world.intent({ loss: 30 }), world.intent({ loss: 50 })]
    for (const intent of [unsent, sent]) await world.risk.reserve(intent)
    await world.risk.markSent(sent.id, sent.id)
    await world.risk.markInDoubt(sent.id, 'TIMEOUT', 'no answer')
    world.minutesPass(600)
    expect(await world.ask({ loss: 50.01 })).toBe('LIMIT_EXCEEDED max_daily_loss')
    expect(world.risk.remaining('max_daily_loss').reserved).toBe(50)
  })
})

describe('bad input', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 1e10, 'ten', '1e3'])(
    'refuses the amount %s in one line, and reserves nothing',
    async amount => {
      const world = new RiskWorld([dailyLoss({ limit: 100 })])
      const result = await world.risk.reserve(world.intent({ loss: amount }))
      expect(result).toMatchObject({ ok: false, rejection: { code: 'RISK_CHECK_FAILED' } })
      expect(result.ok ? '' : result.rejection.shortMessage).toMatch(
        /^refused, since the risk check failed: .*expected .*was [^\n]*$/,
      )
      expect(world.risk.remaining('max_daily_loss').reserved).toBe(0)
      if (amount !== -1)
        await expect(world.record({ loss: amount })).rejects.toMatchObject({ code: 'INVALID_AMOUNT', effect: 'none' })
    },
  )

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 'much'])('refuses the limit %s', async limit => {
    expect(() => dailyLoss({ limit })).toThrow(
      /^constraint "max_daily_loss" is not usable: limit: expected a finite amount/,
    )
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    await expect(world.risk.setLimit('max_daily_loss', limit, 'why', 'me')).rejects.toThrow('limit: expected a finite')
    expect(world.risk.remaining('max_daily_loss').limit).toBe(100)
  })

  it('blocks everything with a limit of zero, and lets reducing pass', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 0 })])
    expect(await world.ask({ loss: 0.000001 })).toBe('LIMIT_EXCEEDED max_daily_loss')
    expect(await world.ask({ loss: 1 }, { reduces: true })).toBe('ok')
  })

  it('refuses two constraints of one name, and one name for another thing', async () => {
    expect(() => new DefaultRiskManager([dailyLoss({ limit: 1 }), dailyLoss({ limit: 2 })])).toThrow(
      'two constraints are named "max_daily_loss": give one of them another name',
    )
    const world = new RiskWorld([dailyLoss({ limit: 1 })])
    await world.risk.ready()
    const other = new DefaultRiskManager([exposure({ name: 'max_daily_loss', limit: 1 })], world)
    await expect(other.ready()).rejects.toMatchObject({ code: 'CONSTRAINT_CHANGED' })
  })

  it('refuses scopes it does not know, and names of constraints', async () => {
    const { risk } = new RiskWorld([dailyLoss({ limit: 1 })])
    const misspelt = { vanue: 'x' } as unknown as { venue: string }
    await expect(risk.halt(misspelt, 'why', 'me')).rejects.toMatchObject({ code: 'INVALID_SCOPE' })
    expect(() => exposure({ limit: 1, scope: misspelt })).toThrow('Unrecognized key: "vanue"')
    expect(() => risk.remaining('nothing')).toThrow('no constraint is named "nothing"; known: max_daily_loss')
    await expect(risk.rearm('nothing', 'why', 'me')).rejects.toMatchObject({ code: 'UNKNOWN_CONSTRAINT' })
    await expect(risk.settle('nothing', [])).rejects.toMatchObject({ code: 'UNKNOWN_RESERVATION' })
    expect(() => cooldown({ unlockAt: { time: '25:00', timeZone: 'UTC' } })).toThrow('expected HH:MM')
    expect(() => dailyLoss({ limit: 1, timeZone: 'Mars' })).toThrow('expected an IANA time zone')
  })

  it('does not reopen a window when the clock steps back', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    world.nowMs = Date.UTC(2026, 0, 6, 0, 30)
    await world.record({ loss: 100 })
    world.minutesPass(-60)
    expect(await world.ask({ loss: 1 })).toBe('LIMIT_EXCEEDED max_daily_loss')
    world.nowMs = Number.NaN
    expect(await world.ask({ loss: 1 }, { expiresAt: 0 })).toBe('RISK_CHECK_FAILED')
  })

  it('refuses what could not be counted exactly any more, and changes nothing', async () => {
    const world = new RiskWorld([])
    for (let i = 0; i < 2; i++) await world.record({ loss: 4e9 })
    await expect(world.record({ loss: 4e9 })).rejects.toMatchObject({ code: 'AMOUNT_OVERFLOW' })
    expect(world.risk.assessPortfolio().lossToday).toBe(8e9)
  })
})

describe('assessPortfolio', () => {
  it('adds up all domains: equity, exposure, loss, worst case, and what binds first', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 500 }), exposure({ limit: 1000 })], { startEquity: 10_000 })
    await world.record({ loss: 300, exposure: 400 }, { domain: 'crypto', asset: 'BTC' })
    await world.record({ 'unrealised-loss': -50, exposure: 20 }, { domain: 'gpu', venueId: 'host', asset: 'm1' })
    await world.risk.reserve(world.intent({ loss: 100 }))
    expect(world.risk.assessPortfolio()).toMatchObject({
      state: 'active',
      equity: 9750,
      resultEver: -250,
      lossToday: 250,
      exposure: 420,
      exposureByDomain: { crypto: 400, gpu: 20 },
      exposureByVenue: { v: 400, host: 20 },
      exposureByAsset: { BTC: 400, m1: 20 },
      reservedLoss: 100,
      worstCaseLossToday: 350,
      worstCaseLoss: 770,
      bindsFirst: { constraint: 'max_daily_loss', available: 150 },
      tailRisks: [],
    })
  })

  it('says value at risk and expected shortfall once there are enough days, empty days included', async () => {
    const world = new RiskWorld([])
    // 40 days: losses of 1 to 20, then 20 days of which the first 19 have no result.
    for (let day = 1; day <= 40; day++) {
      if (day <= 20 || day === 40) await world.record({ loss: day <= 20 ? day : -5 })
      world.minutesPass(24 * 60)
    }
    expect(world.risk.assessPortfolio().tailRisks).toEqual([
      { confidence: 0.95, days: 40, valueAtRisk: 19, expectedShortfall: 19.5 },
    ])
  })
})

describe('bad input', () => {
  it('has a time that is none: an intent is refused, a closed position is not recorded', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 }), cooldown({ stopFor: '1h' })])
    for (const expiresAt of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(await world.ask({ loss: 1 }, { expiresAt })).toBe('RISK_CHECK_FAILED')
    const digest = world.store.digest()
    for (const at of [Number.NaN, Number.NEGATIVE_INFINITY])
      await expect(world.close(-0.1, { at })).rejects.toThrow(
        `closed: at: expected milliseconds since the epoch, was ${at}`,
      )
    expect(world.store.digest()).toBe(digest)
  })

  it('does not say whose it is: it would pass by the budgets of its domain', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100, scope: { domain: 'd' } })])
    for (const domain of ['', undefined as never]) {
      expect(await world.ask({ loss: 1 }, { domain })).toBe('RISK_CHECK_FAILED')
      await expect(world.record({ loss: 1 }, { domain })).rejects.toThrow('domain: expected a name, was')
      expect(() => world.risk.account('loss', { domain, strategyId: 's', venueId: 'v' })).toThrow('expected a name')
    }
  })

  it('does not say who: neither nobody nor the configuration changes a limit or resumes', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    await world.risk.ready()
    for (const by of ['', ' ', 'config']) {
      await expect(world.risk.setLimit('max_daily_loss', 10, 'a bad week', by)).rejects.toThrow('say who')
      await expect(world.risk.resume({}, 'all is well', by)).rejects.toThrow('say who')
      await expect(world.risk.rearm('max_daily_loss', 'all is well', by)).rejects.toThrow('say who')
    }
    expect(world.risk.remaining('max_daily_loss').limit).toBe(100)
  })
})

it('no flood of refusals makes what was done forgotten: its id is not taken again', async () => {
  const store = memoryStore({ journalEntriesMax: 0 })
  const world = new RiskWorld([dailyLoss({ limit: 100 })], { store })
  const rent = world.intent({ loss: 10 }, { id: 'rent of Monday' })
  await world.risk.reserve(rent)
  await world.risk.settle(rent.id, [])
  const facts = Array.from({ length: 100_001 }, (_, i): Fact => {
    return { type: 'intent-rejected', intent: world.intent({}, { id: `r-${i}` }), code: 'HALTED', message: 'test' }
  })
  await store.commit(() => ({ facts, at: world.nowMs, result: undefined }))
  expect(await world.ask({ loss: 10 }, { id: rent.id })).toBe('DUPLICATE_INTENT')
})
