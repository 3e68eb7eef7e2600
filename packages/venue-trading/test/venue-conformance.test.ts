import { type IntentId, memoryStore, type Store } from '@org/core'
import { ccxtConfig, type ExchangeSimulator, startExchangeSimulator } from '@org/sim-exchange'
import { type VenueSubject, venueConformance } from '@org/testkit'
import { ExchangeVenue, fixedRates } from '../src/index.ts'
import { act, intentOf } from './exchange-world.ts'

const symbol = 'BTC/USDT'
const strategyId = 'conformance'
/** The order that the question `order` asks for. */
const orderId = 'an-order' as IntentId
/** The order whose fills are asked for. */
const fillId = 'a-fill' as IntentId
const limit = { symbol, side: 'buy', quantity: '0.01', price: '50000' } as const

/** What a market's venues share, as processes do: the store. The first of them prepares what an action needs. */
const shared = new WeakMap<ExchangeSimulator, { readonly store: Store; first: ExchangeVenue | undefined }>()

function sharedOf(market: ExchangeSimulator) {
  const known = shared.get(market) ?? { store: memoryStore(), first: undefined }
  shared.set(market, known)
  return known
}

function firstVenue(market: ExchangeSimulator): ExchangeVenue {
  const { first } = sharedOf(market)
  if (first === undefined) throw new Error('no venue was made')
  return first
}

const ordersOf = (market: ExchangeSimulator) => market.inspect.orders('main')

const subject: VenueSubject<ExchangeSimulator> = {
  market: ({ clock }) => startExchangeSimulator({ clock, seed: 7, rateLimits: false }),
  create({ baseUrl, market, clock, logger, timeoutMs }) {
    const about = sharedOf(market)
    const { wsUrl, apiKey, secret } = market
    const venue = new ExchangeVenue({
      exchange: 'binance',
      config: ccxtConfig({ url: baseUrl, wsUrl, apiKey, secret }),
      store: about.store,
      clock,
      logger,
      // Market data of all symbols take longer than 50 ms on a machine that is busy.
      timeoutMs: Math.min(10_000, Math.max(500, timeoutMs)),
      rates: fixedRates({ 'USDT/USD': '1' }, { clock }),
      symbols: [symbol],
      fillsEvery: 0,
      weightPerMinute: 1e9,
    })
    about.first ??= venue
    return venue
  },
  real: () => new ExchangeVenue({ exchange: 'binance', store: memoryStore() }),
  secrets: ({ apiKey, secret }) => [apiKey, secret],
  // Instruments are market data that are loaded once, at the start.
  queries: {
    ticker: { query: () => ({ symbol }), wrong: [{}, { symbol: 7 }], matters: [] },
    tickers: { query: () => ({ symbols: [symbol, 'ETH/USDT'] }), wrong: [{ symbols: [] }], matters: [] },
    'order-book': { query: () => ({ symbol, levels: 5 }), wrong: [{ symbol, levels: 0 }], matters: [] },
    candles: {
      query: () => ({ symbol, timeframe: '1m', limit: 5 }),
      wrong: [{ symbol, timeframe: 'fast' }],
      matters: [],
    },
    balances: { query: () => ({}), wrong: [{ asset: 'BTC' }], matters: [] },
    'open-orders': { query: () => ({ symbol }), wrong: [{ symbol: '' }], matters: [] },
    order: {
      async query(market) {
        const placed = intentOf('place-order', { ...limit, price: '40000' }, { strategyId, id: orderId })
        await firstVenue(market).execute(placed, { idempotencyKey: placed.id })
        return { symbol, clientOrderId: placed.id }
      },
      wrong: [{ symbol }],
      matters: ['orderId'],
    },
    fills: {
      async query(market) {
        const bought = { ...limit, price: undefined, worstPrice: '61000' }
        const placed = intentOf('place-order', bought, { strategyId, id: fillId })
        await firstVenue(market).execute(placed, { idempotencyKey: placed.id })
        return { symbol }
      },
      wrong: [{ symbol, since: -1 }],
      matters: ['id', 'price', 'qty', 'time'],
    },
    positions: { query: () => ({}), wrong: [{ strategyId: '' }], matters: [] },
    results: { query: () => ({ strategyId, after: 0 }), wrong: [{ strategyId }], matters: [] },
  },
  actions: {
    'place-order': {
      prepare: () => ({ params: limit, effects: intentOf('place-order', limit).effects }),
      effectCount: market => ordersOf(market).filter(({ price }) => Number(price) === 50_000).length,
      wrong: [
        {},
        { ...limit, side: 'up' },
        { ...limit, quantity: '0' },
        { ...limit, price: undefined, postOnly: true },
      ],
    },
    'close-position': {
      async prepare(market) {
        const bought = { ...limit, price: undefined, worstPrice: '61000' }
        await act(firstVenue(market), 'place-order', bought, { strategyId })
        return { params: { symbol, side: 'sell', quantity: '0.00999' } }
      },
      effectCount: market => ordersOf(market).filter(({ side }) => side === 'SELL').length,
      wrong: [{}, { symbol, side: 'sell', quantity: 'all' }],
    },
    'cancel-order': {
      async prepare(market) {
        const placed = intentOf('place-order', limit, { strategyId })
        await firstVenue(market).execute(placed, { idempotencyKey: placed.id })
        return { params: { symbol, clientOrderId: placed.id } }
      },
      effectCount: market => ordersOf(market).filter(({ status }) => status === 'CANCELED').length,
      wrong: [{}, { symbol }],
    },
  },
}

venueConformance({
  name: 'an exchange through ccxt',
  ...subject,
})
