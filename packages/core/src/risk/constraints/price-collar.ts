import { InvalidInputError } from '../../errors/automation-error.ts'
import type { Effect } from '../../intent/effect.ts'
import { Decimal } from '../../money/decimal.ts'
import type { Amount } from '../../money/micros.ts'
import { type ConstraintOptions, defineConstraint, type RiskConstraint } from '../constraint.ts'

/**
 * PRICE_COLLAR: how far the price of an action may be from a reference, in per cent. An intent that does not say it is refused.
 *
 * @param options `percent` the most; `name` default `price_collar`.
 * @example
 * priceCollar({ percent: 5 })
 * // effects: [priceDeviation({ price: '105', reference: '100' })] passes, 105.01 is refused
 */
export function priceCollar(
  options: Omit<ConstraintOptions, 'limit' | 'shares'> & { readonly percent: Amount },
): RiskConstraint {
  const { name = 'price_collar', percent, ...rest } = options
  return defineConstraint({
    ...rest,
    name,
    type: 'PRICE_COLLAR',
    measure: 'price-deviation',
    limit: percent,
    aggregation: { kind: 'per-intent' },
    requiresMeasure: true,
  })
}

/**
 * The effect that says how far `price` is from `reference`: |price / reference − 1| in per cent, rounded up to a millionth.
 *
 * @throws {InvalidInputError} `INVALID_DEVIATION` unless both are positive.
 * @example
 * priceDeviation({ price: '98', reference: '100' }) // { measure: 'price-deviation', amount: '2' }
 */
export function priceDeviation(prices: { readonly price: Amount; readonly reference: Amount }): Effect {
  const price = Decimal.of(prices.price)
  const reference = Decimal.of(prices.reference)
  if (!price.isPositive || !reference.isPositive)
    throw new InvalidInputError({
      code: 'INVALID_DEVIATION',
      message: `expected positive prices, were ${String(prices.price)} and ${String(prices.reference)}`,
    })
  const difference = price.minus(reference).abs().times(100)
  const percent = difference.dividedBy(reference, 6)
  const isExact = percent.times(reference).compare(difference) === 0
  return { measure: 'price-deviation', amount: (isExact ? percent : percent.plus('0.000001')).text }
}
