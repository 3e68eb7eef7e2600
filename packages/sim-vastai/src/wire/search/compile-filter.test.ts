import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { compileFilter } from './compile-filter.ts'
import { defineFields } from './field.ts'

interface Row {
  readonly n?: number | null
  readonly name?: string
  readonly ok?: boolean | null
  readonly place?: string
  readonly driver?: string
}

const fields = defineFields<Row>({
  n: ['number', row => row.n],
  gpu_name: ['gpu-name', row => row.name],
  ok: ['flag', row => row.ok],
  geolocation: ['place', row => row.place],
  driver_version: ['version', row => row.driver],
})
const matches = (query: JsonObject, row: Row) => compileFilter(query, fields, new Set(['order'])).matches(row)

describe('compileFilter', () => {
  it('joins all conditions, several on one field too', () => {
    expect(matches({ n: { gte: '2', lt: 4 } }, { n: 3 })).toBe(true)
    expect(matches({ n: { gte: '2', lt: 4 } }, { n: 4 })).toBe(false)
    expect(matches({ n: { gte: 2 }, ok: { eq: true } }, { n: 3, ok: false })).toBe(false)
    expect(matches({}, {})).toBe(true)
  })

  it('takes a bare value for equality', () => {
    expect(matches({ n: '3' }, { n: 3 })).toBe(true)
    expect(matches({ ok: 'true' }, { ok: true })).toBe(true)
  })

  it('counts null as false for flags, and compares nothing with null otherwise', () => {
    expect(matches({ ok: { eq: false } }, { ok: null })).toBe(true)
    expect(matches({ ok: { eq: 'false' } }, {})).toBe(true)
    expect(matches({ n: { lt: 5 } }, { n: null })).toBe(false)
    expect(matches({ n: { eq: null } }, { n: null })).toBe(true)
    expect(matches({ n: { neq: 5 } }, { n: null })).toBe(true)
  })

  it('lets nothing through a bound that is no number', () => {
    for (const operator of ['lt', 'lte', 'gt', 'gte', 'eq'])
      expect(matches({ n: { [operator]: 'x' } }, { n: 1 })).toBe(false)
  })

  it('reads names, places and versions', () => {
    expect(matches({ gpu_name: { in: ['RTX_4090', 'H100 SXM'] } }, { name: 'RTX 4090' })).toBe(true)
    expect(matches({ geolocation: { eq: 'US' } }, { place: 'Texas, US' })).toBe(true)
    expect(matches({ geolocation: { notin: ['US', 'CN'] } }, { place: 'Texas, US' })).toBe(false)
    expect(matches({ driver_version: { gte: 535_086_005 } }, { driver: '550.54.15' })).toBe(true)
    expect(matches({ driver_version: { gte: '560.0.0' } }, { driver: '550.54.15' })).toBe(false)
  })

  it('names fields that it does not know, and skips those that are none', () => {
    expect(compileFilter({ order: [], typo: { eq: 1 } }, fields, new Set(['order'])).ignoredFields).toEqual(['typo'])
  })

  it('refuses unknown operators and lists that are none', () => {
    expect(() => matches({ n: { about: 1 } }, {})).toThrow(/unknown operator about/)
    expect(() => matches({ n: { in: 'x' } }, {})).toThrow(/expects a list/)
  })
})
