import { describe, expect, it } from 'vitest'
import { type OfferFilter, offerWireFilter } from './offer-filter.ts'
import { parseOfferOrder } from './order.ts'

describe('offerWireFilter', () => {
  it.each(['RTX_4090', 'RTX 4090', 'rtx4090', 'NVIDIA GeForce RTX 4090'])('means one card by %s', name => {
    expect(offerWireFilter({ gpu_name: name }, false)).toEqual({ gpu_name: { eq: 'RTX 4090' } })
    expect(offerWireFilter({ gpu_name: { in: [name, 'RTX_9999'] } }, false)).toEqual({
      gpu_name: { in: ['RTX 4090', 'RTX 9999'] },
    })
  })

  it('starts from the defaults, and lifts them with any', () => {
    expect(offerWireFilter({}, true)).toEqual({
      verified: { eq: true },
      external: { eq: false },
      rentable: { eq: true },
    })
    expect(offerWireFilter({ verified: 'any', external: 'any', rentable: 'any' }, true)).toEqual({})
  })

  it('takes values as equal, comparisons as they are, numbers as numbers', () => {
    const filter: OfferFilter = {
      gpu_name: 'RTX_4090',
      num_gpus: 2,
      dph_total: { gte: 0.2, lt: 0.6 },
      geolocation: { notin: ['CN'] },
      driver_version: { gte: '535.86.05' },
      verified: false,
      rented: undefined,
    }
    expect(offerWireFilter(filter, false)).toEqual({
      gpu_name: { eq: 'RTX 4090' },
      num_gpus: { eq: 2 },
      dph_total: { gte: 0.2, lt: 0.6 },
      geolocation: { notin: ['CN'] },
      driver_version: { gte: 535_086_005 },
      verified: { eq: false },
    })
  })

  it.each([
    [{ dph_total: Number.NaN }, /a finite number for dph_total, was NaN/],
    [{ dph_total: { lt: '0.6' } }, /a finite number for dph_total/],
    [{ dph_total: {} }, /a value or comparisons/],
    [{ dph_total: { below: 1 } }, /"below" is no comparison/],
    [{ gpu_name: { in: 'x' } }, /a list for gpu_name.in/],
    [{ gpu_name: ' ' }, /a text for gpu_name/],
    [{ verified: 'yes' }, /true or false for verified/],
    [{ dph: 1 }, /"dph" is no field/],
  ])('refuses %o in one line', (filter, words) => {
    expect(() => offerWireFilter(filter as OfferFilter, true)).toThrow(words)
  })
})

describe('parseOfferOrder', () => {
  it('reads fields, directions and aliases', () => {
    expect(parseOfferOrder('dph, dlperf_usd-,inet_down+,')).toEqual([
      ['dph_total', 'asc'],
      ['dlperf_per_dphtotal', 'desc'],
      ['inet_down', 'asc'],
    ])
  })

  it('refuses what is no order', () => {
    expect(() => parseOfferOrder('dph;drop')).toThrow(/expected an order/)
  })
})
