import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assumedHostShare, hostPrice, hostShare, hostToRenter, renterPrice, renterToHost } from './price.ts'

describe('prices', () => {
  it('convert both ways: a renter pays 4/3 of what the host earns', () => {
    expect(renterToHost(renterPrice(0.4), assumedHostShare)).toBeCloseTo(0.3, 12)
    expect(hostToRenter(hostPrice(0.3), assumedHostShare)).toBeCloseTo(0.4, 12)
  })

  it('come back from a conversion as they were', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1000, noNaN: true }),
        fc.double({ min: 0.5, max: 1.05, noNaN: true }),
        (price, share) => {
          const there = hostToRenter(hostPrice(price), hostShare(share))
          expect(renterToHost(there, hostShare(share))).toBeCloseTo(price, 9)
        },
      ),
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.01])('are refused when they are %s', figure => {
    expect(() => hostPrice(figure)).toThrowError(/finite and not negative, was/)
    expect(() => renterPrice(figure)).toThrowError(expect.objectContaining({ code: 'INVALID_PRICE', effect: 'none' }))
  })

  it.each([Number.NaN, 0, 0.49, 1.06, 1.33])('share: %s is refused as mixed prices', share => {
    expect(() => hostShare(share)).toThrowError(expect.objectContaining({ code: 'INVALID_HOST_SHARE' }))
  })
})
