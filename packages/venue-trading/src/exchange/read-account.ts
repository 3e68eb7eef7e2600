import { Decimal } from '@org/core'
import { z } from 'zod'
import type { Side } from '../actions/order-actions.ts'
import type { Balance, OrderStatus } from '../actions/views.ts'
import { amount, idText, optionalAmount, optionalText, readAnswer, time } from './read-answer.ts'

const balanceSchema = z.object({ free: optionalAmount, used: optionalAmount, total: optionalAmount })

/** What is not zero, by asset. */
export function readBalances(exchange: string, answer: unknown): readonly Balance[] {
  const rows = readAnswer(exchange, 'balances', z.record(z.string(), z.unknown()), answer)
  const totals = readAnswer(exchange, 'balances', z.object({ total: z.record(z.string(), z.unknown()) }), answer).total
  return Object.keys(totals)
    .sort()
    .flatMap(asset => {
      const { free, used, total } = readAnswer(exchange, `balance of ${asset}`, balanceSchema, rows[asset])
      // Exchanges give two of the three.
      const locked = used ?? (total !== undefined && free !== undefined ? Decimal.of(total).minus(free).text : '0')
      const rest = free ?? (total === undefined ? '0' : Decimal.of(total).minus(locked).text)
      const isNothing = Decimal.of(rest).isZero && Decimal.of(locked).isZero
      return isNothing ? [] : [{ asset, free: rest, locked }]
    })
}

const side = z.enum(['buy', 'sell'])

const orderSchema = z.object({
  id: idText,
  clientOrderId: optionalText,
  symbol: optionalText,
  side: side.optional().nullable(),
  amount: optionalAmount,
  filled: optionalAmount,
  remaining: optionalAmount,
  price: optionalAmount,
  triggerPrice: optionalAmount,
  stopPrice: optionalAmount,
  average: optionalAmount,
  status: optionalText,
  timestamp: time,
  lastTradeTimestamp: time,
  lastUpdateTimestamp: time,
  trades: z.array(z.unknown()).optional().nullable(),
})

/** An order as the exchange has it. What it does not say is `undefined`. */
export interface ExchangeOrder {
  readonly orderId: string
  readonly clientOrderId: string | undefined
  readonly symbol: string | undefined
  readonly side: Side | undefined
  readonly quantity: string | undefined
  readonly filled: string | undefined
  readonly price: string | undefined
  readonly stopPrice: string | undefined
  readonly averagePrice: string | undefined
  readonly status: OrderStatus | undefined
  readonly createdAt: number | undefined
  readonly changedAt: number | undefined
  readonly trades: readonly ExchangeTrade[]
}

const statuses: Readonly<Record<string, OrderStatus>> = {
  open: 'open',
  closed: 'filled',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  canceling: 'open',
  expired: 'expired',
  rejected: 'rejected',
}

export function readOrder(exchange: string, answer: unknown): ExchangeOrder {
  const row = readAnswer(exchange, 'order', orderSchema, answer)
  const positive = (text: string | undefined) => (text !== undefined && Decimal.of(text).isPositive ? text : undefined)
  const changedAt = row.lastTradeTimestamp ?? row.lastUpdateTimestamp ?? row.timestamp
  const filled = row.filled ?? filledFrom(row.amount, row.remaining)
  return {
    orderId: row.id,
    clientOrderId: row.clientOrderId,
    symbol: row.symbol,
    side: row.side ?? undefined,
    quantity: positive(row.amount),
    filled,
    price: positive(row.price),
    stopPrice: positive(row.triggerPrice ?? row.stopPrice),
    averagePrice: positive(row.average),
    status: row.status === undefined ? undefined : statuses[row.status],
    createdAt: row.timestamp !== undefined && row.timestamp > 0 ? row.timestamp : undefined,
    changedAt,
    trades: (row.trades ?? []).flatMap(trade => readTradeInOrder(exchange, trade, row, changedAt)),
  }
}

function filledFrom(quantity: string | undefined, remaining: string | undefined): string | undefined {
  return quantity === undefined || remaining === undefined ? undefined : Decimal.of(quantity).minus(remaining).text
}

const tradeSchema = z.object({
  id: idText,
  order: optionalText,
  clientOrderId: optionalText,
  symbol: z.string(),
  side,
  price: amount,
  amount,
  fee: z.object({ cost: optionalAmount, currency: optionalText }).optional().nullable(),
  takerOrMaker: optionalText,
  timestamp: z.number(),
})

/** A trade of the account. Some exchanges say by which order, and only a few by which client order id. */
export interface ExchangeTrade {
  readonly tradeId: string
  readonly orderId: string | undefined
  readonly clientOrderId: string | undefined
  readonly symbol: string
  readonly side: Side
  readonly price: string
  readonly quantity: string
  readonly fee: string
  /** Empty where the exchange does not say the fee. */
  readonly feeAsset: string
  readonly isMaker: boolean
  readonly at: number
}

export function readTrade(exchange: string, answer: unknown): ExchangeTrade {
  const row = readAnswer(exchange, 'trade', tradeSchema, answer)
  return {
    tradeId: row.id,
    orderId: row.order,
    clientOrderId: row.clientOrderId,
    symbol: row.symbol,
    side: row.side,
    price: row.price,
    quantity: row.amount,
    fee: row.fee?.cost ?? '0',
    feeAsset: row.fee?.cost === undefined ? '' : (row.fee.currency ?? ''),
    isMaker: row.takerOrMaker === 'maker',
    at: row.timestamp,
  }
}

/**
 * Trades inside of an order leave out what the order says; one that cannot be read, or does not say its fee, is asked for later, like all others: what
 * is booked once stays as it is.
 */
function readTradeInOrder(
  exchange: string,
  trade: unknown,
  order: z.output<typeof orderSchema>,
  at: number | undefined,
): readonly ExchangeTrade[] {
  if (typeof trade !== 'object' || trade === null) return []
  const row = trade as Readonly<Record<string, unknown>>
  const whole = {
    ...row,
    order: row['order'] ?? order.id,
    symbol: row['symbol'] ?? order.symbol,
    side: row['side'] ?? order.side,
    timestamp: row['timestamp'] ?? at,
    takerOrMaker: row['takerOrMaker'] ?? 'taker',
  }
  const { data } = tradeSchema.safeParse(whole)
  return data?.fee?.cost === undefined || data.fee.currency === undefined ? [] : [readTrade(exchange, whole)]
}
