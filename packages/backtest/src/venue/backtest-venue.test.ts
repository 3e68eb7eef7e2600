import { type Intent, type IntentId, type Posting, VirtualClock } from '@org/core'
import type { TradingAction } from '@org/venue-trading/actions'
import { beforeEach, describe, expect, it } from 'vitest'
import { BarColumns } from '../bars/bar-columns.ts'
import type { BrokerOptions } from '../broker/rules.ts'
import { BacktestVenue } from './backtest-venue.ts'

const symbol = 'LEMON/USD'
const minuteMs = 60_000

let clock: VirtualClock
let venue: BacktestVenue
let intents = 0

/** Bars that begin where the one before ended, unless a gap is asked for before the last. */
async function open(closes: readonly number[], broker: Partial<BrokerOptions> = {}, gapMs = 0): Promise<void> {
  const bars = BarColumns.of(
    closes.map((close, i) => {
      const open = closes[i - 1] ?? close
      const openTime = i * minuteMs + (i === closes.length - 1 ? gapMs : 0)
      return { openTime, open, high: Math.max(open, close), low: Math.min(open, close), close, volume: 1 }
    }),
  )
  clock = new VirtualClock({ startMs: 0 })
  const feeds = [{ symbol, timeframe: '1m', bars }]
  venue = await BacktestVenue.open({ id: 'market', clock, feeds, broker: { cash: 1_000, ...broker } })
  next()
}

/** Time goes on to the end of the next bar. */
function next(): void {
  clock.jumpTo(venue.nextEventAt() ?? 0)
  venue.advanceTo(clock.now())
}

function act(action: TradingAction, params: object, strategyId = 'bot') {
  const id = `i${++intents}` as IntentId
  const intent: Intent = {
    id,
    strategyId,
    venueId: 'market',
    domain: 'trading',
    asset: symbol,
    action,
    params: { symbol, ...params },
    effects: [],
    reduces: action !== 'place-order',
    expiresAt: 1e12,
    rationale: { reason: 'test', summary: 'test' },
  }
  return venue.execute(intent, { idempotencyKey: id })
}

const amounts = (postings: readonly Posting[]) =>
  Object.fromEntries(postings.map(({ measure, amount }) => [measure, amount]))
const held = async () => (await venue.observe('positions', { strategyId: 'bot' })).value.map(({ quantity }) => quantity)

beforeEach(() => {
  intents = 0
})

describe('an order at the market', () => {
  it('meets the open of the bar that begins now, at once', async () => {
    await open([10, 10, 12])
    const receipt = await act('place-order', { side: 'buy', quantity: '5' })
    expect(receipt.details).toEqual({ status: 'filled', filled: '5', averagePrice: '10' })
    expect(amounts(receipt.postings)).toMatchObject({ exposure: '50', position: '5' })
    expect(await held()).toEqual(['5'])
  })

  it('waits after a gap: nobody is shown the open of Monday on Friday', async () => {
    await open([10, 20], {}, 3 * minuteMs)
    const receipt = await act('place-order', { side: 'buy', quantity: '5' })
    expect(receipt.details).toEqual({ status: 'open', filled: '0' })
    next()
    expect(await held()).toEqual(['5'])
    const { value: results } = await venue.observe('results', { strategyId: 'bot', after: 0 })
    expect(results.map(({ note }) => note)).toEqual(['fill'])
    expect(amounts(results[0]?.postings ?? [])['unrealised-loss']).toBe('-50')
  })
})

describe('what is refused', () => {
  beforeEach(() => open([10, 10, 10], { account: 'margin', margin: 0.5 }))

  it.each([
    ['more than there is money for', 'place-order', { side: 'buy', quantity: '201' }, 'INSUFFICIENT_FUNDS'],
    ['a short without a stop', 'place-order', { side: 'sell', quantity: '1' }, 'ORDER_REFUSED'],
    [
      'what would trade at once and must not',
      'place-order',
      { side: 'buy', quantity: '1', price: '11', postOnly: true },
      'ORDER_REFUSED',
    ],
    ['a close of what is not held', 'close-position', { side: 'sell', quantity: '1' }, 'WOULD_CROSS_ZERO'],
  ] as const)('%s', async (_, action, params, code) => {
    await expect(act(action, params)).rejects.toMatchObject({ code, effect: 'none' })
    expect((await venue.observe('open-orders', {})).value).toEqual([])
  })

  it('another strategy’s order is not cancelled', async () => {
    await act('place-order', { side: 'buy', quantity: '1', price: '9' })
    await expect(act('cancel-order', { clientOrderId: 'i1' }, 'other')).rejects.toMatchObject({ code: 'NOT_OWN_ORDER' })
  })

  it('an unknown symbol, timeframe or question', async () => {
    await expect(venue.observe('ticker', { symbol: 'PEAR/USD' })).rejects.toMatchObject({ code: 'UNKNOWN_SYMBOL' })
    await expect(venue.observe('candles', { symbol, timeframe: '1h' })).rejects.toMatchObject({
      code: 'INVALID_TIMEFRAME',
    })
    await expect(venue.observe('weather' as 'fills', { symbol })).rejects.toMatchObject({ code: 'UNKNOWN_QUERY' })
  })
})

describe('the same intent again', () => {
  it('gets the same receipt, and nothing is done twice', async () => {
    await open([10, 10, 10])
    const first = await act('place-order', { side: 'buy', quantity: '1' })
    intents--
    expect(await act('place-order', { side: 'buy', quantity: '1' })).toEqual(first)
    expect(await held()).toEqual(['1'])
  })
})

describe('an order that rests', () => {
  it('is shown, is filled by a later bar, and can be taken back before', async () => {
    await open([10, 10, 8, 8])
    await act('place-order', { side: 'buy', quantity: '2', price: '9' })
    await act('place-order', { side: 'buy', quantity: '3', price: '5' })
    const { value: orders } = await venue.observe('open-orders', { symbol })
    expect(orders.map(({ quantity, price }) => [quantity, price])).toEqual([
      ['2', '9'],
      ['3', '5'],
    ])
    await act('cancel-order', { clientOrderId: 'i2' })
    next()
    next()
    expect(await held()).toEqual(['2'])
    expect((await venue.observe('order', { symbol, clientOrderId: 'i2' })).value?.status).toBe('cancelled')
    expect((await venue.observe('fills', { symbol })).value).toMatchObject([
      { price: '9', isMaker: true, strategyId: 'bot' },
    ])
  })
})

describe('an account that loses too much', () => {
  it('is closed by the broker, and its strategy is told of the loss as of a stop', async () => {
    await open([10, 10, 9.2, 9.2], { account: 'margin', margin: 0.1, maintenanceMargin: 0.05 })
    await act('place-order', { side: 'buy', quantity: '900' })
    await venue.observe('results', { strategyId: 'bot', after: 0 })
    next()
    next()
    expect(await held()).toEqual([])
    const { value: results } = await venue.observe('results', { strategyId: 'bot', after: 0 })
    const [told] = results
    expect(amounts(told?.postings ?? [])).toMatchObject({ loss: '720', exposure: '-9000', position: '-900' })
    expect(told?.closed).toMatchObject({ isStop: true, side: 'long', ratio: '-0.08' })
  })
})
