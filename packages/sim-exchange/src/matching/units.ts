/** Amounts travel as decimal strings and are counted in whole units of 1e-8 inside. */
export const unitsPerOne = 100_000_000n

const decimal = /^(\d{1,20})(?:\.(\d{1,20}))?$/

/** What was wrong with a decimal string: not a plain decimal, or more than eight decimals. */
export type UnitsProblem = 'illegal' | 'precision'

/**
 * Units of a decimal string.
 *
 * @example
 * parseUnits('0.5')   // 50_000_000n
 */
export function parseUnits(text: string): bigint | UnitsProblem {
  const match = decimal.exec(text)
  if (match === null) return 'illegal'
  const fraction = (match[2] ?? '').replace(/0+$/, '')
  if (fraction.length > 8) return 'precision'
  return BigInt(match[1] as string) * unitsPerOne + BigInt(fraction.padEnd(8, '0'))
}

/**
 * A decimal string with eight decimals, as the wire has them.
 *
 * @example
 * formatUnits(50_000_000n)   // '0.50000000'
 */
export function formatUnits(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(9, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`
}
