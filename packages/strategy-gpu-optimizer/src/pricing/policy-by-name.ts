import { InvalidInputError } from '@org/core'
import { expectedIncome } from './policies/expected-income.ts'
import { fixedPrice } from './policies/fixed-price.ts'
import { guideRule } from './policies/guide-rule.ts'
import { idleLadder } from './policies/idle-ladder.ts'
import { openingMedian } from './policies/opening-median.ts'
import { twoPrice } from './policies/two-price.ts'
import type { PricingPolicy } from './pricing-policy.ts'

const policies = {
  'expected-income': expectedIncome,
  'two-price': twoPrice,
  'idle-ladder': idleLadder,
  'guide-rule': guideRule,
  'opening-median': openingMedian,
} as const

/** Policies that need no parameter, the default first. */
export const pricingPolicyNames = Object.keys(policies) as readonly (keyof typeof policies)[]

/**
 * The policy that a user named.
 *
 * @param name One of {@link pricingPolicyNames}, or `fixed:` and a price in host USD per GPU-hour.
 * @throws {InvalidInputError} `UNKNOWN_POLICY` with the known names.
 * @example
 * policyByName('two-price')
 * policyByName('fixed:0.3')
 */
export function policyByName(name: string): PricingPolicy {
  if (name.startsWith('fixed:')) return fixedPrice(Number(name.slice('fixed:'.length)))
  const known = pricingPolicyNames.find(candidate => candidate === name)
  if (known !== undefined) return policies[known]()
  throw new InvalidInputError({
    code: 'UNKNOWN_POLICY',
    message: `expected a pricing policy out of ${pricingPolicyNames.join(', ')} or fixed:<price>, was ${JSON.stringify(name)}`,
  })
}
