import { memoryStore } from '@org/core'
import { describe, expect, it } from 'vitest'
import { type ExchangeWorld, onExchange } from './exchange-world.ts'

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
})
