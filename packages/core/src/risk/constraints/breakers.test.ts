import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../../test/risk-world.ts'
import { compareWithReplay } from '../../journal/replay.ts'
import { DefaultRiskManager } from '../default-risk-manager.ts'
import { allowList, denyList } from './access-list.ts'
import { cooldown, errorRate, lossStreak, lowProfitLock, ratioDrawdown, stopLossGuard } from './breakers.ts'

describe('stopLossGuard', () => {
  it('stops everything after three stops in an hour, until 40 minutes after the last, and lets positions close', async () => {
    const world = new RiskWorld([stopLossGuard({ stops: 3, lookback: '1h', stopFor: '40m' })])
    for (const asset of ['x', 'y', 'z']) {
      expect(await world.wouldPass({})).toBe(true)
      await world.close(-0.1, { isStop: true, asset })
      world.minutesPass(10)
    }
    expect(await world.ask({}, { asset: 'never traded' })).toBe('LOCKED stop_loss_guard')
    expect(await world.ask({ loss: 5 }, { reduces: true })).toBe('ok')
    world.minutesPass(29)
    expect(await world.wouldPass({})).toBe(false)
    world.minutesPass(1)
    expect(await world.wouldPass({})).toBe(true)
  })

  it('counts neither other exits nor stops with a profit', async () => {
    const world = new RiskWorld([stopLossGuard({ stops: 1 })])
    await world.close(-0.5)
    await world.close(0.1, { isStop: true })
    expect(await world.ask({})).toBe('ok')
  })
})

describe('a breaker', () => {
  it('keeps its lock when the positions have left the window, and over a restart', async () => {
    const constraints = [stopLossGuard({ stops: 1, lookback: '10m', stopFor: '1d' })]
    const world = new RiskWorld(constraints)
    await world.close(-0.1, { isStop: true })
    world.minutesPass(600)
    const again = new RiskWorld(constraints, { store: world.store })
    again.nowMs = world.nowMs
    expect(await again.ask({})).toBe('LOCKED stop_loss_guard')
    expect(await compareWithReplay(world.store)).toEqual([])
  })

  it('is lifted by hand with a reason, and its events are forgotten', async () => {
    const world = new RiskWorld([cooldown({ stopFor: '1h' })])
    await world.close(0.2)
    const wrong = world.risk.rearm('cooldown', 'a test', 'me', { asset: 'other' })
    await expect(wrong).rejects.toMatchObject({
      code: 'NOTHING_TO_REARM',
      shortMessage:
        'cooldown is not locked at asset=other: nothing was re-armed; locked: asset=a (say which by its origin)',
    })
    expect(await world.wouldPass({})).toBe(false)
    await world.risk.rearm('cooldown', 'a test', 'me', { asset: 'a' })
    expect(await world.wouldPass({})).toBe(true)
  })

  it('that is not locked any more cannot be re-armed', async () => {
    const world = new RiskWorld([cooldown({ stopFor: '1h' })])
    await world.close(0.2)
    world.minutesPass(60)
    const late = world.risk.rearm('cooldown', 'a test', 'me', { asset: 'a' })
    await expect(late).rejects.toMatchObject({ code: 'NOTHING_TO_REARM', shortMessage: expect.stringMatching('none$') })
  })

  it('only notes in shadow mode what it would have refused', async () => {
    const world = new RiskWorld([cooldown({ stopFor: '1h', enforce: false })])
    await world.close(0.2)
    expect(await world.ask({})).toBe('ok')
    const shadowed = []
    for await (const { fact } of world.store.journal())
      if (fact.type === 'intent-reserved') shadowed.push(...fact.shadowed)
    expect(shadowed).toMatchObject([{ constraint: 'cooldown', scope: 'asset=a' }])
  })

  it('ends at the next bar, strictly later, or at a clock time', async () => {
    const world = new RiskWorld([
      cooldown({ stopFor: '10m', roundUpTo: '5m' }),
      cooldown({ name: 'until_five', unlockAt: { time: '05:00', timeZone: 'Europe/Berlin' } }),
    ])
    await world.close(0.1)
    const ends = world.risk.assessPortfolio().budgets.map(({ lockedUntil }) => lockedUntil)
    expect(ends).toEqual([Date.UTC(2026, 0, 5, 12, 15), Date.UTC(2026, 0, 6, 4)])
  })

  it('trips by time alone when a good position leaves the window', async () => {
    const world = new RiskWorld([lowProfitLock({ positions: 1, lookback: '1h', stopFor: '50m' })])
    await world.close(0.3)
    world.minutesPass(40)
    await world.close(-0.1)
    expect(await world.wouldPass({})).toBe(true)
    world.minutesPass(21)
    expect(await world.ask({})).toBe('LOCKED low_profit')
    world.minutesPass(28)
    expect(await world.ask({})).toBe('LOCKED low_profit')
    world.minutesPass(1)
    expect(await world.ask({})).toBe('ok')
  })
})

describe('cooldown', () => {
  it('stops the asset that was closed and no other', async () => {
    const world = new RiskWorld([cooldown({ stopFor: '15m' })])
    await world.close(0.1, { asset: 'BTC' })
    expect(await world.wouldPass({}, { asset: 'BTC' })).toBe(false)
    expect(await world.wouldPass({}, { asset: 'ETH' })).toBe(true)
    world.minutesPass(15)
    expect(await world.wouldPass({}, { asset: 'BTC' })).toBe(true)
  })
})

describe('lowProfitLock', () => {
  it('adds up ratios: 2 % and −1.5 % are below 1 %', async () => {
    const world = new RiskWorld([lowProfitLock({ positions: 2, lookback: '6h', requiredProfit: 0.01 })])
    await world.close(-0.015)
    expect(await world.wouldPass({})).toBe(true)
    await world.close(0.02)
    expect(await world.ask({})).toBe('LOCKED low_profit')
  })

  it('judges and locks sides apart', async () => {
    const world = new RiskWorld([lowProfitLock({ positions: 2, perSide: true })])
    await world.close(-0.1, { side: 'long' })
    await world.close(0.1, { side: 'short' })
    expect(await world.wouldPass({}, { side: 'long' })).toBe(false)
    expect(await world.wouldPass({}, { side: 'short' })).toBe(true)
    // Who does not say a side may be on any.
    expect(await world.wouldPass({})).toBe(false)
  })
})

describe('ratioDrawdown', () => {
  it('trips above the largest drop, in the order of closing', async () => {
    const world = new RiskWorld([ratioDrawdown({ positions: 3, maxDrop: 0.15, lookback: '1d' })])
    await world.close(0.1)
    await world.close(-0.1)
    await world.close(-0.05, { at: world.nowMs - 1000 })
    expect(await world.wouldPass({})).toBe(true)
    await world.close(-0.05)
    expect(await world.wouldPass({})).toBe(true)
    await world.close(-0.000001)
    expect(await world.ask({})).toBe('LOCKED ratio_drawdown')
  })
})

describe('lossStreak', () => {
  it('counts losses in a row, and a gain ends the row', async () => {
    const world = new RiskWorld([lossStreak({ losses: 3, stopFor: '2h' })])
    for (const ratio of [-0.1, -0.1, 0.01, -0.1, -0.1]) await world.close(ratio)
    expect(await world.wouldPass({})).toBe(true)
    await world.close(-0.001)
    expect(await world.ask({})).toBe('LOCKED loss_streak')
    world.minutesPass(120)
    expect(await world.wouldPass({})).toBe(true)
  })
})

describe('errorRate', () => {
  async function send(world: RiskWorld, end: 'done' | 'failed' | 'in-doubt', venueId = 'v'): Promise<void> {
    const intent = world.intent({ count: 1 }, { venueId })
    await world.risk.reserve(intent)
    await world.risk.markSent(intent.id, intent.id)
    if (end === 'done') await world.risk.settle(intent.id, [])
    if (end === 'failed') await world.risk.release(intent.id, 'HTTP 500')
    if (end === 'in-doubt') await world.risk.markInDoubt(intent.id, 'TIMEOUT', 'no answer')
  }

  it('stops a venue where half of six requests failed, for a minute, and then probes', async () => {
    const world = new RiskWorld([errorRate({ percent: 50, requests: 6 })])
    for (const end of ['done', 'failed', 'done', 'in-doubt', 'done'] as const) await send(world, end)
    expect(await world.wouldPass({})).toBe(true)
    await send(world, 'failed')
    expect(await world.ask({})).toBe('LOCKED error_rate')
    expect(await world.ask({}, { reduces: true })).toBe('ok')
    expect(await world.wouldPass({}, { venueId: 'other' })).toBe(true)
    world.minutesPass(1)
    await send(world, 'failed')
    expect(await world.wouldPass({})).toBe(false)
    world.minutesPass(1)
    await send(world, 'done')
    expect(await world.wouldPass({})).toBe(true)
  })

  it('counts a request once: what was in doubt and then ended is one failure', async () => {
    const world = new RiskWorld([errorRate({ percent: 60, requests: 3 })])
    const intent = world.intent({})
    await world.risk.reserve(intent)
    await world.risk.markSent(intent.id, intent.id)
    for (const code of ['TIMEOUT', 'TIMEOUT']) await world.risk.markInDoubt(intent.id, code, 'no answer')
    await world.risk.release(intent.id, 'the venue knows nothing of it')
    await send(world, 'done')
    await send(world, 'done')
    expect(await world.wouldPass({})).toBe(true)
  })
})

describe('allowList and denyList', () => {
  it('let new risk into the values alone that they allow; reducing passes', async () => {
    const world = new RiskWorld([
      allowList({ name: 'majors', field: 'asset', values: ['BTC', 'ETH'], scope: { domain: 'd' } }),
      denyList({ field: 'venueId', values: ['closed'] }),
    ])
    expect(await world.ask({}, { asset: 'BTC' })).toBe('ok')
    expect(await world.ask({}, { asset: 'DOGE' })).toBe('NOT_ALLOWED majors')
    expect(await world.ask({}, { asset: 'DOGE', reduces: true })).toBe('ok')
    expect(await world.ask({}, { asset: 'DOGE', domain: 'other' })).toBe('ok')
    expect(await world.ask({}, { asset: 'BTC', venueId: 'closed' })).toBe('NOT_ALLOWED deny_venueId')
  })

  it('may be changed in the configuration without another name', async () => {
    const world = new RiskWorld([denyList({ field: 'asset', values: ['x'] })])
    await world.risk.ready()
    const changed = new DefaultRiskManager([denyList({ field: 'asset', values: ['y'] })], {
      store: world.store,
      clock: world.risk.clock,
    })
    await changed.ready()
    expect(await world.ask({}, { asset: 'x' })).toBe('ok')
    expect(await world.ask({}, { asset: 'y' })).toBe('NOT_ALLOWED deny_asset')
  })
})
