import { type CallOptions, Decimal } from '@org/core'
import type { NewFill } from '../book/book-order.ts'
import { assetsOf } from '../book/symbol-assets.ts'
import type { ExchangeHands } from './hands.ts'
import type { Instruments } from './instruments.ts'
import { tradesSince, withClientIds } from './own-trades.ts'
import { type ExchangeOrder, type ExchangeTrade, readOrder } from './read-account.ts'

/** Trades of an order are not older than the order, clocks aside. */
const beforeOrderMs = 1_000

/** What booking a fill needs. */
export interface FillHands extends Pick<ExchangeHands, 'rates' | 'book'> {
  readonly instruments: Pick<Instruments, 'get'>
}

/** Books fills, each with what its assets are worth. A fee that the exchange does not say, or that has no price, is the taker's in the quote asset. */
export async function takeInFills(hands: FillHands, fills: readonly NewFill[]): Promise<void> {
  for (const said of fills) {
    const { base, quote: quoteAsset } = assetsOf(said.symbol)
    const quote = await quoteRateOf(hands, said)
    const fee =
      said.feeAsset === quoteAsset
        ? quote
        : said.feeAsset === base
          ? Decimal.of(quote).times(said.price).text
          : await thirdRateOf(hands, said)
    if (fee === undefined) await hands.book.fill(await withTakerFee(hands, said), { quote, fee: quote })
    else await hands.book.fill(said, { quote, fee })
  }
}

/** `undefined`: what the fee is worth cannot be told. */
async function thirdRateOf({ rates }: FillHands, { fee, feeAsset }: NewFill): Promise<string | undefined> {
  if (feeAsset === '') return undefined
  return Decimal.of(fee).isZero ? '0' : rates.newest(feeAsset, "the taker's fee is counted")
}

/** Nothing would be too little: budgets count fees. */
async function withTakerFee({ instruments }: FillHands, fill: NewFill): Promise<NewFill> {
  const { takerFee } = await instruments.get(fill.symbol)
  const fee = Decimal.of(fill.price).times(fill.quantity).times(takerFee).text
  return { ...fill, fee, feeAsset: assetsOf(fill.symbol).quote }
}

/** A rate of now; without one that of when the order was sent. */
function quoteRateOf({ rates, book }: FillHands, { symbol, clientOrderId }: NewFill): Promise<string> {
  return rates.orNewest(assetsOf(symbol).quote, book.order(clientOrderId)?.quoteRate ?? '1')
}

/**
 * Books what the exchange says of an order of ours: its fills, and its end once all of them are there. What it did not say is asked for.
 *
 * @returns The order with what was found out.
 */
export async function takeInOrder(
  hands: ExchangeHands,
  symbol: string,
  clientOrderId: string,
  said: ExchangeOrder,
  options: CallOptions,
): Promise<ExchangeOrder> {
  const { client, ids } = hands
  ids.learn(said.orderId, clientOrderId)
  const order =
    said.status === undefined || said.filled === undefined ? await again(hands, symbol, said, options) : said
  if (order.filled !== undefined && Decimal.of(order.filled).isPositive) {
    const isWhole = sumOf(order.trades).compare(order.filled) === 0
    const trades = isWhole ? order.trades : await tradesOf(hands, symbol, order, options)
    await takeInFills(hands, await withClientIds(client, ids, symbol, trades, options))
  }
  await endIfWhole(hands, clientOrderId, order)
  return order
}

function sumOf(trades: readonly ExchangeTrade[]): Decimal {
  return trades.reduce((sum, { quantity }) => sum.plus(quantity), Decimal.of(0))
}

/** An order that has ended, but whose last fills are not known yet, stays open in the book: nobody could tell it from a smaller one. */
export async function endIfWhole(
  { book, clock }: ExchangeHands,
  clientOrderId: string,
  { status, filled = '0', changedAt }: ExchangeOrder,
): Promise<void> {
  if (status === undefined || status === 'open') return
  // A stop that became another order when it fired: what that one does is not known under this name.
  if (status === 'filled' && Decimal.of(filled).isZero) return
  const known = book.order(clientOrderId)
  if (known === undefined || known.status !== 'open' || Decimal.of(known.filled).compare(filled) < 0) return
  await book.end(clientOrderId, status, Math.min(changedAt ?? clock.now(), clock.now()))
}

async function again(
  { client }: ExchangeHands,
  symbol: string,
  { orderId }: ExchangeOrder,
  options: CallOptions,
): Promise<ExchangeOrder> {
  const answer = await client.read('fetchOrder', each => each.fetchOrder(orderId, symbol), options)
  return readOrder(client.exchange.id, answer)
}

async function tradesOf(
  { client, clock }: ExchangeHands,
  symbol: string,
  { orderId, createdAt }: ExchangeOrder,
  options: CallOptions,
): Promise<readonly ExchangeTrade[]> {
  const since = (createdAt ?? clock.now() - 60_000) - beforeOrderMs
  return (await tradesSince(client, symbol, since, options)).filter(trade => trade.orderId === orderId)
}
