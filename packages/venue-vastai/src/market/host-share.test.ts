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

  it('knows nothing without a sensible pair', () => {
    expect(learnHostShare(new Map([[1, hostPrice(0.3)]]), [offer(1, 1, 4)])).toBeUndefined()
    expect(learnHostShare(new Map(), [])).toBeUndefined()
  })
})
