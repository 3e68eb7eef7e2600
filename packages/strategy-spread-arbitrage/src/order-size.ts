import { Decimal } from '@org/core'
import type { VenueSide } from './venue-side.ts'

/** Steps of two venues that divide each other agree at once; such as 0.5 and 0.2 after a few turns. */
const turnsMax = 20

/** Down to a multiple of the quantity steps of all sides; 0 where there is none in reach. */
export function onSteps(quantity: Decimal, sides: readonly Pick<VenueSide, 'instrument'>[]): Decimal {
  let rounded = quantity
  for (let turn = 0; turn < turnsMax; turn++) {
    const before = rounded
    for (const { instrument } of sides) rounded = rounded.toStep(instrument.quantityStep, 'trunc')
    if (rounded.compare(before) === 0) return rounded
  }
  return Decimal.of(0)
}

/** Does the venue take an order of this size? */
export function isLargeEnough(quantity: Decimal, price: Decimal, { instrument }: VenueSide): boolean {
  return (
    quantity.isPositive &&
    quantity.compare(instrument.quantityMin) >= 0 &&
    quantity.times(price).compare(instrument.notionalMin) >= 0
  )
}

export function least(first: Decimal, ...others: readonly Decimal[]): Decimal {
  return others.reduce((smallest, other) => (other.compare(smallest) < 0 ? other : smallest), first)
}
