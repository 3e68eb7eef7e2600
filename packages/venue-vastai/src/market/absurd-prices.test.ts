import { describe, expect, it } from 'vitest'
import { believeSample, checkOwnOffers, medianMemoryMs } from './absurd-prices.ts'
import type { MarketOffer } from './market-offer.ts'
import { hostPrice } from './price.ts'

function offers(prices: readonly (number | undefined)[], change: Partial<MarketOffer> = {}): readonly MarketOffer[] {
  return prices.map((chunkPricePerHour, index) => ({
    id: index + 1,
    machineId: index + 1,
    model: 'RTX_4090',
    numGpus: 1,
    gpuIds: [index],
    chunkPricePerHour,
    rentable: true,
    verification: 'verified',
    reliability: 0.99,
    ...change,
  }))
}

const dime = offers([0.38, 0.39, 0.4, 0.41, 0.42])
const before = { perGpu: 0.4, at: 0 }

describe('believeSample', () => {
  it('believes the first one, and one whose median moved less than four times', () => {
    expect(believeSample('RTX_4090', dime, 5, undefined)).toEqual({ perGpu: 0.4, at: 5 })
    expect(believeSample('RTX_4090', offers([1.5, 1.5, 1.5, 1.5, 1.5]), 5, before)).toEqual({ perGpu: 1.5, at: 5 })
  })

  it.each([40, 0.004])('refuses a median of %s after 0.40, and believes it after six hours of nothing else', price => {
    const jumped = offers([price, price, price, price, price])
    const refused = expect.objectContaining({ code: 'ABSURD_PRICES', effect: 'none', retryable: true })
    expect(() => believeSample('RTX_4090', jumped, medianMemoryMs, before)).toThrow(refused)
    expect(believeSample('RTX_4090', jumped, medianMemoryMs + 1, before)?.perGpu).toBe(price)
  })

  it('lets single outliers to the fence, and cannot tell from four prices or from none', () => {
    expect(believeSample('RTX_4090', offers([0.4, 0.4, 0.4, 0.4, 40]), 5, before)?.perGpu).toBe(0.4)
    expect(believeSample('RTX_4090', offers([40, 40, 40, 40, undefined]), 5, before)).toBe(before)
    expect(believeSample('RTX_4090', offers([0, -1, Number.NaN, undefined, 40]), 5, before)).toBe(before)
  })

  it('reads prices per GPU', () => {
    const eights = offers([3.2, 3.2, 3.2, 3.2, 3.2], { numGpus: 8 })
    expect(believeSample('RTX_4090', eights, 5, before)?.perGpu).toBeCloseTo(0.4, 9)
  })
})

describe('checkOwnOffers', () => {
  const listed = new Map([[3, hostPrice(0.3)]])

  it('finds own offers at about 4/3 of their listing', () => {
    expect(() => checkOwnOffers(listed, dime)).not.toThrow()
    expect(() => checkOwnOffers(new Map(), offers([40]))).not.toThrow()
  })

  it.each([40, 0.004])('refuses an own offer of %s for a listing of 0.30', price => {
    expect(() => checkOwnOffers(listed, offers([0.4, 0.4, price]))).toThrow(
      expect.objectContaining({ code: 'ABSURD_PRICES', retryable: false }),
    )
  })

  it('does not mind contracts of before, which keep their prices, while one offer fits', () => {
    expect(() => checkOwnOffers(listed, offers([0.4, 0.4, 4], { rentable: false }))).not.toThrow()
    expect(() => checkOwnOffers(listed, [...offers([9, 9, 9]), ...dime])).not.toThrow()
  })
})
