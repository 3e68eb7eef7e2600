import { memoryStore } from '@org/core'
import { ccxtConfig } from '@org/sim-exchange'
import { describe, expect, it } from 'vitest'
import { CcxtClient } from '../src/exchange/ccxt-client.ts'
import { type ExchangeWorld, intentOf, onExchange } from './exchange-world.ts'

const symbol = 'BTC/USDT'
const simulator = { requestsKept: 10_000 }

/** Two programs that ask for deep books as fast as they may. */
async function hammer({ another }: ExchangeWorld, stores: readonly [object, object], each: number): Promise<number> {
  let refused = 0
  const run = async (store: object) => {
    const venue = another(store)
    for (let i = 0; i < each; i++)
      await venue.observe('order-book', { symbol, levels: 1_000 }).catch(() => {
        refused++
      })
  }
  await Promise.all(stores.map(run))
  return refused
}

describe('the request weight of an account', { timeout: 60_000 }, () => {
  it('is shared by all venues on one store: together they stay below the exchange’s limit', async () => {
    await onExchange(
      async world => {
        const before = world.clock.now()
        expect(await hammer(world, [{}, {}], 180)).toBe(0)
        expect(world.simulator.inspect.requests.every(({ status }) => status === 200)).toBe(true)
        // 360 books of weight 50 are three minutes of the documented 6,000: hardly more is waited for.
        expect(world.clock.now() - before).toBeLessThan(4 * 60_000)
      },
      { simulator },
    )
  })

  it('without the store between them they are refused', async () => {
    await onExchange(
      async world => {
        const stores = [{ store: memoryStore() }, { store: memoryStore() }] as const
        expect(await hammer(world, stores, 180)).toBeGreaterThan(0)
      },
      { simulator },
    )
  })

  it('a 429 stops all of them until the time that was given', async () => {
    await onExchange(async ({ venue, another, simulator: exchange, clock }) => {
      const other = another()
      await other.connect()
      exchange.faults.add({ kind: 'status', status: 429, count: 1 })
      const refused = venue.observe('balances', {})
      await expect(refused).rejects.toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: 5_000 })
      const from = clock.now()
      const { asOf } = await other.observe('ticker', { symbol })
      expect(clock.now() - from).toBe(5_000)
      expect(asOf).toBe(clock.now())
    })
  })

  it('a ban is said, not waited for', async () => {
    await onExchange(async ({ venue, simulator: exchange, clock }) => {
      await venue.connect()
      exchange.faults.add({ kind: 'status', status: 418, count: 1 })
      await venue.observe('balances', {}).catch(() => {})
      const from = clock.now()
      await expect(venue.observe('balances', {})).rejects.toMatchObject({ code: 'RATE_LIMITED', effect: 'none' })
      expect(clock.now()).toBe(from)
    })
  })

  it('keeps an order that waited longer than ten seconds from leaving, so that none arrives which is taken for lost', async () => {
    for (const [pause, isSent] of [
      [9_000, true],
      [11_000, false],
    ] as const)
      await onExchange(async ({ venue, store, simulator: exchange, clock }) => {
        await venue.connect()
        const intent = intentOf('place-order', { symbol, side: 'buy', quantity: '0.01', price: '50000' })
        await venue.observe('instrument', { symbol })
        // Somebody else's 429, as soon as the order is written down.
        const { account } = new CcxtClient({ exchange: 'binance', config: ccxtConfig(exchange), clock, store })
        const save = store.saveState.bind(store)
        store.saveState = async (key, value) => {
          await save(key, value)
          if (JSON.stringify(value).includes(intent.id)) {
            store.saveState = save
            await save(`pace:${account}:stop`, clock.now() + pause)
          }
        }
        const placing = venue.execute(intent, { idempotencyKey: intent.id })
        if (isSent) await placing
        else {
          await expect(placing).rejects.toMatchObject({ code: 'RATE_LIMITED', effect: 'none', retryable: true })
          expect(await venue.reconcile(intent, { idempotencyKey: intent.id })).toEqual({ status: 'not-done' })
        }
        await clock.sleep(60_000)
        expect(exchange.inspect.orders('main')).toHaveLength(isSent ? 1 : 0)
      })
  })

  it('a time-out longer than a lost order is waited for is refused', async () => {
    await onExchange(async ({ another }) => {
      for (const timeoutMs of [0, 10_001, Number.NaN])
        expect(() => another({ timeoutMs })).toThrow('expected more than 0 and at most 10000')
    })
  })
})
