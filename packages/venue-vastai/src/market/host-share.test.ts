import { describe, expect, it } from 'vitest'
import { learnHostShare } from './host-share.ts'
import type { MarketOffer } from './market-offer.ts'
import { hostPrice } from './price.ts'

function offer(machineId: number, numGpus: number, chunkPricePerHour: number | undefined): MarketOffer {
  return {
    id: machineId,
    machineId,
    model: 'RTX_4090',
    numGpus,
    gpuIds: [],
    chunkPricePerHour,
    rentable: true,
    verification: 'verified',
    reliability: 1,
  }
}

describe('learnHostShare', () => {
  it('holds what a machine is listed at against what renters are asked per GPU', () => {
    const listed = new Map([[7, hostPrice(0.3)]])
    expect(learnHostShare(listed, [offer(7, 4, 1.6)])).toBeCloseTo(0.75, 9)
  })

  it('takes the median and ignores what cannot be a share: below 0.5, above 1.05, without price, of others', () => {
    const listed = new Map([
      [1, hostPrice(0.3)],
      [2, hostPrice(0.3)],
      [3, hostPrice(0.3)],
    ])
    const offers = [offer(1, 1, 0.4), offer(2, 1, 1.2), offer(3, 1, 0.2), offer(3, 1, undefined), offer(9, 1, 0.3)]
    expect(learnHostShare(listed, offers)).toBeCloseTo(0.75, 9)
  })

  it('knows nothing without a pair, and nothing from a taken offer, which keeps its contract’s price', () => {
    const listed = new Map([[1, hostPrice(0.3)]])
    expect(learnHostShare(new Map(), [offer(1, 1, 4)])).toBeUndefined()
    expect(learnHostShare(listed, [{ ...offer(1, 1, 4), rentable: false }, offer(1, 1, undefined)])).toBeUndefined()
    expect(learnHostShare(new Map([[1, hostPrice(0)]]), [offer(1, 1, 4)])).toBeUndefined()
  })

  it.each([0.28, 0.61, 4])('refuses to assume one when every own offer, here $%s for $0.30, contradicts it', asked => {
    expect(() => learnHostShare(new Map([[1, hostPrice(0.3)]]), [offer(1, 1, asked), offer(9, 1, 0.4)])).toThrow(
      expect.objectContaining({ code: 'ABSURD_PRICES', effect: 'none', retryable: true }),
    )
  })
})
