import { describe, expect, it } from 'vitest'
import { vastAiActions } from './action-map.ts'
import { differingTerms, listingTermsSchema } from './listing-terms.ts'

const written = {
  pricePerGpuHour: 0.3,
  minBidPerGpuHour: 0.1,
  minChunkGpus: 2,
  diskPerGbMonth: 0.1,
  uploadPerGb: 0.005,
  downloadPerGb: 0.005,
  discountMax: 0.4,
  endDateMs: 1_760_907_030_000,
  durationMs: null,
  volumeGb: null,
  volumePerGbMonth: null,
}
const terms = listingTermsSchema.parse(written)

describe('listing terms', () => {
  it('cannot be written in part: every missing field is an error', () => {
    for (const field of Object.keys(written)) {
      const { [field as keyof typeof written]: _left, ...rest } = written
      expect(listingTermsSchema.safeParse(rest).success, field).toBe(false)
    }
  })

  it.each([Number.NaN, -0.1, Number.POSITIVE_INFINITY, '0.3'])('refuse a price of %s', pricePerGpuHour => {
    expect(listingTermsSchema.safeParse({ ...written, pricePerGpuHour }).success).toBe(false)
  })

  it('refuse a field that does not exist', () => {
    expect(listingTermsSchema.safeParse({ ...written, price: 0.3 }).success).toBe(false)
  })

  it('survive JSON, in which intents are kept', () => {
    expect(listingTermsSchema.parse(JSON.parse(JSON.stringify(terms)))).toEqual(terms)
  })
})

describe('differingTerms', () => {
  it('sees through binary noise and seconds', () => {
    const actual = { ...terms, uploadPerGb: 0.005_000_000_000_01, endDateMs: 1_760_907_030_400 }
    expect(differingTerms(terms, actual)).toEqual([])
  })

  it('names what differs', () => {
    const actual = listingTermsSchema.parse({ ...written, pricePerGpuHour: 0.31, minChunkGpus: 1, endDateMs: null })
    expect(differingTerms(terms, actual)).toEqual(['pricePerGpuHour', 'minChunkGpus', 'endDateMs'])
  })

  it('leaves to the market what was left to it, but an open end must be open', () => {
    const open = listingTermsSchema.parse({ ...written, minBidPerGpuHour: null, endDateMs: null })
    expect(differingTerms(open, terms)).toEqual(['endDateMs'])
    const rolling = listingTermsSchema.parse({ ...written, endDateMs: null, durationMs: 86_400_000 })
    expect(differingTerms(rolling, { ...terms, durationMs: 86_400_000 })).toEqual([])
  })
})

describe('the actions', () => {
  it('that reduce risk are exactly unlisting and destroying', () => {
    const reducing = Object.entries(vastAiActions).filter(([, action]) => action.reduces)
    expect(reducing.map(([name]) => name)).toEqual(['unlist', 'destroy-instance'])
  })

  it('that cannot be repeated without harm are looked up', () => {
    const looked = Object.entries(vastAiActions).filter(([, action]) => action.idempotency !== 'convergent')
    expect(looked.map(([name, action]) => [name, action.idempotency])).toEqual([['create-instance', 'lookup']])
  })
})
