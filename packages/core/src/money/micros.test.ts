import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Amount, addMicros, formatMicros, fromMicros, type Micros, negateMicros, toMicros } from './micros.ts'

const vectors = resolve(import.meta.dirname, '../../../../../shared/data/decimal-vectors')

/** The value of decimal text times 10^40, exact; the reference that shares no code with what it checks. */
function exactly(text: string): bigint {
  const negative = text.startsWith('-')
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.')
  const value = BigInt(whole + fraction.padEnd(40, '0'))
  return negative ? -value : value
}

const perMicro = 10n ** 34n

function expectAround(text: string): void {
  const up = BigInt(toMicros(text, 'up')) * perMicro
  const down = BigInt(toMicros(text, 'down')) * perMicro
  expect(up >= exactly(text) && up - exactly(text) < perMicro, `${text} up`).toBe(true)
  expect(down <= exactly(text) && exactly(text) - down < perMicro, `${text} down`).toBe(true)
}

const decimalText = fc
  .tuple(fc.constantFrom('', '-'), fc.integer({ min: 0, max: 9_007_199_253 }), fc.stringMatching(/^\d{0,20}$/))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`)

const micros = fc.maxSafeInteger() as fc.Arbitrary<Micros>

describe('toMicros', () => {
  it('counts what is written, to the millionth', () => {
    expect(toMicros('200.01', 'up')).toBe(200_010_000)
    expect(toMicros(0.1, 'up')).toBe(100_000)
    expect(toMicros(0.1 + 0.2, 'up')).toBe(300_001)
    expect(toMicros(0.1 + 0.2, 'down')).toBe(300_000)
    expect(toMicros(1e-7, 'up')).toBe(1)
    expect(toMicros(5e-324, 'down')).toBe(0)
  })

  it('never rounds a reservation or a loss to less than it is, nor a gain to more', () => {
    fc.assert(fc.property(decimalText, expectAround), { numRuns: 2000 })
  })

  it('takes a number for the shortest text that means it, however large', () => {
    const numbers = fc.double({ min: -9_007_199_254, max: 9_007_199_254, noNaN: true })
    fc.assert(
      fc.property(numbers, fc.constantFrom('up', 'down'), (number, rounding) => {
        fc.pre(!String(number).includes('e'))
        expect(toMicros(number, rounding)).toBe(toMicros(String(number), rounding))
      }),
      { numRuns: 2000 },
    )
  })

  it('has no negative zero', () => {
    for (const amount of [-0, '-0', '-0.0000001'])
      expect(Object.is(toMicros(amount, 'up'), 0), String(amount)).toBe(true)
  })

  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1e10,
    -1e300,
    '9007199254.740992',
    '1e8',
    '0x10',
    '12,5',
    '',
    ' ',
    '.5',
    '--1',
    '1'.repeat(500),
    undefined,
    null,
    {},
    5n,
  ])('refuses %s in one short line', amount => {
    const attempt = () => toMicros(amount as Amount, 'up')
    expect(attempt).toThrow(expect.objectContaining({ code: 'INVALID_AMOUNT', effect: 'none' }))
    expect(attempt).toThrow(/^expected a finite decimal amount within .{0,100}$/)
  })

  it.skipIf(!existsSync(vectors))('keeps the value of every text of the decimal vectors', () => {
    let converted = 0
    let refused = 0
    for (const file of ['arithmetic.json', 'rounding.json']) {
      const cases = JSON.parse(readFileSync(resolve(vectors, file), 'utf8')) as Record<string, unknown>[]
      for (const text of cases.flatMap(({ a, b, in: input, out }) => [a, b, input, out])) {
        if (typeof text !== 'string') continue
        if (/^-?\d{1,9}(\.\d+)?$/.test(text)) {
          expectAround(text)
          converted++
        } else {
          const scale = 10n ** 40n
          const isInRange =
            /^-?\d+(\.\d+)?$/.test(text) &&
            exactly(text) <= 9_007_199_254n * scale &&
            exactly(text) >= -9_007_199_254n * scale
          if (isInRange) expectAround(text)
          else expect(() => toMicros(text, 'up'), text).toThrow(expect.objectContaining({ code: 'INVALID_AMOUNT' }))
          refused++
        }
      }
    }
    expect(converted).toBeGreaterThan(100)
    expect(refused).toBeGreaterThan(5)
  })
})

describe('formatMicros', () => {
  it('writes at least cents and never more than what is there', () => {
    const written = (text: string) => formatMicros(toMicros(text, 'up'))
    expect(['500', '0', '0.1', '-0.000001', '123.456789', '1.100000'].map(written)).toEqual([
      '500.00',
      '0.00',
      '0.10',
      '-0.000001',
      '123.456789',
      '1.10',
    ])
  })

  it('is read back as the same amount', () => {
    fc.assert(
      fc.property(micros, fc.constantFrom('up', 'down'), (amount, rounding) => {
        expect(toMicros(formatMicros(amount), rounding)).toBe(amount === 0 ? 0 : amount)
      }),
      { numRuns: 2000 },
    )
  })

  it('agrees with the number where a number can tell', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), amount => {
        expect(Number(formatMicros(amount as Micros))).toBe(fromMicros(amount as Micros))
        expect(toMicros(fromMicros(amount as Micros), 'up')).toBe(amount === 0 ? 0 : amount)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('addMicros', () => {
  it('adds exactly or says that it cannot', () => {
    fc.assert(
      fc.property(micros, micros, (a, b) => {
        const sum = BigInt(a) + BigInt(b)
        const fits = sum <= BigInt(Number.MAX_SAFE_INTEGER) && sum >= BigInt(Number.MIN_SAFE_INTEGER)
        if (fits) expect(BigInt(addMicros(a, b))).toBe(sum)
        else expect(() => addMicros(a, b)).toThrow(expect.objectContaining({ code: 'AMOUNT_OVERFLOW' }))
      }),
      { numRuns: 2000 },
    )
  })

  it('is undone by the negated amount', () => {
    expect(addMicros(toMicros(3.5, 'up'), negateMicros(toMicros(3.5, 'up')))).toBe(0)
    expect(Object.is(negateMicros(0 as Micros), 0)).toBe(true)
  })
})
