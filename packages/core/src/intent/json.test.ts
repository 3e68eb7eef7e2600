import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, jsonText } from './json.ts'

/** The same value with the keys of every object in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  )
}

const json = fc.jsonValue({ maxDepth: 5 })

describe('canonicalJson', () => {
  it('gives equal bytes for equal values, whatever the order of their keys', () => {
    fc.assert(
      fc.property(json, value => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value))
      }),
    )
  })

  it('is read back as the same value', () => {
    fc.assert(
      fc.property(json, value => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('leaves no key out, also one that objects treat in a special way', () => {
    const tampered = JSON.parse('{"a":1,"__proto__":{"limit":5}}') as unknown
    expect(canonicalJson(tampered)).toBe('{"__proto__":{"limit":5},"a":1}')
  })

  it('sorts many keys as it sorts few', () => {
    const keys = Array.from({ length: 100 }, (_, i) => `key-${(i * 37) % 100}`)
    const text = canonicalJson(Object.fromEntries(keys.map(key => [key, 1])))
    expect(Object.keys(JSON.parse(text) as object)).toEqual([...keys].sort())
  })

  it('treats what JSON does not know as JSON does', () => {
    const value = { b: undefined, c: [undefined, Number.NaN, -0], d: new Date(0), e: () => 1, f: 'ä"\\\n\u2028' }
    expect(canonicalJson(value)).toBe(JSON.stringify(value))
    expect(canonicalJson(undefined)).toBe('null')
  })

  it('says in one line what it cannot write', () => {
    const ring: Record<string, unknown> = {}
    ring['self'] = ring
    for (const value of [ring, { big: 1n }])
      expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'NOT_JSON' }))
  })
})

describe('jsonText', () => {
  it('gives the same text for what was read back from it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = jsonText(value)
        expect(jsonText(JSON.parse(text))).toBe(text)
      }),
    )
    const odd = { b: -0, 9: [undefined, Number.NaN], 10: '\ud800', d: new Date(0), e: undefined, ['__proto__']: 1 }
    expect(jsonText(JSON.parse(jsonText(odd)))).toBe(jsonText(odd))
  })

  it('says in one line what it cannot write', () => {
    const ring: Record<string, unknown> = {}
    ring['self'] = ring
    let deep: unknown = 'bottom'
    for (let i = 0; i < 2_000; i++) deep = [deep]
    for (const value of [ring, { big: 1n }, deep])
      expect(() => jsonText(value)).toThrow(expect.objectContaining({ code: 'NOT_JSON' }))
  })
})
