import { Decimal } from '@org/core'

/** A price or quantity of the simulation as decimal text, without the dust of binary fractions. */
export function decimalText(value: number): string {
  const text = String(value)
  if (text.length < 16 && !text.includes('e')) return text
  return Decimal.of(Number(value.toPrecision(15))).text
}
