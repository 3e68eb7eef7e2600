import { createLogger, memoryStore, silentLogger, VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import type { Instrument, Position } from '../actions/views.ts'
import { AccountBook } from '../book/account-book.ts'
import type { NewFill } from '../book/book-order.ts'
import { fixedRates } from '../rates/fixed-rates.ts'
import { AssetRates } from './asset-rates.ts'
import { readOrder, readTrade } from './read-account.ts'
import { takeInFills } from './take-in.ts'

const symbol = 'BTC/USDT'
const instrument: Instrument = {
  symbol,
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  priceStep: '0.01',
  quantityStep: '0.00001',
  quantityMin: '0.00001',
  notionalMin: '5',
  makerFee: '0.001',
  takerFee: '0.002',
  canShort: false,
  isTrading: true,
}

const trade = { id: '1', symbol, side: 'buy', price: '50000', amount: '0.01', timestamp: 1_000 }
const order = { id: 'o1', symbol, side: 'buy', amount: '0.01', filled: '0.01', status: 'closed', timestamp: 1_000 }

/** What a fill with such a fee does to the result of who holds it, in the base currency. */
async function resultOf(
  fee: Pick<NewFill, 'fee' | 'feeAsset'>,
  logger = silentLogger,
): Promise<Position['realised'] | undefined> {
  const clock = new VirtualClock()
  const hands = {
    rates: new AssetRates(fixedRates({ 'USDT/USD': '1', 'OKB/USD': '50' }, { clock }), 'USD', logger),
    book: await AccountBook.open({ name: 'x', store: memoryStore() }),
    instruments: { get: async () => instrument },
  }
  const fill: NewFill = {
    tradeId: '1',
    orderId: 'o1',
    clientOrderId: 'c1',
    symbol,
    side: 'buy',
    price: '50000',
    quantity: '0.01',
    isMaker: false,
    at: 1_000,
    ...fee,
  }
  await takeInFills(hands, [fill])
  return hands.book.positions()[0]?.realised
}

describe('the fee of a fill', () => {
  it('that an order answer leaves out is not taken for none: its trades are asked for', () => {
    const trades = (fee: unknown) => readOrder('x', { ...order, trades: [{ ...trade, fee }] }).trades
    expect(trades({ cost: '0', currency: 'USDT' })).toMatchObject([{ fee: '0', feeAsset: 'USDT' }])
    for (const fee of [undefined, null, {}, { cost: '1' }, { currency: 'USDT' }]) expect(trades(fee)).toEqual([])
  })

  it('that the exchange says nowhere is the taker’s', async () => {
    const { fee, feeAsset } = readTrade('x', { ...trade, fee: { currency: 'USDT' } })
    expect(await resultOf({ fee, feeAsset })).toBe('-1')
  })

  it('that the exchange says is that one, also when it is nothing', async () => {
    expect(await resultOf({ fee: '0.4', feeAsset: 'USDT' })).toBe('-0.4')
    expect(await resultOf({ fee: '0', feeAsset: 'USDT' })).toBe('0')
    expect(await resultOf({ fee: '0', feeAsset: 'BNB' })).toBe('0')
    expect(await resultOf({ fee: '0.01', feeAsset: 'OKB' })).toBe('-0.5')
  })

  it('in an asset without a rate is the taker’s, and that is told', async () => {
    const lines: string[] = []
    const logger = createLogger({ level: 'warn', destination: { write: line => void lines.push(line) } })
    expect(await resultOf({ fee: '0.01', feeAsset: 'BNB' }, logger)).toBe('-1')
    expect(lines.join()).toContain("no rate of BNB, the taker's fee is counted")
  })
})
