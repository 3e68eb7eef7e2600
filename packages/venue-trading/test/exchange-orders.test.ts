import { ccxtConfig } from '@org/sim-exchange'
import ccxt from 'ccxt'
import { describe, expect, it } from 'vitest'
import { act, intentOf, onExchange } from './exchange-world.ts'

const symbol = 'BTC/USDT'
const buy = { symbol, side: 'buy', quantity: '0.01' } as const

describe('placing an order', () => {
  it('buys at the market up to the worst price, and the receipt, position and levels are those of the fills', async () => {
    await onExchange(async ({ venue, simulator }) => {
      await venue.connect()
      const receipt = await act(venue, 'place-order', { ...buy, worstPrice: '60000', stopPrice: '59000' })
      expect(receipt.details).toMatchObject({ status: 'filled', filled: '0.01' })
      expect(simulator.inspect.orders('main')).toMatchObject([
        { type: 'LIMIT', timeInForce: 'IOC', price: '60000.00000000' },
      ])
      const amounts = Object.fromEntries(receipt.postings.map(({ measure, amount }) => [measure, Number(amount)]))
      const paid = Number(receipt.details?.['averagePrice']) * 0.00999
      expect(amounts['exposure']).toBeCloseTo(paid, 2)
      expect(amounts['position']).toBe(0.00999)
      const { value: positions } = await venue.observe('positions', { strategyId: 'momentum' })
      expect(positions).toMatchObject([{ symbol, quantity: '0.00999', stopPrice: '59000' }])
    })
  })

  it.each([
    { name: 'a limit rests', params: { price: '50000' }, sent: { type: 'LIMIT', timeInForce: 'GTC' }, status: 'open' },
    {
      name: 'post-only rests',
      params: { price: '50000', postOnly: true },
      sent: { type: 'LIMIT_MAKER' },
      status: 'open',
    },
    {
      name: 'IOC ends',
      params: { price: '50000', timeInForce: 'IOC' },
      sent: { timeInForce: 'IOC' },
      status: 'expired',
    },
    {
      name: 'FOK ends',
      params: { price: '50000', timeInForce: 'FOK' },
      sent: { timeInForce: 'FOK' },
      status: 'expired',
    },
    { name: 'at the market fills', params: {}, sent: { type: 'MARKET' }, status: 'filled' },
  ])('$name', async ({ params, sent, status }) => {
    await onExchange(async ({ venue, simulator }) => {
      const receipt = await act(venue, 'place-order', { ...buy, ...params })
      expect(receipt.details?.['status']).toBe(status)
      expect(simulator.inspect.orders('main')).toMatchObject([sent])
    })
  })

  it('prices move to a tick that is never worse; a short id is the client order id itself', async () => {
    await onExchange(async ({ venue, simulator }) => {
      const intent = intentOf('place-order', { ...buy, price: '50000.019' })
      await venue.execute(intent, { idempotencyKey: 'key-1' })
      await act(venue, 'place-order', { ...buy, side: 'sell', price: '70000.011' })
      expect(simulator.inspect.orders('main')).toMatchObject([
        { price: '50000.01000000', clientOrderId: 'key-1' },
        { price: '70000.02000000' },
      ])
    })
  })

  it.each([
    { params: { quantity: '0.0123456' }, code: 'ORDER_PRECISION', says: '0.01234 or 0.01235 would do' },
    { params: { quantity: '0.000001' }, code: 'ORDER_PRECISION', says: '0.00001 would do' },
    { params: { quantity: '0.00001', price: '50000' }, code: 'ORDER_TOO_SMALL', says: 'below the minimum of 5 USDT' },
    { params: { symbol: 'BTC/USDX' }, code: 'UNKNOWN_SYMBOL', says: 'it has BTC/USDT' },
    { params: { quantity: '100', price: '50000' }, code: 'INSUFFICIENT_FUNDS', says: 'insufficient' },
    { params: { quantity: '9000', price: '50000' }, code: 'ORDER_REFUSED', says: 'NOTIONAL' },
    { params: { quantity: '0.00001', price: undefined }, code: 'ORDER_TOO_SMALL', says: '0.59' },
    { params: { price: '59990', postOnly: true }, code: 'ORDER_REFUSED', says: 'refused' },
    { params: { quantity: '0.0001', worstPrice: '49999' }, code: 'ORDER_TOO_SMALL', says: '4.9999' },
  ])('$params is refused with $code and nothing is there', async ({ params, code, says }) => {
    await onExchange(async ({ venue, simulator }) => {
      const order = { ...buy, price: 'worstPrice' in params ? undefined : '59000', ...params }
      const refused = act(venue, 'place-order', order)
      await expect(refused).rejects.toMatchObject({ code, effect: 'none', message: expect.stringContaining(says) })
      expect(simulator.inspect.orders('main').filter(({ status }) => status === 'NEW')).toEqual([])
      expect((await venue.holdings()).value).toEqual([])
    })
  })

  it('a closed market is refused', async () => {
    await onExchange(async ({ venue, simulator }) => {
      await venue.connect()
      simulator.inspect.setTrading('BTCUSDT', false)
      await expect(act(venue, 'place-order', { ...buy, price: '50000' })).rejects.toMatchObject({
        code: 'MARKET_CLOSED',
        effect: 'none',
      })
    })
  })

  it('the same key again gives the same receipt and sends nothing', async () => {
    await onExchange(async ({ venue, simulator }) => {
      const intent = intentOf('place-order', { ...buy, worstPrice: '60000' })
      const receipt = await venue.execute(intent, { idempotencyKey: intent.id })
      expect(await venue.execute(intent, { idempotencyKey: intent.id })).toEqual(receipt)
      expect(simulator.inspect.orders('main')).toHaveLength(1)
    })
  })
})

describe('closing a position', () => {
  it('takes it off and books what it brought', async () => {
    await onExchange(async ({ venue }) => {
      await act(venue, 'place-order', { ...buy, worstPrice: '60000' })
      const receipt = await act(venue, 'close-position', { symbol, side: 'sell', quantity: '0.00999' })
      expect(receipt.closed).toMatchObject({ isStop: false, side: 'long' })
      expect((await venue.observe('positions', {})).value).toEqual([])
    })
  })

  it('never goes through zero, nor closes what another strategy or nobody holds', async () => {
    await onExchange(async ({ venue, simulator }) => {
      await act(venue, 'place-order', { ...buy, worstPrice: '60000' })
      const close = { symbol, side: 'sell', quantity: '0.00999' } as const
      const refused = { code: 'WOULD_CROSS_ZERO', effect: 'none' }
      await expect(act(venue, 'close-position', { ...close, quantity: '0.01' })).rejects.toMatchObject(refused)
      await expect(act(venue, 'close-position', close, { strategyId: 'other' })).rejects.toMatchObject(refused)
      await expect(act(venue, 'close-position', { ...close, side: 'buy' })).rejects.toMatchObject(refused)
      // Two at once for the same coins: one of them.
      const both = await Promise.allSettled([act(venue, 'close-position', close), act(venue, 'close-position', close)])
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(simulator.inspect.orders('main').filter(({ side }) => side === 'SELL')).toHaveLength(1)
    })
  })

  it('with a stop waits at the exchange, and what it brings comes as a result', async () => {
    await onExchange(async ({ venue, simulator, clock }) => {
      await act(venue, 'place-order', { ...buy, worstPrice: '60000', stopPrice: '57000' })
      const stop = { symbol, side: 'sell', quantity: '0.00999', stopPrice: '57000' } as const
      const receipt = await act(venue, 'close-position', stop)
      expect(receipt.details?.['status']).toBe('open')
      simulator.inspect.shock('BTCUSDT', 0.9)
      await clock.sleep(60_000)
      const { value: news } = await venue.observe('results', { strategyId: 'momentum', after: 0 })
      expect(news.find(({ closed }) => closed !== undefined)?.closed).toMatchObject({ isStop: true })
      expect((await venue.observe('positions', {})).value).toEqual([])
      expect((await venue.holdings()).value).toEqual([])
    })
  })
})

describe('cancelling an order', () => {
  it('ends it, and again is the same', async () => {
    await onExchange(async ({ venue, simulator }) => {
      const placed = intentOf('place-order', { ...buy, price: '50000' })
      await venue.execute(placed, { idempotencyKey: placed.id })
      const cancel = { symbol, clientOrderId: placed.id }
      const first = await act(venue, 'cancel-order', cancel)
      expect(first.postings).toContainEqual({ measure: 'exposure', amount: '-500' })
      const again = await act(venue, 'cancel-order', cancel)
      expect(again.postings.every(({ amount }) => Number(amount) === 0)).toBe(true)
      expect(simulator.inspect.orders('main')).toMatchObject([{ status: 'CANCELED' }])
      expect((await venue.observe('open-orders', { symbol })).value).toEqual([])
    })
  })

  it('leaves alone what a person ordered by hand', async () => {
    await onExchange(async ({ venue, simulator, clock }) => {
      await venue.connect()
      const hand = new ccxt.binance(ccxtConfig(simulator, { clock: clock as never, enableRateLimit: false }))
      await hand.createOrder(symbol, 'limit', 'sell', 0.1, 90_000, { clientOrderId: 'by-hand-1' })
      const cancel = act(venue, 'cancel-order', { symbol, clientOrderId: 'by-hand-1' })
      await expect(cancel).rejects.toMatchObject({
        code: 'NOT_OWN_ORDER',
        effect: 'none',
        message: expect.stringContaining('made elsewhere'),
      })
      expect(simulator.inspect.orders('main')).toMatchObject([{ status: 'NEW' }])
    })
  })

  it('finds its own also where another process of the account sent it', async () => {
    await onExchange(async ({ venue, another, simulator }) => {
      const other = another()
      for (const each of [venue, other]) await each.connect()
      const placed = intentOf('place-order', { ...buy, price: '50000' })
      await venue.execute(placed, { idempotencyKey: placed.id })
      const cancel = { symbol, clientOrderId: placed.id }
      const refused = act(other, 'cancel-order', cancel, { strategyId: 'other' })
      await expect(refused).rejects.toMatchObject({ code: 'NOT_OWN_ORDER' })
      await act(other, 'cancel-order', cancel)
      expect(simulator.inspect.orders('main')).toMatchObject([{ status: 'CANCELED' }])
    })
  })

  it('leaves another strategy’s alone', async () => {
    await onExchange(async ({ venue, simulator }) => {
      const placed = intentOf('place-order', { ...buy, price: '50000' })
      await venue.execute(placed, { idempotencyKey: placed.id })
      const cancel = act(venue, 'cancel-order', { symbol, clientOrderId: placed.id }, { strategyId: 'other' })
      await expect(cancel).rejects.toMatchObject({ code: 'NOT_OWN_ORDER', effect: 'none' })
      expect(simulator.inspect.orders('main')).toMatchObject([{ status: 'NEW' }])
    })
  })
})

describe('an order that fills later', () => {
  it('is booked once, numbered, also by a venue that was started anew', async () => {
    await onExchange(async ({ venue, another, simulator, clock }) => {
      const placed = intentOf('place-order', { ...buy, price: '59000' })
      await venue.execute(placed, { idempotencyKey: placed.id })
      simulator.inspect.shock('BTCUSDT', 0.97)
      await clock.sleep(60_000)
      const { value: news } = await venue.observe('results', { strategyId: 'momentum', after: 0 })
      expect(news).toMatchObject([{ seq: 1, note: 'fill', intentId: placed.id }])
      const restarted = another()
      const { value: same } = await restarted.observe('results', { strategyId: 'momentum', after: 0 })
      expect(same.filter(({ note }) => note === 'fill')).toEqual(news.filter(({ note }) => note === 'fill'))
      const { value: later } = await restarted.observe('results', { strategyId: 'momentum', after: 1 })
      expect(later.filter(({ note }) => note === 'fill')).toEqual([])
    })
  })
})
