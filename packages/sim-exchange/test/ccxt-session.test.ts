import { VirtualClock } from '@org/core'
import ccxt from 'ccxt'
import { describe, expect, it } from 'vitest'
import { ccxtConfig, startExchangeSimulator } from '../src/index.ts'

describe('unmodified ccxt', () => {
  it('loads markets, reads a book, trades, and sees its balance', async () => {
    const clock = new VirtualClock()
    await using simulator = await startExchangeSimulator({ clock, seed: 7 })
    const exchange = new ccxt.binance(ccxtConfig(simulator, { clock, enableRateLimit: false }))
    await exchange.loadMarkets()
    expect(exchange.symbols).toEqual(['BTC/USDT', 'ETH/USDT'])
    const { asks } = await exchange.fetchOrderBook('BTC/USDT', 5)
    const [ask] = asks[0] ?? []
    const order = await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, ask)
    expect(order).toMatchObject({
      status: 'closed',
      filled: 0.01,
      average: ask,
      fee: { currency: 'BTC', cost: 0.00001 },
    })
    const balance = await exchange.fetchBalance()
    expect(balance['BTC']).toEqual({ free: 10.00999, used: 0, total: 10.00999 })
  })
})
