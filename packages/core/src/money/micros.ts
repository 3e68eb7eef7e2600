import { InvalidInputError } from '../errors/automation-error.ts'

/** Whole millionths of the base currency (or, for the measure `count`, of a piece), always a safe integer. */
export type Micros = number & { readonly __brand: 'Micros' }

/** An amount as users write it: `500`, `0.1`, `'12.34'`. Strings are decimal text without an exponent. */
export type Amount = number | string

/** Which way to round what does not fit into millionths. Against the user: reservations and losses up, gains and free budget down. */
export type Rounding = 'up' | 'down'

export const zeroMicros = 0 as Micros

/**
 * Converts an amount exactly once, at the edge; inside, only integers are added.
 *
 * @param rounding `up` rounds away from what is free for the user (towards +∞), `down` towards −∞.
 * @throws {InvalidInputError} `INVALID_AMOUNT` for NaN, infinities, text that is no decimal number, or more than ±9,007,199,254.740991.
 * @example
 * toMicros('200.01', 'up') // 200010000
 */
export function toMicros(amount: Amount, rounding: Rounding): Micros {
  if (typeof amount === 'number') {
    const rounded = Math.round(amount * 1e6)
    // The common case: a whole count of millionths. Below 2^52 of them no two share a number, so this one is what was written.
    if (rounded / 1e6 === amount && Math.abs(rounded) < 2 ** 52) return (rounded === 0 ? 0 : rounded) as Micros
    return decimalTextToMicros(plainDecimal(amount), rounding, amount)
  }
  // Callers in plain JavaScript pass what they like.
  if (typeof amount !== 'string') throw invalidAmount(amount)
  return decimalTextToMicros(amount.trim(), rounding, amount)
}

/** The amount as a number of units, for showing and for arithmetic that is not accounting. */
export function fromMicros(micros: Micros): number {
  return micros / 1e6
}

/**
 * Fixed-point text with at least two and at most six decimals, exact.
 *
 * @example
 * formatMicros(toMicros(200.01, 'up')) // '200.01'
 */
export function formatMicros(micros: Micros): string {
  const sign = micros < 0 ? '-' : ''
  const digits = String(Math.abs(micros)).padStart(7, '0')
  const fraction = digits.slice(-6).replace(/0{1,4}$/, '')
  return `${sign}${digits.slice(0, -6)}.${fraction}`
}

/**
 * Sum, exact.
 *
 * @throws {InvalidInputError} `AMOUNT_OVERFLOW` when the sum is not a safe integer any more.
 */
export function addMicros(a: Micros, b: Micros): Micros {
  const sum = a + b
  if (!Number.isSafeInteger(sum))
    throw new InvalidInputError({
      code: 'AMOUNT_OVERFLOW',
      message: `the sum of ${formatMicros(a)} and ${formatMicros(b)} exceeds what can be counted exactly; use a larger unit of account`,
    })
  return sum as Micros
}

export function negateMicros(micros: Micros): Micros {
  return (micros === 0 ? 0 : -micros) as Micros
}

function decimalTextToMicros(text: string, rounding: Rounding, original: Amount): Micros {
  const match = /^([+-]?)(\d{1,400})(?:\.(\d{0,400}))?$/.exec(text)
  if (match === null) throw invalidAmount(original)
  const negative = match[1] === '-'
  const fraction = match[3] ?? ''
  let magnitude = BigInt((match[2] ?? '0') + fraction.slice(0, 6).padEnd(6, '0'))
  const lost = /[1-9]/.test(fraction.slice(6))
  // Towards +∞ grows a positive magnitude and cuts a negative one; towards −∞ the other way round.
  if (lost && (rounding === 'up') !== negative) magnitude += 1n
  const value = Number(negative ? -magnitude : magnitude)
  if (!Number.isSafeInteger(value)) throw invalidAmount(original)
  return (value === 0 ? 0 : value) as Micros
}

/** Decimal text of a number without an exponent; not finite numbers become text that no pattern accepts. */
function plainDecimal(value: number): string {
  const text = String(value)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (match === null) return text
  const exponent = Number(match[4])
  const digits = (match[2] ?? '') + (match[3] ?? '')
  const sign = match[1] ?? ''
  return exponent < 0 ? `${sign}0.${'0'.repeat(-exponent - 1)}${digits}` : sign + digits.padEnd(exponent + 1, '0')
}

function invalidAmount(amount: unknown): InvalidInputError {
  const was = typeof amount === 'string' ? JSON.stringify(amount.slice(0, 40)) : String(amount)
  return new InvalidInputError({
    code: 'INVALID_AMOUNT',
    message: `expected a finite decimal amount within ±9007199254.740991, was ${was}`,
  })
}
