import { InvalidInputError } from '@org/core'
import type { Market } from './market.ts'
import type { OrderRequest } from './order.ts'
import type { BrokerRules } from './rules.ts'

/**
 * Refuses what cannot be meant: no size or two, a level that is no price, a bracket on the wrong side of the price.
 *
 * @throws InvalidInputError `INVALID_ORDER`
 */
export function checkOrder(request: OrderRequest, market: Market, { unitStep, spread }: BrokerRules): void {
  const { units, fraction, limit, stop, stopLoss, takeProfit, trailRatio } = request
  if ((units === undefined) === (fraction === undefined)) throw invalid(request, 'expected units or a fraction')
  if (units !== undefined && !isSteps(units, unitStep))
    throw invalid(request, `expected units other than 0 in steps of ${unitStep}, was ${units}`)
  if (fraction !== undefined && !(Math.abs(fraction) > 0 && Math.abs(fraction) < 1))
    throw invalid(request, `expected a fraction between 0 and 1, was ${fraction}`)
  for (const [name, level] of Object.entries({ limit, stop, stopLoss, takeProfit }))
    if (level !== undefined && !(level > 0 && level < Number.POSITIVE_INFINITY))
      throw invalid(request, `expected a price for ${name}, was ${level}`)
  if (trailRatio !== undefined && !(trailRatio > 0 && trailRatio < 1))
    throw invalid(request, `expected a trailRatio between 0 and 1, was ${trailRatio}`)
  if (stopLoss === undefined && takeProfit === undefined) return
  const sign = Math.sign((units ?? fraction) as number)
  const price = limit ?? stop ?? market.price * (1 + sign * spread)
  const isStopRight = stopLoss === undefined || sign * (price - stopLoss) > 0
  const isTargetRight = takeProfit === undefined || sign * (takeProfit - price) > 0
  if (!isStopRight || !isTargetRight)
    throw invalid(
      request,
      sign > 0
        ? `a long order needs stopLoss < price < takeProfit: ${stopLoss} < ${price} < ${takeProfit}`
        : `a short order needs takeProfit < price < stopLoss: ${takeProfit} < ${price} < ${stopLoss}`,
    )
}

function isSteps(units: number, step: number): boolean {
  if (!Number.isFinite(units) || units === 0) return false
  const steps = Math.abs(units) / step
  return step === 1 ? Number.isInteger(units) : Math.abs(steps - Math.round(steps)) < 1e-6 * Math.max(1, steps)
}

function invalid({ symbol }: OrderRequest, problem: string): InvalidInputError {
  return new InvalidInputError({ code: 'INVALID_ORDER', message: `order for ${symbol}: ${problem}` })
}
