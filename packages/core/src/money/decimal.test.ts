import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from './decimal.ts'

const vectors = join(import.meta.dirname, '../../../../../shared/data/decimal-vectors')

interface Arithmetic {
  readonly op: string
  readonly a: string
  readonly b: string
  readonly out: string | boolean
  readonly digits?: number
}

interface Rounding {
  readonly in: string
  readonly mode: 'trunc' | 'round'
  readonly unit: 'dp' | 'sd' | 'tick'
  readonly by: number | string
  readonly out: string
  readonly pad?: boolean
}

function calculate({ op, a, b, digits }: Arithmetic): string | boolean {
  const one = Decimal.of(a)
  const order = b === undefined ? 0 : one.compare(b)
  switch (op) {
    case 'add':
      return one.plus(b).text
    case 'sub':
      return one.minus(b).text
    case 'mul':
      return one.times(b).text
    case 'div':
      return one.dividedBy(b, digits).text
    case 'mod':
      return one.modulo(b).text
    case 'neg':
      return one.negated().text
    case 'abs':
      return one.abs().text
    case 'min':
      return (order <= 0 ? one : Decimal.of(b)).text
    case 'max':
      return (order >= 0 ? one : Decimal.of(b)).text
    default:
      return { eq: order === 0, gt: order > 0, ge: order >= 0, lt: order < 0, le: order <= 0 }[op] ?? `unknown ${op}`
  }
}

function round({ in: text, mode, unit, by, pad }: Rounding): string {
  const value = Decimal.of(text)
  if (unit === 'tick') {
    const rounded = value.toStep(by, mode)
    return pad === true ? rounded.textWithPlaces(Decimal.of(by).places) : rounded.text
  }
  const rounded = unit === 'dp' ? value.toPlaces(Number(by), mode) : value.toSignificant(Number(by), mode)
  const places = unit === 'dp' ? Math.max(0, Number(by)) : rounded.placesOfSignificant(Number(by))
  return pad === true ? rounded.textWithPlaces(places) : rounded.text
}

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: -20, max: 20 }))
  .map(([digits, exponent]) => `${digits}e${exponent}`)

describe('Decimal', () => {
  it.skipIf(!existsSync(vectors))('agrees with ../shared/data/decimal-vectors: arithmetic', () => {
    for (const vector of JSON.parse(readFileSync(join(vectors, 'arithmetic.json'), 'utf8')) as Arithmetic[])
      expect(calculate(vector), JSON.stringify(vector)).toBe(vector.out)
  })

  it.skipIf(!existsSync(vectors))('agrees with ../shared/data/decimal-vectors: rounding', () => {
    for (const vector of JSON.parse(readFileSync(join(vectors, 'rounding.json'), 'utf8')) as Rounding[])
      expect(round(vector), JSON.stringify(vector)).toBe(vector.out)
  })

  it('is exact where binary numbers are not', () => {
    expect(Decimal.of(0.1).plus(0.2).text).toBe('0.3')
    expect(Decimal.of('69696900000').minus('0.00000002').text).toBe('69696899999.99999998')
    expect(Decimal.of('0.0000571495257361').toStep('0.00000001').text).toBe('0.00005714')
    expect(Decimal.of('1e-7').text).toBe('0.0000001')
  })

  it('never rounds away from zero when it cuts, and rounding again changes nothing', () => {
    fc.assert(
      fc.property(
        decimal,
        fc.integer({ min: -5, max: 12 }),
        fc.constantFrom('trunc', 'round', 'up'),
        (text, places, mode) => {
          const value = Decimal.of(text)
          expect(value.toPlaces(places).abs().compare(value.abs())).toBeLessThanOrEqual(0)
          expect(value.toPlaces(places, 'up').abs().compare(value.abs())).toBeGreaterThanOrEqual(0)
          const once = value.toPlaces(places, mode)
          expect(once.toPlaces(places, mode).text).toBe(once.text)
        },
      ),
    )
  })

  it('undoes itself: (a + b) − b = a, and a = (a ÷ b) · b + rest', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(Decimal.of(a).plus(b).minus(b).compare(a)).toBe(0)
        if (Decimal.of(b).isZero) return
        const whole = Decimal.of(a).dividedBy(b, 0)
        expect(whole.times(b).plus(Decimal.of(a).modulo(b)).compare(a)).toBe(0)
      }),
    )
  })

  it.each(['', 'abc', '1,5', '0x10', 'NaN', Number.NaN, Number.POSITIVE_INFINITY, '1e99999', '--1', '1.2.3'])(
    'refuses %j with one line',
    text => {
      expect(() => Decimal.of(text)).toThrow(expect.objectContaining({ code: 'INVALID_DECIMAL' }))
    },
  )

  it('refuses to divide by zero', () => {
    for (const divide of [
      () => Decimal.of(1).dividedBy(0),
      () => Decimal.of(1).modulo(0),
      () => Decimal.of(1).toStep(0),
    ])
      expect(divide).toThrow(expect.objectContaining({ code: 'DIVISION_BY_ZERO' }))
  })
})
