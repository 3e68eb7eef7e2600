import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatOfferQuery } from './format-offer-query.ts'
import { offerLanguage } from './language.ts'
import { offerFields } from './offer-fields.ts'
import { parseOfferQuery } from './offer-query.ts'
import type { WireComparisons, WireFilter, WireValue } from './wire-filter.ts'

const read = (query: string) => parseOfferQuery(query, { defaults: false })

describe('parseOfferQuery', () => {
  it('starts from verified, not external and rentable, as the official client does', () => {
    expect(parseOfferQuery('gpu_name=RTX_4090 dph<0.6')).toEqual({
      verified: { eq: true },
      external: { eq: false },
      rentable: { eq: true },
      gpu_name: { eq: 'RTX 4090' },
      dph_total: { lt: '0.6' },
    })
    expect(parseOfferQuery('')).toEqual(offerLanguage.defaults)
  })

  it.each([
    ['num_gpus=1', { num_gpus: { eq: '1' } }],
    ['num_gpus == 1', { num_gpus: { eq: '1' } }],
    ['num_gpus eq 1', { num_gpus: { eq: '1' } }],
    ['num_gpus!=1', { num_gpus: { neq: '1' } }],
    ['num_gpus neq 1', { num_gpus: { neq: '1' } }],
    ['num_gpus not eq 1', { num_gpus: { neq: '1' } }],
    ['num_gpus noteq 1', { num_gpus: { neq: '1' } }],
    ['num_gpus gt 1', { num_gpus: { gt: '1' } }],
    ['num_gpus >= 1', { num_gpus: { gte: '1' } }],
    ['num_gpus gte 1', { num_gpus: { gte: '1' } }],
    ['num_gpus<1', { num_gpus: { lt: '1' } }],
    ['num_gpus lte 1', { num_gpus: { lte: '1' } }],
    ['geolocation in [DE, SE]', { geolocation: { in: ['DE', 'SE'] } }],
    ['geolocation nin [DE]', { geolocation: { notin: ['DE'] } }],
    ['geolocation notin DE,SE', { geolocation: { notin: ['DE', 'SE'] } }],
    ['geolocation not in [DE,SE]', { geolocation: { notin: ['DE', 'SE'] } }],
    ['gpu_name="RTX 4090" num_gpus=2', { gpu_name: { eq: 'RTX 4090' }, num_gpus: { eq: '2' } }],
    ['gpu_name in ["RTX 4090",RTX_3090]', { gpu_name: { in: ['RTX 4090', 'RTX 3090'] } }],
    ['dph>=0.2 dph<=0.5', { dph_total: { gte: '0.2', lte: '0.5' } }],
    ['gpu_ram>=24 duration>30', { gpu_ram: { gte: 24_000 }, duration: { gt: 2_592_000 } }],
    ['gpu_ram in [24,48]', { gpu_ram: { in: [24_000, 48_000] } }],
    ['driver_version>=535.86.05', { driver_version: { gte: 535_086_005 } }],
    [
      'static_ip=True external=false has_avx=null',
      { static_ip: { eq: true }, external: { eq: false }, has_avx: { eq: null } },
    ],
  ] as const)('reads %s', (query, filter) => {
    expect(read(query)).toEqual(filter)
  })

  it('lifts a filter with any, ? or *, a default one too', () => {
    expect(parseOfferQuery('verified=any external=? rentable=*')).toEqual({})
    expect(read('num_gpus=1 num_gpus=any')).toEqual({})
  })

  it.each([
    ['gpu_name', /an operator .* after gpu_name/],
    ['gpu_name=RTX 4090', /an operator .* after 4090/],
    ['gpu_name=', /a value for gpu_name/],
    ['num_gpus=1 ;', /a field name in the query, was ";"/],
    ['num_gpus=<1', /an operator/],
    ['gpu_nam=x', /did you mean gpu_name/],
    ['verified>any', /"=" before any/],
    ['gpu_ram>=much', /a number for gpu_ram/],
    ['driver_version=535.86', /three parts/],
    ['geolocation in []', /a value for geolocation/],
  ])('refuses %j in one line', (query, words) => {
    expect(() => parseOfferQuery(query)).toThrow(words)
    expect(() => parseOfferQuery(query)).toThrow(expect.objectContaining({ code: 'VASTAI_INVALID_INPUT' }))
  })

  it('sends fields that nobody knows when told to, as the official client does', () => {
    expect(parseOfferQuery('reliability2>0.9', { defaults: false, unknownFields: 'send' })).toEqual({
      reliability2: { gt: '0.9' },
    })
  })

  it('never fails otherwise than by a typed refusal', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), query => {
        try {
          parseOfferQuery(query)
        } catch (error) {
          expect(error).toMatchObject({ code: 'VASTAI_INVALID_INPUT' })
        }
      }),
    )
  })
})

/** Filters that the text language can say. */
const word = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}( [A-Za-z0-9]{1,5})?$/)
  .filter(text => !/^(any|true|false|none|null)$/i.test(text))
const amount = fc.integer({ min: 0, max: 100_000 })

function wireValueOf(field: string): fc.Arbitrary<WireValue> {
  if (offerLanguage.factors[field] !== undefined) return amount.map(each => each * (offerLanguage.factors[field] ?? 1))
  const kind = offerFields[field as keyof typeof offerFields]
  if (kind === 'flag') return fc.boolean()
  if (kind === 'version') return fc.integer({ min: 1_001_001, max: 999_999_999 })
  return kind === 'number' ? amount.map(String) : word
}

function comparisonsOf(field: string): fc.Arbitrary<WireComparisons> {
  const value = wireValueOf(field)
  const isOrdered = offerFields[field as keyof typeof offerFields] === 'number'
  const single = { eq: value, neq: value, ...(isOrdered ? { gt: value, gte: value, lt: value, lte: value } : {}) }
  const isListed = offerFields[field as keyof typeof offerFields] === 'text'
  const lists = isListed
    ? { in: fc.array(value, { minLength: 1, maxLength: 4 }), notin: fc.array(value, { minLength: 1, maxLength: 4 }) }
    : {}
  return fc
    .record({ ...single, ...lists }, { requiredKeys: [] })
    .filter(each => Object.keys(each).length > 0) as fc.Arbitrary<WireComparisons>
}

const filter: fc.Arbitrary<WireFilter> = fc
  .uniqueArray(fc.constantFrom(...Object.keys(offerFields)), { minLength: 1, maxLength: 6 })
  .chain(fields => fc.record(Object.fromEntries(fields.map(field => [field, comparisonsOf(field)]))))

describe('formatOfferQuery', () => {
  it('says any filter so that reading it back gives the same', () => {
    fc.assert(
      fc.property(filter, each => {
        expect(read(formatOfferQuery(each))).toEqual(each)
      }),
      { numRuns: 300 },
    )
  })
})
