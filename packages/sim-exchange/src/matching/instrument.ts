import { InvalidInputError } from '@org/core'
import { parseUnits, unitsPerOne } from './units.ts'

/** A market to trade in, as a user writes it. Quantities and prices are decimal strings. */
export interface InstrumentSpec {
  readonly base: string
  readonly quote: string
  /** Prices are multiples of it. @default '0.01' */
  readonly tickSize?: string
  /** Quantities are multiples of it. @default '0.00001' */
  readonly stepSize?: string
  /** @default stepSize */
  readonly quantityMin?: string
  /** @default '9000' */
  readonly quantityMax?: string
  /** Least price times quantity, in the quote asset. @default '5' */
  readonly notionalMin?: string
}

/** A market whose prices are whole ticks and whose quantities are whole lots. */
export interface Instrument {
  /** Without separator: `BTCUSDT`. */
  readonly symbol: string
  readonly base: string
  readonly quote: string
  /** 1e-8 of the quote asset in one tick. */
  readonly tickUnits: bigint
  /** 1e-8 of the base asset in one lot. */
  readonly lotUnits: bigint
  /** 1e-8 of the quote asset in one lot at a price of one tick: exact, or the instrument is refused. */
  readonly tickLotUnits: bigint
  readonly lotsMin: number
  readonly lotsMax: number
  readonly notionalMinUnits: bigint
}

/**
 * Reads a spec.
 *
 * @throws {InvalidInputError} `SIM_INSTRUMENT_INVALID` when a size is no decimal, or a price times a quantity would need more than eight decimals.
 */
export function compileInstrument(spec: InstrumentSpec): Instrument {
  const symbol = `${spec.base}${spec.quote}`
  const read = (name: string, text: string): bigint => {
    const units = parseUnits(text)
    if (typeof units === 'string' || units === 0n)
      throw invalid(symbol, `${name}: expected a positive decimal with at most eight decimals, was '${text}'`)
    return units
  }
  const stepSize = spec.stepSize ?? '0.00001'
  const tickUnits = read('tickSize', spec.tickSize ?? '0.01')
  const lotUnits = read('stepSize', stepSize)
  if ((tickUnits * lotUnits) % unitsPerOne !== 0n)
    throw invalid(symbol, 'tickSize times stepSize needs more than eight decimals: choose larger ones')
  const lotsOf = (name: string, text: string) => {
    const units = read(name, text)
    if (units % lotUnits !== 0n) throw invalid(symbol, `${name}: expected a multiple of ${stepSize}, was '${text}'`)
    return Number(units / lotUnits)
  }
  return {
    symbol,
    base: spec.base,
    quote: spec.quote,
    tickUnits,
    lotUnits,
    tickLotUnits: (tickUnits * lotUnits) / unitsPerOne,
    lotsMin: lotsOf('quantityMin', spec.quantityMin ?? stepSize),
    lotsMax: lotsOf('quantityMax', spec.quantityMax ?? '9000'),
    notionalMinUnits: read('notionalMin', spec.notionalMin ?? '5'),
  }
}

/** Quote units of `lots` at `ticks`. */
export function quoteUnits(instrument: Instrument, ticks: number, lots: number): bigint {
  // Below 2^53 the product of numbers is exact, and much cheaper.
  const product = ticks * lots
  return (product <= Number.MAX_SAFE_INTEGER ? BigInt(product) : BigInt(ticks) * BigInt(lots)) * instrument.tickLotUnits
}

function invalid(symbol: string, message: string): InvalidInputError {
  return new InvalidInputError({ code: 'SIM_INSTRUMENT_INVALID', message: `${symbol}: ${message}` })
}
