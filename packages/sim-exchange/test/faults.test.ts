import { describe, expect, it } from 'vitest'
import { onExchange } from './exchange-story.ts'

const book = async (url: string) => (await fetch(`${url}/api/v3/depth?symbol=BTCUSDT&limit=5`)).json() as Promise<Book>

interface Book {
  readonly lastUpdateId: number
  readonly bids?: readonly (readonly [string, string])[]
  readonly asks?: readonly (readonly [string, string])[]
}

describe('faults', () => {
  it('slow: time passes before the answer', async () => {
    await onExchange(async ({ simulator, clock }) => {
      const before = clock.now()
      simulator.faults.add({ kind: 'slow', delayMs: 5_000, count: 1 })
      await book(simulator.url)
      expect(clock.now()).toBe(before + 5_000)
    })
  })

  it('missing-field, truncated-list and crossed-book change what is said', async () => {
    await onExchange(async ({ simulator }) => {
      const plain = await book(simulator.url)
      simulator.faults.add({ kind: 'missing-field', field: 'bids', count: 1 })
      expect(await book(simulator.url)).toEqual({ lastUpdateId: plain.lastUpdateId, asks: plain.asks })
      simulator.faults.add({ kind: 'truncated-list', keep: 2, count: 1 })
      expect((await book(simulator.url)).bids).toEqual(plain.bids?.slice(0, 2))
      simulator.faults.add({ kind: 'crossed-book', count: 1 })
      expect(await book(simulator.url)).toEqual({ ...plain, bids: plain.asks, asks: plain.bids })
      expect(await book(simulator.url)).toEqual(plain)
    })
  })

  it('stale-rows repeats the first answer to a signed request, though time stamps differ', async () => {
    await onExchange(async ({ simulator, exchange, clock }) => {
      simulator.faults.add({ kind: 'stale-rows', path: '/api/v3/account' })
      const before = (await exchange.fetchBalance())['BTC']
      await exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01)
      clock.jumpTo(clock.now() + 1_000)
      expect((await exchange.fetchBalance())['BTC']).toEqual(before)
      simulator.faults.clear()
      expect((await exchange.fetchBalance())['BTC']?.total).toBe(10.00999)
    })
  })

  it('maintenance leaves the status to be asked for', async () => {
    await onExchange(async ({ simulator, exchange }) => {
      simulator.faults.add({ kind: 'maintenance' })
      expect(await exchange.fetchStatus()).toMatchObject({ status: 'maintenance' })
      expect((await fetch(`${simulator.url}/api/v3/time`)).status).toBe(503)
    })
  })

  it('hit by method and path, after some, and so many times', async () => {
    await onExchange(async ({ simulator }) => {
      simulator.faults.add({ kind: 'status', status: 500, method: 'GET', path: '/api/v3/*', skip: 1, count: 2 })
      const statuses: number[] = []
      for (let i = 0; i < 4; i++) statuses.push((await fetch(`${simulator.url}/api/v3/time`)).status)
      expect(statuses).toEqual([200, 500, 500, 200])
    })
  })

  it('by probability fall the same under the same seed', async () => {
    const drawn = async (seed: number) => {
      const statuses: number[] = []
      await onExchange(
        async ({ simulator }) => {
          simulator.faults.add({ kind: 'status', status: 500, probability: 0.5 })
          for (let i = 0; i < 20; i++) statuses.push((await fetch(`${simulator.url}/api/v3/time`)).status)
        },
        { seed },
      )
      return statuses
    }
    const first = await drawn(7)
    expect(new Set(first)).toEqual(new Set([200, 500]))
    expect(await drawn(7)).toEqual(first)
  })
})

describe('the control path', () => {
  const control = async (url: string, method: string, path: string, body?: object) => {
    const response = await fetch(`${url}/__sim__/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return [response.status, await response.json()] as const
  }

  it('shows the state, without keys, and moves time, price and faults', async () => {
    await onExchange(async ({ simulator, clock }) => {
      const before = clock.now()
      expect(await control(simulator.url, 'POST', 'advance', { ms: 60_000 })).toEqual([
        200,
        { now_ms: before + 60_000 },
      ])
      const price = simulator.inspect.fairPrice('BTCUSDT')
      const [, shocked] = await control(simulator.url, 'POST', 'shock/BTCUSDT', { factor: 0.5 })
      expect((shocked as { fair_price: number }).fair_price).toBeCloseTo(price / 2)
      expect(await control(simulator.url, 'POST', 'faults', { kind: 'reset-after', count: 1 })).toEqual([
        200,
        { id: 1 },
      ])
      const [, state] = await control(simulator.url, 'GET', 'state')
      expect(state).toMatchObject({ faults: 1, is_virtual: true, accounts: [{ name: 'main', open_orders: 0 }] })
      for (const secret of [simulator.apiKey, simulator.secret]) expect(JSON.stringify(state)).not.toContain(secret)
      expect(await control(simulator.url, 'DELETE', 'faults/1')).toEqual([200, {}])
    })
  })

  it.each([
    ['POST', 'advance', { ms: -1 }, 'ms: expected a number'],
    ['POST', 'faults', { kind: 'explode' }, 'kind: unknown "explode"'],
    ['POST', 'faults', { kind: 'status', status: 200 }, 'status: expected one of'],
    ['POST', 'faults', { kind: 'slow', delayMs: -1 }, 'delayMs: expected a number >= 0'],
    ['POST', 'faults', { kind: 'missing-field' }, 'field: expected a string'],
    ['POST', 'faults', { kind: 'stale-rows', count: 1.5 }, 'count: expected a count'],
    ['POST', 'faults', { kind: 'stale-rows', probability: 2 }, 'probability: expected a number from 0 to 1'],
    ['POST', 'shock/NOPE', { factor: 1 }, 'no market is named NOPE'],
    ['POST', 'nothing', {}, 'no such control'],
  ])('answers %s %s %j in one line', async (method, path, body, message) => {
    await onExchange(async ({ simulator }) => {
      const [status, answer] = await control(simulator.url, method, path, body)
      expect(status).toBeGreaterThanOrEqual(400)
      expect((answer as { error: string }).error).toContain(message)
    })
  })
})
