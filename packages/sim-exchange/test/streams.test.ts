import { VirtualClock } from '@org/core'
import ccxt from 'ccxt'
import { describe, expect, it } from 'vitest'
import { ccxtConfig, type ExchangeSimulator, startExchangeSimulator } from '../src/index.ts'

type Client = InstanceType<typeof ccxt.pro.binance>

/** A simulator and ccxt's streaming client; `watch` lets time pass until the client has heard. */
async function inStreams(
  story: (tools: {
    readonly simulator: ExchangeSimulator
    readonly clock: VirtualClock
    readonly exchange: Client
    readonly watch: <T>(promise: Promise<T>) => Promise<T>
  }) => Promise<void>,
): Promise<void> {
  const clock = new VirtualClock()
  await using simulator = await startExchangeSimulator({ clock, seed: 7 })
  const exchange = new ccxt.pro.binance(ccxtConfig(simulator, { clock, enableRateLimit: false }))
  try {
    // ccxt asks for this before it opens a socket without TLS.
    await exchange.loadHttpProxyAgent()
    await exchange.loadMarkets()
    const watch = async <T>(promise: Promise<T>): Promise<T> => {
      let isDone = false
      const done = () => {
        isDone = true
      }
      promise.then(done, done)
      while (!isDone) {
        clock.jumpTo(clock.now() + 1_000)
        simulator.advance()
        await new Promise(resolve => setImmediate(resolve))
      }
      return promise
    }
    await story({ simulator, clock, exchange, watch })
  } finally {
    await exchange.close()
  }
}

describe('market streams, as ccxt reads them', { timeout: 60_000 }, () => {
  it('keep a book equal to the one that is asked for', async () => {
    await inStreams(async ({ exchange, watch, clock, simulator }) => {
      await watch(exchange.watchOrderBook('BTC/USDT', 100))
      for (let round = 0; round < 5; round++) {
        const heard = exchange.watchOrderBook('BTC/USDT', 100)
        clock.jumpTo(clock.now() + 60_000)
        simulator.advance()
        const book = await watch(heard)
        const asked = await exchange.fetchOrderBook('BTC/USDT', 100)
        expect(book.nonce).toBe(asked.nonce)
        expect([[...book.bids], [...book.asks]]).toEqual([asked.bids, asked.asks])
      }
    })
  })

  it('tell best prices, trades, candles and tickers', async () => {
    await inStreams(async ({ exchange, watch }) => {
      const best = await watch(exchange.watchBidsAsks(['BTC/USDT']))
      expect(best['BTC/USDT']?.bid).toBeLessThan(best['BTC/USDT']?.ask ?? 0)
      const [trade] = await watch(exchange.watchTrades('BTC/USDT'))
      expect(trade).toMatchObject({ symbol: 'BTC/USDT', price: expect.any(Number), amount: expect.any(Number) })
      const candle = (await watch(exchange.watchOHLCV('BTC/USDT', '1m'))).at(-1)
      expect(candle).toHaveLength(6)
      const ticker = await watch(exchange.watchTicker('ETH/USDT'))
      expect(ticker.last).toBeGreaterThan(0)
      const tickers = await watch(exchange.watchTickers(['BTC/USDT', 'ETH/USDT']))
      expect(Object.values(tickers)[0]?.last).toBeGreaterThan(0)
    })
  })
})

describe('the stream of one’s own orders, as ccxt reads it', { timeout: 60_000 }, () => {
  it('tells of the order, its fill and the balance', async () => {
    await inStreams(async ({ exchange, watch }) => {
      const orders = exchange.watchOrders('BTC/USDT')
      const balances = exchange.watchBalance()
      const trades = exchange.watchMyTrades('BTC/USDT')
      // ccxt resolves these with the first event after the subscription stands.
      const acting = (async () => {
        for (let i = 0; i < 3; i++) await exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01)
      })()
      await watch(acting)
      const [order] = await watch(orders)
      expect(order).toMatchObject({ symbol: 'BTC/USDT', side: 'buy', type: 'market' })
      expect((await watch(trades))[0]).toMatchObject({ amount: expect.any(Number), fee: { currency: 'BTC' } })
      expect((await watch(balances))['BTC']?.total).toBeGreaterThan(10)
    })
  })

  it('is refused without a valid signature', async () => {
    await inStreams(async ({ simulator, clock }) => {
      const socket = new WebSocket(`${simulator.wsUrl}/ws-api/v3`)
      const answer = await new Promise<string>((resolve, reject) => {
        const params = { apiKey: simulator.apiKey, timestamp: clock.now(), signature: 'ab'.repeat(32) }
        socket.addEventListener('open', () =>
          socket.send(JSON.stringify({ id: '1', method: 'userDataStream.subscribe.signature', params })),
        )
        socket.addEventListener('message', message => resolve(String(message.data)))
        socket.addEventListener('error', () => reject(new Error('the socket broke')))
      })
      socket.close()
      const error = { code: -1022, msg: 'Signature for this request is not valid.' }
      expect(JSON.parse(answer)).toEqual({ id: '1', status: 400, error })
    })
  })

  it('places and cancels orders over the WebSocket API', async () => {
    await inStreams(async ({ exchange, watch, simulator }) => {
      const placed = await watch(exchange.createOrderWs('BTC/USDT', 'limit', 'buy', 0.01, 50_000))
      await watch(exchange.cancelOrderWs(String(placed.id), 'BTC/USDT'))
      expect(simulator.inspect.orders('main').map(order => order.status)).toEqual(['CANCELED'])
    })
  })
})
