import { describe, expect, it } from 'vitest'
import { policyByName, pricingPolicyNames } from './policy-by-name.ts'

describe('a policy by its name', () => {
  it('is the one of that name; the default is first', () => {
    for (const name of pricingPolicyNames) expect(policyByName(name).name).toBe(name)
    expect(pricingPolicyNames[0]).toBe('expected-income')
  })

  it('may be a price', () => {
    expect(policyByName('fixed:0.3').name).toBe('fixed-price')
    expect(() => policyByName('fixed:cheap')).toThrow(/above 0/)
  })

  it('that nobody knows is refused with those that are known', () => {
    expect(() => policyByName('greedy')).toThrow(
      'expected a pricing policy out of expected-income, two-price, idle-ladder, guide-rule, opening-median or fixed:<price>, was "greedy"',
    )
  })
})
