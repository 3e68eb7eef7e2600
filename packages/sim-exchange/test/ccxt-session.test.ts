import { seededRandom } from '@org/core'
import ccxt from 'ccxt'
import { describe, expect, it } from 'vitest'
import { type CcxtBinance, onExchange, type StoryTools } from './exchange-story.ts'

const units = (text: string) => BigInt(text.replace('.', ''))

/** Balances as they must be, from the money at the start and the trades alone. */
function fromTrades({ simulator }: StoryTools, account: string, start: Readonly<Record<string, string>>) {
  const sums = new Map(Object.entries(start).map(([asset, text]) => [asset, units(`${text}.00000000`)]))
  const add = (asset: string, amount: bigint) => sums.set(asset, (sums.get(asset) ?? 0n) + amount)
  for (const trade of simulator.inspect.trades(account)) {
    const sign = trade.isBuyer ? 1n : -1n
    add(trade.symbol.replace('USDT', ''), sign * units(trade.qty))
    add('USDT', -sign * units(trade.quoteQty))
    add(trade.commissionAsset, -units(trade.commission))
  }
  return Object.fromEntries(sums)
}

const totals = ({ simulator }: StoryTools, account: string) =>
  Object.fromEntries(
    Object.entries(simulator.inspect.balances(account)).map(([asset, { free, locked }]) => [
      asset,
      units(free) + units(locked),
    ]),
  )

/** Any order near the price; what the exchange refuses is part of the session. */
async function anyOrder(exchange: CcxtBinance, random: () => number, price: number): Promise<string | undefined> {
  const side = random() < 0.5 ? 'buy' : 'sell'
  const limit = price * (1 + (random() - 0.5) / 200)
  const amount = 0.0005 + random() * 0.02
  const kind = Math.floor(random() * 8)
  const beyond = (factor: number) => price * (side === 'buy' ? 1 + factor : 1 - factor)
  try {
    const order =
      kind === 0
        ? await exchange.createOrder('BTC/USDT', 'market', side, amount)
        : kind === 1
          ? await exchange.createOrder('BTC/USDT', 'market', side, amount, undefined, { cost: amount * price })
          : kind === 2
            ? await exchange.createOrder('BTC/USDT', 'limit', side, amount, limit, { timeInForce: 'IOC' })
            : kind === 3
              ? await exchange.createOrder('BTC/USDT', 'limit', side, amount, limit, { timeInForce: 'FOK' })
              : kind === 4
                ? await exchange.createOrder('BTC/USDT', 'limit', side, amount, limit, { postOnly: true })
                : kind === 5
                  ? await exchange.createOrder('BTC/USDT', 'market', side, amount, undefined, {
                      stopLossPrice: beyond(0.001),
                    })
                  : await exchange.createOrder('BTC/USDT', 'limit', side, amount, limit)
    return order.id
  } catch (error) {
    if (error instanceof ccxt.InvalidOrder || error instanceof ccxt.InsufficientFunds) return undefined
    throw error
  }
}

describe('a session of thousands of orders by unmodified ccxt', () => {
  it('ends with books that balance', { timeout: 120_000 }, async () => {
    const start = { BTC: '1', USDT: '60000' }
    const accounts = { main: { balances: start }, other: { balances: start, makerFeeBps: 2, takerFeeBps: 5 } }
    await onExchange(
      async tools => {
        const { exchange, client, simulator, clock } = tools
        const before = simulator.inspect.totals()
        const other = client('other')
        await other.loadMarkets()
        const { next } = seededRandom(11)
        const orders = 3_000
        let refused = 0
        for (let i = 0; i < orders; i++) {
          const price = simulator.inspect.fairPrice('BTCUSDT')
          const who = next() < 0.7 ? exchange : other
          const id = await anyOrder(who, next, price)
          if (id === undefined) refused++
          else if (next() < 0.3)
            await who.cancelOrder(id, 'BTC/USDT').catch((error: unknown) => {
              if (!(error instanceof ccxt.OrderNotFound)) throw error
            })
          if (i % 4 === 0) clock.jumpTo(clock.now() + 1_000)
        }
        expect(refused).toBeLessThan(orders / 2)
        const statuses = Object.groupBy(simulator.inspect.orders('main'), order => order.status)
        for (const status of ['CANCELED', 'EXPIRED', 'EXPIRED_IN_MATCH', 'FILLED'])
          expect(statuses).toHaveProperty(status)
        expect(simulator.inspect.trades('main').length).toBeGreaterThan(500)

        // Nothing appeared, nothing vanished; each account has what its trades say.
        expect(simulator.inspect.totals()).toEqual(before)
        for (const name of ['main', 'other']) expect(totals(tools, name)).toEqual(fromTrades(tools, name, start))

        // With no order left nothing is locked, and ccxt sees the same.
        for (const one of [exchange, other]) await one.cancelAllOrders('BTC/USDT').catch(() => undefined)
        for (const name of ['main', 'other'])
          for (const { locked } of Object.values(simulator.inspect.balances(name))) expect(locked).toBe('0.00000000')
        const { free } = await exchange.fetchBalance()
        expect((free as unknown as Record<string, number>)['USDT']).toBe(
          Number(simulator.inspect.balances('main')['USDT']?.free),
        )
        const [seen, true_] = [await exchange.fetchMyTrades('BTC/USDT'), simulator.inspect.trades('main')]
        expect(seen.map(trade => trade.id)).toEqual(true_.slice(-500).map(trade => String(trade.id)))
      },
      { accounts, rateLimits: false },
    )
  })
})

describe('unmodified ccxt', () => {
  it('sees its orders open, closed and by client order id, and its fees', async () => {
    await onExchange(async ({ exchange }) => {
      const resting = await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, 50_000, { clientOrderId: 'rest-1' })
      expect(resting).toMatchObject({ status: 'open', clientOrderId: 'rest-1', filled: 0 })
      expect((await exchange.fetchOpenOrders('BTC/USDT')).map(order => order.id)).toEqual([resting.id])
      expect((await exchange.fetchBalance())['USDT']).toEqual({ free: 999_500, used: 500, total: 1_000_000 })
      const bought = await exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01)
      expect(bought.fee).toEqual({ currency: 'BTC', cost: 0.00001 })
      const found = await exchange.fetchOrder('', 'BTC/USDT', { clientOrderId: 'rest-1' })
      expect(found.id).toBe(resting.id)
      await exchange.cancelOrder(String(resting.id), 'BTC/USDT')
      expect((await exchange.fetchOrders('BTC/USDT')).map(order => order.status)).toEqual(['canceled', 'closed'])
      expect(await exchange.fetchTradingFee('BTC/USDT')).toMatchObject({ maker: 0.001, taker: 0.001 })
      expect(await exchange.fetchStatus()).toMatchObject({ status: 'ok' })
    })
  })

  it('a stop waits, locks its funds, and works once the price is there', async () => {
    await onExchange(async ({ exchange, simulator, clock }) => {
      const price = simulator.inspect.fairPrice('BTCUSDT')
      const stop = await exchange.createOrder('BTC/USDT', 'limit', 'sell', 1, price * 0.9, {
        stopLossPrice: price * 0.97,
      })
      expect(stop).toMatchObject({ status: 'open', triggerPrice: expect.any(Number) })
      expect((await exchange.fetchBalance())['BTC']).toEqual({ free: 9, used: 1, total: 10 })
      simulator.inspect.shock('BTCUSDT', 0.95)
      clock.jumpTo(clock.now() + 60_000)
      const done = await exchange.fetchOrder(String(stop.id), 'BTC/USDT')
      expect(done).toMatchObject({ status: 'closed', filled: 1 })
      expect(done.average).toBeGreaterThan(price * 0.9)
    })
  })

  it('needs no option but the addresses: what else it asks for while it starts is there', async () => {
    await onExchange(async ({ exchange, simulator, clock }) => {
      const { urls } = exchange
      const plain = new ccxt.binance({ apiKey: simulator.apiKey, secret: simulator.secret, urls: { api: urls['api'] } })
      plain.nonce = () => clock.now()
      await plain.loadMarkets()
      expect(plain.symbols).toEqual(['BTC/USDT', 'ETH/USDT'])
    })
  })
})

describe('client order ids', () => {
  it('an open one is refused a second time; one that has ended may come again, as on the real exchange', async () => {
    await onExchange(async ({ exchange, simulator }) => {
      const place = (price: number) =>
        exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, price, { clientOrderId: 'key-1' })
      const first = await place(50_000)
      await expect(place(50_000)).rejects.toThrow('Duplicate order sent.')
      expect(simulator.inspect.orders('main')).toHaveLength(1)
      await exchange.cancelOrder(String(first.id), 'BTC/USDT')
      expect(simulator.inspect.reusedClientOrderIds('main')).toBe(0)
      await place(70_000)
      expect(simulator.inspect.reusedClientOrderIds('main')).toBe(1)
    })
  })

  it.each([
    { kind: 'reset-after' },
    { kind: 'status', status: 503, afterEffect: true },
    { kind: 'status', status: 504, afterEffect: true },
  ] as const)('find the order whose answer was lost: $kind $status', async fault => {
    await onExchange(async ({ exchange, simulator }) => {
      simulator.faults.add({ ...fault, method: 'POST', path: '/api/v3/order', count: 1 })
      const place = () =>
        exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01, undefined, { clientOrderId: 'lost-1' })
      await expect(place()).rejects.toBeInstanceOf(ccxt.OperationFailed)
      const found = await exchange.fetchOrder('', 'BTC/USDT', { clientOrderId: 'lost-1' })
      expect(found).toMatchObject({ status: 'closed', filled: 0.01 })
      expect(simulator.inspect.orders('main')).toHaveLength(1)
    })
  })

  it('find nothing when the request never arrived', async () => {
    await onExchange(async ({ exchange, simulator }) => {
      simulator.faults.add({ kind: 'reset-before', method: 'POST', count: 1 })
      const params = { clientOrderId: 'lost-2' }
      await expect(exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01, undefined, params)).rejects.toBeInstanceOf(
        ccxt.NetworkError,
      )
      await expect(exchange.fetchOrder('', 'BTC/USDT', params)).rejects.toBeInstanceOf(ccxt.OrderNotFound)
    })
  })
})
