import { InvalidInputError } from '../errors/automation-error.ts'
import type { Amount } from './micros.ts'

/** `trunc` towards zero, `round` half away from zero, `up` away from zero. */
export type DecimalRounding = 'trunc' | 'round' | 'up'

/** Places and exponents beyond this are a mistake, not a price. */
const placesMax = 1_000

const plainText = /^-?\d{1,300}(?:\.\d{1,300})?$/

/**
 * An exact decimal number of any size, for prices and quantities at a venue's own precision. Money of the ledger is {@link Micros}.
 *
 * @example
 * Decimal.of('0.1').plus('0.2').text          // '0.3'
 * Decimal.of('12.3456').toPlaces(2).text      // '12.34'
 * Decimal.of('-165').toStep('110', 'round').text // '-220'
 */
export class Decimal {
  /** value = digits × 10^−places */
  readonly #digits: bigint
  readonly #places: number

  private constructor(digits: bigint, places: number) {
    this.#digits = digits
    this.#places = places
  }

  /**
   * @throws {InvalidInputError} `INVALID_DECIMAL` unless it is a finite number or decimal text, with or without an exponent.
   */
  static of(value: Amount | Decimal): Decimal {
    if (value instanceof Decimal) return value
    const text = String(value)
    // The common case, without a search for parts.
    if (plainText.test(text)) {
      const point = text.indexOf('.')
      if (point < 0) return new Decimal(BigInt(text), 0)
      return new Decimal(BigInt(text.slice(0, point) + text.slice(point + 1)), text.length - point - 1)
    }
    const match = /^([+-]?)(\d{1,1000})(?:\.(\d{0,1000}))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text.trim())
    if (match === null) throw invalid(value)
    const [, sign, whole = '', fraction = '', exponent = '0'] = match
    const places = fraction.length - Number(exponent)
    if (Math.abs(places) > placesMax) throw invalid(value)
    const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`)
    return places >= 0 ? new Decimal(digits, places) : new Decimal(digits * tenTo(-places), 0)
  }

  get isPositive(): boolean {
    return this.#digits > 0n
  }

  get isZero(): boolean {
    return this.#digits === 0n
  }

  /** Without exponent, trailing zeros, or "-0". */
  get text(): string {
    const text = withPoint(this.#digits, this.#places)
    if (this.#places === 0) return text
    let end = text.length
    while (text.charCodeAt(end - 1) === zeroCode) end--
    return text.slice(0, text.charCodeAt(end - 1) === pointCode ? end - 1 : end)
  }

  /** With exactly `places` digits after the point where the number has no more than that. */
  textWithPlaces(places: number): string {
    const shown = Math.max(places, this.#minimalPlaces())
    const scaled =
      shown >= this.#places ? this.#digits * tenTo(shown - this.#places) : this.#digits / tenTo(this.#places - shown)
    return withPoint(scaled, shown)
  }

  plus(other: Amount | Decimal): Decimal {
    const [a, b, places] = this.#aligned(Decimal.of(other))
    return new Decimal(a + b, places)
  }

  minus(other: Amount | Decimal): Decimal {
    return this.plus(Decimal.of(other).negated())
  }

  times(other: Amount | Decimal): Decimal {
    const by = Decimal.of(other)
    return new Decimal(this.#digits * by.#digits, this.#places + by.#places)
  }

  /**
   * Cut towards zero to `places` digits after the point (negative: tens, hundreds).
   *
   * @throws {InvalidInputError} `DIVISION_BY_ZERO`
   */
  dividedBy(other: Amount | Decimal, places = 18): Decimal {
    const by = Decimal.of(other)
    const shift = places + by.#places - this.#places
    const [above, below] =
      shift >= 0 ? [this.#digits * tenTo(shift), by.#digits] : [this.#digits, by.#digits * tenTo(-shift)]
    return Decimal.#fromScaled(above / nonZero(below), places)
  }

  /** The remainder, with the sign of this number. */
  modulo(other: Amount | Decimal): Decimal {
    const [a, b, places] = this.#aligned(Decimal.of(other))
    return new Decimal(a % nonZero(b), places)
  }

  negated(): Decimal {
    return new Decimal(-this.#digits, this.#places)
  }

  abs(): Decimal {
    return this.#digits < 0n ? this.negated() : this
  }

  /** Negative, 0 or positive as this is less than, equal to or more than `other`. */
  compare(other: Amount | Decimal): number {
    const [a, b] = this.#aligned(Decimal.of(other))
    return a === b ? 0 : a < b ? -1 : 1
  }

  /** To `places` digits after the point; negative: tens, hundreds. */
  toPlaces(places: number, rounding: DecimalRounding = 'trunc'): Decimal {
    if (places >= this.#places) return this
    return Decimal.#fromScaled(divided(this.#digits, tenTo(this.#places - places), rounding), places)
  }

  /** To `digits` significant digits; none give 0. */
  toSignificant(digits: number, rounding: DecimalRounding = 'trunc'): Decimal {
    if (this.isZero || digits <= 0) return new Decimal(0n, 0)
    return this.toPlaces(digits - this.#leadingPlace(), rounding)
  }

  /** How many places this number shows with `digits` significant digits; for padding. */
  placesOfSignificant(digits: number): number {
    return this.isZero ? Math.max(0, digits - 1) : Math.max(0, digits - this.#leadingPlace())
  }

  /** To a multiple of `step`: a tick or lot size. */
  toStep(step: Amount | Decimal, rounding: DecimalRounding = 'trunc'): Decimal {
    const [a, b, places] = this.#aligned(Decimal.of(step))
    return new Decimal(divided(a, nonZero(b), rounding) * b, places)
  }

  /** Digits after the point as it was written. */
  get places(): number {
    return this.#places
  }

  /** Where the first digit stands: 1 for ones, 2 for tens, 0 for tenths. */
  #leadingPlace(): number {
    return String(this.#digits < 0n ? -this.#digits : this.#digits).length - this.#places
  }

  #minimalPlaces(): number {
    let places = this.#places
    for (let digits = this.#digits; places > 0 && digits % 10n === 0n; digits /= 10n) places--
    return places
  }

  #aligned(other: Decimal): readonly [bigint, bigint, number] {
    const places = Math.max(this.#places, other.#places)
    if (this.#places === other.#places) return [this.#digits, other.#digits, places]
    return [this.#digits * tenTo(places - this.#places), other.#digits * tenTo(places - other.#places), places]
  }

  /** A number counted in units of 10^−places, which may be tens or hundreds. */
  static #fromScaled(digits: bigint, places: number): Decimal {
    return places >= 0 ? new Decimal(digits, places) : new Decimal(digits * tenTo(-places), 0)
  }
}

const zeroCode = 48
const pointCode = 46

/** `digits` × 10^−places, with all its places. */
function withPoint(digits: bigint, places: number): string {
  if (places === 0) return String(digits)
  const sign = digits < 0n ? '-' : ''
  const magnitude = String(digits < 0n ? -digits : digits).padStart(places + 1, '0')
  return `${sign}${magnitude.slice(0, -places)}.${magnitude.slice(-places)}`
}

function divided(a: bigint, b: bigint, rounding: DecimalRounding): bigint {
  const whole = a / b
  const rest = a % b
  if (rest === 0n || rounding === 'trunc') return whole
  const away = a < 0n === b < 0n ? 1n : -1n
  const isHalfOrMore = 2n * (rest < 0n ? -rest : rest) >= (b < 0n ? -b : b)
  return rounding === 'up' || isHalfOrMore ? whole + away : whole
}

function nonZero(value: bigint): bigint {
  if (value !== 0n) return value
  throw new InvalidInputError({ code: 'DIVISION_BY_ZERO', message: 'expected a number other than 0 to divide by' })
}

/** The powers of ten that prices and quantities need. */
const powersOfTen = Array.from({ length: 64 }, (_, exponent) => 10n ** BigInt(exponent))

function tenTo(exponent: number): bigint {
  return powersOfTen[exponent] ?? 10n ** BigInt(exponent)
}

function invalid(value: unknown): InvalidInputError {
  return new InvalidInputError({
    code: 'INVALID_DECIMAL',
    message: `expected a decimal number such as 12.34, was ${JSON.stringify(String(value).slice(0, 40))}`,
  })
}
