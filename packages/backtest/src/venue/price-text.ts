import { Decimal } from '@org/core'

/** A price or quantity of the simulation as decimal text, without the dust of binary fractions. */
export function decimalText(value: number): string {
  let text = String(value)
  // Fifteen digits are what a double holds for sure.
  if (text.length > 15) text = String(Number(value.toPrecision(15)))
  return text.includes('e') ? Decimal.of(text).text : text
}
