import { Decimal } from '@org/core'
import { describe, expect, it } from 'vitest'
import { instrument } from '../test/sample-side.ts'
import { onSteps } from './order-size.ts'

const rounded = (quantity: string, ...steps: readonly string[]) =>
  onSteps(
    Decimal.of(quantity),
    steps.map(quantityStep => ({ instrument: { ...instrument, quantityStep } })),
  ).text

describe('a quantity that two venues take', () => {
  it.each([
    ['1.23456', ['0.01', '0.001'], '1.23'],
    ['1.7', ['0.5', '0.2'], '1'],
    ['0.9', ['0.5', '0.2'], '0'],
    ['7', ['1', '0.25'], '7'],
  ] as const)('of %s with steps of %s is %s', (quantity, steps, expected) => {
    expect(rounded(quantity, ...steps)).toBe(expected)
  })

  it('is nothing where steps do not agree in reach', () => {
    expect(rounded('100', '0.0011', '0.00100001')).toBe('0')
  })
})
