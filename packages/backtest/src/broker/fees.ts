import { InvalidInputError } from '@org/core'

/** A fill, as far as its commission depends on it. */
export interface FeeBase {
  /** Always positive. */
  readonly units: number
  readonly price: number
  /** It rested before it was filled. */
  readonly isMaker: boolean
}

/**
 * What a fill costs: a rate of its notional (0.001 is 0.1 %), a fixed fee for each fill and a rate (another one for makers, where given), or a
 * function that gives money.
 */
export type Commission =
  | number
  | { readonly fixed?: number; readonly rate?: number; readonly makerRate?: number }
  | ((fill: FeeBase) => number)

export interface Fees {
  /** Money for a fill. */
  of(units: number, price: number, isMaker: boolean): number
  /** The part of it that does not grow with the units. */
  readonly fixed: number
}

/** @throws InvalidInputError `INVALID_OPTION` for a fee that is no number or negative; makers may be paid. */
export function feesOf(commission: Commission): Fees {
  if (typeof commission === 'function')
    return { fixed: 0, of: (units, price, isMaker) => commission({ units: Math.abs(units), price, isMaker }) }
  const { fixed = 0, rate = 0, makerRate = rate } = typeof commission === 'number' ? { rate: commission } : commission
  if (!(fixed >= 0 && rate >= 0 && rate < 1 && makerRate > -1 && makerRate < 1))
    throw new InvalidInputError({
      code: 'INVALID_OPTION',
      message: `commission: expected a fixed fee of at least 0 and rates from 0 to 1, was ${JSON.stringify(commission)}`,
    })
  return {
    fixed,
    of: (units, price, isMaker) => fixed + Math.abs(units) * price * (isMaker ? makerRate : rate),
  }
}
