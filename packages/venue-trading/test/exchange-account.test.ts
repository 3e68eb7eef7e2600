import type { Json, Store } from '@org/core'
import { ccxtConfig, type ExchangeSimulator } from '@org/sim-exchange'
import ccxt from 'ccxt'
import { describe, expect, it } from 'vitest'
import { act, intentOf, onExchange } from './exchange-world.ts'

const symbol = 'BTC/USDT'
const buy = { symbol, side: 'buy', quantity: '0.01' } as const
const sixMinutes = 360_000

/** Somebody who trades on the same account by hand. */
const byHand = (simulator: ExchangeSimulator, clock: { now(): number; sleep(ms: number): Promise<void> }) =>
  new ccxt.binance(ccxtConfig(simulator, { clock: clock as never, enableRateLimit: false }))

describe('orders and fills made elsewhere', () => {
  it('are taken in as external, and touch no strategy', async () => {
    await onExchange(async ({ venue, simulator, clock }) => {
      await venue.connect()
      await act(venue, 'place-order', { ...buy, worstPrice: '60500' })
      const hand = byHand(simulator, clock)
      await hand.createOrder(symbol, 'market', 'buy', 0.5)
      await hand.createOrder(symbol, 'limit', 'sell', 0.1, 90_000)
      await clock.sleep(sixMinutes)
      const { value: open } = await venue.observe('open-orders', { symbol })
      expect(open).toMatchObject([{ strategyId: 'external', side: 'sell', quantity: '0.1', status: 'open' }])
      const { value: positions } = await venue.observe('positions', {})
      expect(positions.map(({ strategyId, quantity }) => [strategyId, quantity])).toEqual([
        ['momentum', '0.00999'],
        ['external', '0.4995'],
      ])
      const { value: fills } = await venue.observe('fills', { symbol })
      expect([...new Set(fills.map(({ strategyId }) => strategyId))]).toEqual(['momentum', 'external'])
      expect(await venue.mismatches()).toEqual([])
    })
  })

  it('that came while nobody ran are found at the start', async () => {
    await onExchange(async ({ venue, another, simulator, clock }) => {
      await venue.connect()
      const resting = intentOf('place-order', { ...buy, price: '59500' })
      await venue.execute(resting, { idempotencyKey: resting.id })
      await venue.close()
      simulator.inspect.shock('BTCUSDT', 0.95)
      await clock.sleep(86_400_000)
      await byHand(simulator, clock).createOrder(symbol, 'market', 'sell', 0.2)
      const restarted = another()
      await restarted.connect()
      expect(await restarted.mismatches()).toEqual([])
      const { value: positions } = await restarted.observe('positions', {})
      expect(positions.map(({ strategyId, quantity }) => [strategyId, quantity])).toEqual([
        ['momentum', '0.00999'],
        ['external', '-0.2'],
      ])
    })
  })

  it('more of them than fit on a page are all found', async () => {
    await onExchange(
      async ({ venue, simulator, clock }) => {
        await venue.connect()
        await act(venue, 'place-order', { ...buy, worstPrice: '61000' })
        const hand = byHand(simulator, clock)
        for (let i = 0; i < 520; i++) {
          await hand.createOrder(symbol, 'market', i % 2 === 0 ? 'buy' : 'sell', 0.001)
          if (i % 10 === 0) await clock.sleep(1)
        }
        await clock.sleep(sixMinutes)
        expect(await venue.mismatches()).toEqual([])
        const { value: fills } = await venue.observe('fills', { symbol, since: Date.UTC(2026, 5, 1) })
        expect(fills.map(({ tradeId }) => tradeId)).toEqual(
          simulator.inspect.trades('main').map(({ id }) => String(id)),
        )
        expect(fills.length).toBeGreaterThan(500)
      },
      { simulator: { rateLimits: false }, venue: { weightPerMinute: 1e9 } },
    )
  }, 60_000)
})

describe('a balance that nothing explains', () => {
  const halted = { code: 'POSITION_MISMATCH', effect: 'none' }

  /** What somebody remembers differs from what is there: as if coins had been withdrawn. */
  async function withdrawBehind(store: Store): Promise<void> {
    const key = 'exchange:binance:account'
    const saved = (await store.loadState(key)) as { snapshot: { totals: Record<string, string> } }
    saved.snapshot.totals['BTC'] = '12'
    await store.saveState(key, saved as unknown as Json)
  }

  it('halts the asset for new risk until somebody resolves it; closing and cancelling go on', async () => {
    await onExchange(async ({ venue, another, store, clock }) => {
      await venue.connect()
      await act(venue, 'place-order', { ...buy, worstPrice: '61000' })
      const resting = intentOf('place-order', { ...buy, price: '50000' })
      await venue.execute(resting, { idempotencyKey: resting.id })
      await clock.sleep(sixMinutes)
      await venue.holdings()
      await withdrawBehind(store)
      const restarted = another()
      await restarted.connect()
      const { value: holdings } = await restarted.holdings()
      expect(holdings.find(({ kind }) => kind === 'mismatch')).toMatchObject({ asset: 'BTC' })
      expect(await restarted.mismatches()).toMatchObject([{ asset: 'BTC', expected: '12', actual: '10.00999' }])

      const order = { ...buy, price: '50000' }
      await expect(act(restarted, 'place-order', order)).rejects.toMatchObject(halted)
      await act(restarted, 'cancel-order', { symbol, clientOrderId: resting.id })
      await act(restarted, 'close-position', { symbol, side: 'sell', quantity: '0.00999' })
      // An asset that has nothing to do with it goes on.
      await act(restarted, 'place-order', { symbol: 'ETH/USDT', side: 'buy', quantity: '0.01', price: '2000' })

      // It outlives restarts, until somebody says why.
      const third = another()
      await third.connect()
      await expect(act(third, 'place-order', order)).rejects.toMatchObject(halted)
      await expect(third.resolveMismatch(symbol, '', '')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
      await third.resolveMismatch(symbol, 'ada', 'moved to cold storage')
      expect((await act(third, 'place-order', order)).details?.['status']).toBe('open')
      expect(await third.mismatches()).toEqual([])
    })
  })

  it('is not called one for fills that come in while it is looked at', async () => {
    await onExchange(
      async ({ venue, simulator, clock }) => {
        await venue.connect()
        const hand = byHand(simulator, clock)
        await act(venue, 'place-order', { ...buy, worstPrice: '61000' })
        for (let round = 0; round < 5; round++) {
          await clock.sleep(sixMinutes)
          let isOver = false
          const looking = venue.mismatches().finally(() => {
            isOver = true
          })
          while (!isOver) {
            await hand.createOrder(symbol, 'market', 'buy', 0.001)
            clock.jumpTo(clock.now() + 1)
          }
          expect(await looking).toEqual([])
        }
        await clock.sleep(sixMinutes)
        expect(await venue.mismatches()).toEqual([])
      },
      { simulator: { rateLimits: false }, venue: { weightPerMinute: 1e9 } },
    )
  })

  it('is not called one for what another process of the account trades in a symbol of its own', async () => {
    await onExchange(
      async ({ venue, another, clock }) => {
        const other = another()
        for (const each of [venue, other]) await each.connect()
        await act(other, 'place-order', { symbol: 'ETH/USDT', side: 'buy', quantity: '0.01', price: '2000' })
        await act(venue, 'place-order', { ...buy, worstPrice: '61000' })
        for (let round = 0; round < 2; round++) {
          await clock.sleep(sixMinutes)
          expect(await other.mismatches()).toEqual([])
        }
        await act(other, 'place-order', { ...buy, worstPrice: '61000' })
      },
      { simulator: { rateLimits: false }, venue: { weightPerMinute: 1e9 } },
    )
  })
})
