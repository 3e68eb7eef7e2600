import type { Market } from './market.ts'
import type { Match } from './match.ts'
import type { Order } from './order.ts'
import type { BrokerRules } from './rules.ts'
import { stepsFor } from './sizing.ts'

/** What a fill costs beyond what the bar says: the spread for takers, and slippage. */
export function paidPrice(rules: BrokerRules, isBuy: boolean, price: number, isMaker: boolean): number {
  const isWithoutSpread = isMaker || rules.spreadOn === 'entries'
  return slipped(rules, isBuy, isWithoutSpread ? price : spread(rules, isBuy, price), isMaker)
}

/** The same for one that opens: some engines let it pay the spread in any case. */
export function entryPrice(rules: BrokerRules, isBuy: boolean, { price, isMaker }: Match): number {
  if (rules.spreadOn !== 'entries') return paidPrice(rules, isBuy, price, isMaker)
  return slipped(rules, isBuy, spread(rules, isBuy, price), isMaker)
}

/** Units that a share of the buying power pays for. */
export function unitsFor(
  rules: BrokerRules,
  order: Order,
  power: number,
  { price, isMaker }: Match,
  entry: number,
): number {
  const { fees, unitStep, fixedFeeInSizing } = rules
  const fraction = Math.abs(order.size)
  if (fixedFeeInSizing === 'per-unit')
    return stepsFor(power * fraction, entry + fees.of(fraction, price, isMaker) / fraction, unitStep)
  return stepsFor(power * fraction - fees.fixed, entry + (fees.of(1, entry, isMaker) - fees.fixed), unitStep)
}

/** What opening `units` takes from the buying power. */
export function costOf(
  rules: BrokerRules,
  order: Order,
  asked: number,
  units: number,
  match: Match,
  entry: number,
): number {
  const { fees, fixedFeeInSizing } = rules
  const sizing = order.isFraction ? Math.abs(order.size) : asked
  const feePerUnit =
    fixedFeeInSizing === 'per-unit'
      ? fees.of(sizing, match.price, match.isMaker) / sizing
      : fees.of(units, entry, match.isMaker) / units
  return units * (entry + feePerUnit)
}

/** What of a bar's volume may still be taken, in whole steps. */
export function volumeLeft({ volumeShareMax, unitStep }: BrokerRules, { volume, volumeTaken }: Market): number {
  if (volumeShareMax === undefined || volume === undefined) return Number.POSITIVE_INFINITY
  return stepsFor(volume * volumeShareMax - volumeTaken, 1, unitStep)
}

function spread(rules: BrokerRules, isBuy: boolean, price: number): number {
  return price * (1 + (isBuy ? rules.spread : -rules.spread))
}

function slipped({ slippage }: BrokerRules, isBuy: boolean, price: number, isMaker: boolean): number {
  return slippage === 0 || isMaker ? price : price * (1 + (isBuy ? slippage : -slippage))
}
