import { type Intent, type IntentId, memoryStore, type Posting, VirtualClock } from '@org/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TradingAction } from './actions/action-map.ts'
import type { ClosePositionParams, PlaceOrderParams } from './actions/order-actions.ts'
import type { Instrument } from './actions/views.ts'
import type { MarketData } from './paper/market-data.ts'
import { type ScriptedMarket, scriptedMarket } from './paper/scripted-market.ts'
import { PaperVenue, type PaperVenueOptions } from './paper-venue.ts'

const symbol = 'BTC/USDT'
const start = Date.UTC(2026, 0, 1)

let clock: VirtualClock
let market: ScriptedMarket
let venue: PaperVenue
let intents = 0

function open(options: Partial<PaperVenueOptions> = {}, change: Partial<Instrument> = {}): PaperVenue {
  market = scriptedMarket({ clock, symbols: { [symbol]: { takerFee: '0.001', makerFee: '0.0005', ...change } } })
  market.quote(symbol, {
    bids: [
      ['99', '1'],
      ['98', '5'],
    ],
    asks: [
      ['101', '1'],
      ['102', '5'],
    ],
  })
  venue = new PaperVenue({ market, clock, baseCurrency: 'USDT', balances: { USDT: '1000', BTC: '1' }, ...options })
  return venue
}

beforeEach(() => {
  clock = new VirtualClock({ startMs: start })
  intents = 0
  open()
})

function intentOf(action: TradingAction, params: unknown, change: Partial<Intent> = {}): Intent {
  intents++
  return {
    id: `i${intents}` as IntentId,
    strategyId: 'momentum',
    venueId: 'paper',
    domain: 'trading',
    asset: symbol,
    action,
    params,
    effects: [],
    reduces: action !== 'place-order',
    expiresAt: start + 1e9,
    rationale: { reason: 'test', summary: 'test' },
    ...change,
  }
}

const act = (intent: Intent) => venue.execute(intent, { idempotencyKey: intent.id })
const place = (params: Omit<PlaceOrderParams, 'symbol'>, change: Partial<Intent> = {}) =>
  act(intentOf('place-order', { symbol, ...params }, change))
const close = (params: Omit<ClosePositionParams, 'symbol'>, change: Partial<Intent> = {}) =>
  act(intentOf('close-position', { symbol, ...params }, change))

async function balances(): Promise<Record<string, string>> {
  const { value } = await venue.observe('balances', {})
  return Object.fromEntries(
    value.map(({ asset, free, locked }) => [asset, locked === '0' ? free : `${free} + ${locked}`]),
  )
}

const amounts = (postings: readonly Posting[]) =>
  Object.fromEntries(postings.map(({ measure, amount }) => [measure, amount]))

describe('PaperVenue', () => {
  it('walks the book level by level, and takes fees', async () => {
    const receipt = await place({ side: 'buy', quantity: '3' })
    expect(receipt).toMatchObject({
      venueRef: '1',
      details: { status: 'filled', filled: '3', averagePrice: '101.666666666666666666' },
    })
    const { value: fills } = await venue.observe('fills', { symbol })
    expect(fills.map(({ price, quantity, fee }) => [price, quantity, fee])).toEqual([
      ['101', '1', '0.101'],
      ['102', '2', '0.204'],
    ])
    expect(await balances()).toEqual({ USDT: '694.695', BTC: '4' })
    expect(amounts(receipt.postings)).toMatchObject({ loss: '0.305', exposure: '305', position: '3' })
  })

  it('gives the same receipt for the same key, and acts once', async () => {
    const intent = intentOf('place-order', { symbol, side: 'buy', quantity: '1' })
    const [first, meanwhile] = await Promise.all([act(intent), act(intent)])
    expect(meanwhile).toBe(first)
    expect(await act(intent)).toEqual(first)
    expect(await balances()).toEqual({ USDT: '898.899', BTC: '2' })
  })

  it('lets a limit rest, holds what it needs, and fills it as a maker when the other side reaches it', async () => {
    await place({ side: 'buy', quantity: '2', price: '100' })
    expect(await balances()).toEqual({ USDT: '799.8 + 200.2', BTC: '1' })
    market.quote(symbol, { bid: '99', ask: '100', askQuantity: '0.5' })
    expect((await venue.observe('order', { symbol, clientOrderId: 'i1' })).value).toMatchObject({
      status: 'open',
      filled: '0.5',
      averagePrice: '100',
    })
    market.quote(symbol, { bid: '90', ask: '91' })
    const { value: results } = await venue.observe('results', { strategyId: 'momentum', after: 0 })
    expect(results).toHaveLength(1)
    expect(amounts(results[0]?.postings ?? [])).toMatchObject({ loss: '0.1', 'unrealised-loss': '19' })
    expect(await balances()).toEqual({ USDT: '799.9', BTC: '3' })
  })

  it('cancels what is left of an order, and a second time harmlessly', async () => {
    await place({ side: 'buy', quantity: '2', price: '100' })
    const receipt = await act(intentOf('cancel-order', { symbol, clientOrderId: 'i1' }))
    expect(amounts(receipt.postings)).toMatchObject({ exposure: '-200', position: '-2' })
    expect(amounts((await act(intentOf('cancel-order', { symbol, clientOrderId: 'i1' }))).postings)).toEqual({
      loss: '0',
      exposure: '0',
      'open-loss': '0',
      position: '0',
    })
    expect(await balances()).toEqual({ USDT: '1000', BTC: '1' })
    await expect(
      act(intentOf('cancel-order', { symbol, clientOrderId: 'i1' }, { strategyId: 'other' })),
    ).rejects.toMatchObject({ code: 'NOT_OWN_ORDER', effect: 'none' })
  })

  it('fills what it can at once of an IOC, and all or nothing of a FOK', async () => {
    const some = await place({ side: 'buy', quantity: '3', price: '101', timeInForce: 'IOC' })
    expect(some.details).toMatchObject({ status: 'expired', filled: '1' })
    const none = await place({ side: 'buy', quantity: '3', price: '101', timeInForce: 'FOK' })
    expect(none.details).toMatchObject({ status: 'expired', filled: '0' })
    const within = await place({ side: 'buy', quantity: '3', worstPrice: '101.5' })
    expect(within.details).toMatchObject({ status: 'expired', filled: '1' })
    expect((await venue.observe('open-orders', {})).value).toEqual([])
  })

  it('refuses a post-only order that would take', async () => {
    await expect(place({ side: 'buy', quantity: '1', price: '101', postOnly: true })).rejects.toMatchObject({
      code: 'ORDER_REFUSED',
      effect: 'none',
      message:
        'BTC/USDT: buy 1: it would trade at once, and postOnly says that it must not; ask for a price further away; nothing was sent',
    })
    expect(await balances()).toEqual({ USDT: '1000', BTC: '1' })
  })

  it('fires a stop when the market gets there, and says that a stop closed the position', async () => {
    await place({ side: 'buy', quantity: '1', stopPrice: '95' })
    await close({ side: 'sell', quantity: '1', stopPrice: '95' })
    expect(await balances()).toEqual({ USDT: '898.899', BTC: '1 + 1' })
    market.quote(symbol, { bid: '95.01', ask: '96' })
    expect((await venue.observe('positions', {})).value).toHaveLength(1)
    market.quote(symbol, { bid: '94', ask: '95' })
    const { value: results } = await venue.observe('results', { strategyId: 'momentum', after: 0 })
    // 94 − 101 = −7, fees 0.101 and 0.094; 7.195 / 101.
    expect(results[0]?.closed).toEqual({ ratio: '-0.071238', isStop: true, side: 'long', at: start })
    expect(amounts(results[0]?.postings ?? [])).toMatchObject({ loss: '7.094', exposure: '-101', position: '-1' })
    expect((await venue.observe('positions', {})).value).toEqual([])
  })

  it('never closes more than the strategy holds, whatever the account has', async () => {
    await place({ side: 'buy', quantity: '1' })
    await expect(close({ side: 'sell', quantity: '1.5' })).rejects.toMatchObject({
      code: 'WOULD_CROSS_ZERO',
      effect: 'none',
      message: 'paper BTC/USDT: momentum can sell 1 to close, not 1.5: more would go through zero; nothing was sent',
    })
    await expect(close({ side: 'sell', quantity: '1' }, { strategyId: 'other' })).rejects.toMatchObject({
      code: 'WOULD_CROSS_ZERO',
    })
    await close({ side: 'sell', quantity: '0.6', price: '150' })
    await expect(close({ side: 'sell', quantity: '0.5' })).rejects.toMatchObject({ code: 'WOULD_CROSS_ZERO' })
  })

  it('lets an order meet the book that stands when it arrives', async () => {
    open({ latency: '250ms' })
    await clock.run(async () => {
      const sent = place({ side: 'buy', quantity: '1' })
      await clock.sleep(200)
      market.quote(symbol, { bid: '109', ask: '110' })
      expect((await sent).details).toMatchObject({ averagePrice: '110' })
      expect(clock.now()).toBe(start + 250)
    })
  })

  it('opens shorts on margin alone, with a stop, and moves only the quote asset', async () => {
    await expect(place({ side: 'sell', quantity: '2' })).rejects.toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      message: 'BTC/USDT: to sell 2 takes 2 BTC, free are 1; nothing was sent',
    })
    open({ account: 'margin', leverage: '2', balances: { USDT: '1000' } })
    await expect(place({ side: 'sell', quantity: '1' })).rejects.toMatchObject({ code: 'ORDER_REFUSED' })
    await place({ side: 'sell', quantity: '1', stopPrice: '110' })
    expect(await balances()).toEqual({ USDT: '950.401 + 49.5' })
    expect((await venue.observe('positions', {})).value[0]).toMatchObject({ quantity: '-1', averagePrice: '99' })
    market.quote(symbol, { bid: '89', ask: '90' })
    const receipt = await close({ side: 'buy', quantity: '1' })
    // 99 − 90 = 9, fees 0.099 and 0.09; 8.811 / 99.
    expect(receipt.closed).toEqual({ ratio: '0.089', isStop: false, side: 'short', at: start })
    expect(await balances()).toEqual({ USDT: '1008.811' })
    await expect(place({ side: 'buy', quantity: '23' })).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' })
  })

  it.each([
    ['UNKNOWN_SYMBOL', () => act(intentOf('place-order', { symbol: 'DOGE/USDT', side: 'buy', quantity: '1' }))],
    ['INSUFFICIENT_FUNDS', () => place({ side: 'buy', quantity: '20', price: '100' })],
    ['ORDER_TOO_SMALL', () => place({ side: 'buy', quantity: '0.0001', price: '100' })],
    ['ORDER_PRECISION', () => place({ side: 'buy', quantity: '0.000001', price: '100' })],
    [
      'MARKET_CLOSED',
      () => {
        market.change(symbol, { isTrading: false })
        return place({ side: 'buy', quantity: '1' })
      },
    ],
    [
      'BOOK_EMPTY',
      () => {
        market.quote(symbol, { bid: '99' })
        return place({ side: 'buy', quantity: '1' })
      },
    ],
    [
      'BOOK_CROSSED',
      () => {
        market.quote(symbol, { bid: '102', ask: '101' })
        return place({ side: 'buy', quantity: '1' })
      },
    ],
    [
      'RATE_STALE',
      () => {
        open({ baseCurrency: 'EUR', balances: { USDT: '1000' } })
        return place({ side: 'buy', quantity: '1' })
      },
    ],
    ['INVALID_PARAMS', () => place({ side: 'buy', quantity: '-1' })],
  ])('refuses with %s in one line, and nothing is changed', async (code, attempt) => {
    open({}, { notionalMin: '5' })
    const error = await attempt().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code, effect: 'none', message: expect.stringMatching(/^[^\n]{20,250}$/) })
    expect((await venue.observe('open-orders', {})).value).toEqual([])
    expect((await venue.observe('fills', { symbol })).value).toEqual([])
    expect((await venue.observe('balances', {})).value.every(({ locked }) => locked === '0')).toBe(true)
  })

  it('shows no bar that cannot be, and none around a gap', async () => {
    const bar = { open: 100, high: 101, low: 99, close: 100, volume: 1, isClosed: true }
    market.candle(symbol, '1m', { ...bar, openTime: start })
    market.candle(symbol, '1m', { ...bar, openTime: start + 60_000 })
    const question = { symbol, timeframe: '1m' } as const
    expect((await venue.observe('candles', question)).value).toHaveLength(2)
    market.candle(symbol, '1m', { ...bar, openTime: start + 180_000 })
    await expect(venue.observe('candles', question)).rejects.toMatchObject({
      code: 'CANDLE_GAP',
      message:
        'BTC/USDT 1m: bars have a gap between 2026-01-01T00:01:00.000Z and 2026-01-01T00:03:00.000Z; ask again, or choose a longer timeframe',
    })
    open()
    market.candle(symbol, '1m', { ...bar, openTime: start, close: Number.NaN })
    await expect(venue.observe('candles', question)).rejects.toMatchObject({
      code: 'BAD_CANDLE',
      message: expect.stringMatching(
        /^BTC\/USDT 1m: the bar of 2026-01-01T00:00:00.000Z cannot be: .+; decide nothing/,
      ),
    })
    await expect(venue.observe('order-book', { symbol, levels: 1 })).resolves.toMatchObject({
      value: { bids: [['99', '1']], asks: [['101', '1']] },
    })
  })

  it('takes the prices of a market that has to be asked when it is asked itself', async () => {
    const asked: MarketData = { observe: (kind, query, options) => market.observe(kind, query, options) }
    open()
    venue = new PaperVenue({ market: asked, clock, baseCurrency: 'USDT', balances: { USDT: '1000' } })
    await place({ side: 'buy', quantity: '1', price: '100' })
    market.quote(symbol, { bid: '98', ask: '99' })
    expect((await venue.observe('positions', {})).value).toMatchObject([{ quantity: '1', averagePrice: '100' }])
    expect(() => venue.subscribe([symbol], () => {})).toThrow(/sends none; observe tickers instead$/)
  })

  it('tells subscribers of a tick after resting orders have met it, until they stop', async () => {
    await place({ side: 'buy', quantity: '1', price: '100' })
    const heard: (string | undefined)[] = []
    const stop = venue.subscribe([symbol], ({ ask }) => heard.push(ask))
    market.quote(symbol, { bid: '99', ask: '100' })
    stop()
    market.quote(symbol, { bid: '98', ask: '99' })
    expect(heard).toEqual(['100'])
    expect((await venue.observe('holdings' as never, {} as never).catch(({ code }) => code)) as unknown).toBe(
      'UNKNOWN_QUERY',
    )
    expect((await venue.holdings()).value).toEqual([
      {
        asset: symbol,
        kind: 'position',
        quantity: 1,
        exposure: 100,
        costPerHour: 0,
        description: 'momentum: 1 at 100',
      },
    ])
  })

  it('goes on after a restart with its balances, orders, receipts and results', async () => {
    const store = memoryStore()
    open({ store })
    const intent = intentOf('place-order', { symbol, side: 'buy', quantity: '1' })
    const receipt = await act(intent)
    await place({ side: 'buy', quantity: '1', price: '90' })
    const before = await balances()
    await venue.close()
    venue = new PaperVenue({ market, clock, store, baseCurrency: 'USDT', balances: { USDT: '1000' } })
    await venue.connect()
    expect(await balances()).toEqual(before)
    expect(await act(intent)).toEqual(receipt)
    expect(await venue.reconcile(intent, { idempotencyKey: intent.id })).toEqual({ status: 'done', receipt })
    market.quote(symbol, { bid: '88', ask: '89' })
    expect((await venue.observe('positions', {})).value).toMatchObject([{ quantity: '2', averagePrice: '95.5' }])
    expect((await venue.observe('results', { strategyId: 'momentum', after: 0 })).value).toMatchObject([{ seq: 1 }])
  })

  it('stops writing where another process has taken its account over', async () => {
    const store = memoryStore()
    open({ store })
    await place({ side: 'buy', quantity: '1' })
    const earlier = venue
    venue = new PaperVenue({ market, clock, store, baseCurrency: 'USDT', balances: { USDT: '1000' } })
    await place({ side: 'buy', quantity: '1' })
    const late = intentOf('place-order', { symbol, side: 'buy', quantity: '1' })
    await expect(earlier.execute(late, { idempotencyKey: late.id })).rejects.toMatchObject({
      code: 'ORDER_NOT_WRITTEN',
      effect: 'done',
      cause: {
        code: 'ACCOUNT_IN_USE',
        message:
          'the paper-account paper was written by another process since it was opened here; give the venue of each process an id of its own',
      },
    })
  })

  it('says of an intent that never came that it is not done, and of one that came what was done', async () => {
    const store = memoryStore()
    open({ store })
    const lost = intentOf('place-order', { symbol, side: 'buy', quantity: '1' })
    expect(await venue.reconcile(lost, { idempotencyKey: lost.id })).toEqual({ status: 'not-done' })
    const cancel = intentOf('cancel-order', { symbol, clientOrderId: 'i3' })
    await place({ side: 'buy', quantity: '1', price: '90' })
    expect(await venue.reconcile(cancel, { idempotencyKey: cancel.id })).toEqual({ status: 'not-done' })
    await act(cancel)
    expect(await venue.reconcile(cancel, { idempotencyKey: cancel.id })).toMatchObject({ status: 'done' })
  })
})
