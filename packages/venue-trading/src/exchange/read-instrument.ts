import { Decimal } from '@org/core'
import ccxt from 'ccxt'
import { z } from 'zod'
import type { Instrument } from '../actions/views.ts'
import type { CcxtExchange } from './ccxt-exchange.ts'
import { ExchangeError } from './exchange-error.ts'
import { optionalAmount, readAnswer } from './read-answer.ts'

const limit = z.object({ min: optionalAmount }).optional().nullable()

const marketSchema = z.object({
  base: z.string(),
  quote: z.string(),
  active: z.boolean().optional().nullable(),
  margin: z.boolean().optional().nullable(),
  contract: z.boolean().optional().nullable(),
  contractSize: optionalAmount,
  maker: optionalAmount,
  taker: optionalAmount,
  precision: z.object({ amount: optionalAmount, price: optionalAmount }),
  limits: z.object({ amount: limit, cost: limit }).optional().nullable(),
})

/** An exchange that gives no step is taken at this one, the finest in use. */
const stepDefault = '0.00000001'

/** Fees as ccxt knows them; `own` are those of the account, where the exchange told them. */
export function readInstrument(
  exchange: CcxtExchange,
  symbol: string,
  own?: { readonly makerFee: string; readonly takerFee: string } | undefined,
): Instrument {
  const market = exchange.markets?.[symbol]
  if (market === undefined) throw unknownSymbol(exchange, symbol)
  const row = readAnswer(exchange.id, `market ${symbol}`, marketSchema, market)
  // ccxt counts such orders in contracts, not in the base asset: a quantity would mean something else.
  if (row.contract === true && Decimal.of(row.contractSize ?? '1').compare(1) !== 0)
    throw new ExchangeError({
      code: 'NOT_SUPPORTED',
      message: `${exchange.id}: one contract of ${symbol} is ${row.contractSize} ${row.base}; only contracts of 1 are supported`,
    })
  const quantityStep = stepOf(exchange.precisionMode, row.precision.amount)
  return {
    symbol,
    baseAsset: row.base,
    quoteAsset: row.quote,
    priceStep: stepOf(exchange.precisionMode, row.precision.price),
    quantityStep,
    quantityMin: row.limits?.amount?.min ?? quantityStep,
    notionalMin: row.limits?.cost?.min ?? '0',
    makerFee: own?.makerFee ?? row.maker ?? '0',
    takerFee: own?.takerFee ?? row.taker ?? '0',
    canShort: row.contract === true,
    isTrading: row.active !== false,
  }
}

/** Of significant digits the step depends on the number: then it is the finest, and ccxt rounds prices itself. */
function stepOf(mode: number, precision: string | undefined): string {
  if (precision === undefined || mode === ccxt.SIGNIFICANT_DIGITS) return stepDefault
  if (mode === ccxt.TICK_SIZE) return Decimal.of(precision).isPositive ? precision : stepDefault
  return Decimal.of(`1e${-Number(precision)}`).text
}

function unknownSymbol(exchange: CcxtExchange, symbol: string): ExchangeError {
  const known = Object.keys(exchange.markets ?? {})
  const [base = '', quote = ''] = symbol.toUpperCase().split(/[/_-]/)
  const near = known.filter(each => each === `${base}/${quote}` || each.startsWith(`${base}/`)).slice(0, 3)
  const hint = (near.length > 0 ? near : known.slice(0, 3)).join(', ')
  return new ExchangeError({
    code: 'UNKNOWN_SYMBOL',
    message: `${exchange.id} has no market ${JSON.stringify(symbol)}; it has ${hint}${known.length > 3 ? ', …' : ''}`,
    details: { symbol },
  })
}
