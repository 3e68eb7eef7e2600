import { Decimal } from '@org/core'
import { describe, expect, it } from 'vitest'
import { bookOf, instrument, paramsWith, sideAt } from '../test/sample-side.ts'
import { planRepair, planRepairAlone } from './plan-repair.ts'
import type { VenueSide } from './venue-side.ts'

const params = paramsWith()
const long = (change: Partial<VenueSide> = {}) =>
  sideAt('north', { held: Decimal.of(10), averagePrice: Decimal.of(100), ...change })
const short = (change: Partial<VenueSide> = {}) =>
  sideAt('north', { held: Decimal.of(-10), averagePrice: Decimal.of(100), ...change })

/** What is done, where, and at which price or better. */
function repaired(sides: readonly [VenueSide, VenueSide], canHedge = true) {
  const plan = planRepair(sides, params, { canHedge })
  if (plan === undefined || plan.kind === 'nothing') return plan?.reason
  const [{ venueId, params: order } = { venueId: '', params: {} }] = plan.intents
  const { side, quantity, worstPrice, price } = order as { [name: string]: string | undefined }
  return `${plan.kind}: ${side} ${quantity} at ${venueId} for ${worstPrice ?? price}`
}

describe('what makes up for a lone leg', () => {
  it('is nothing where both venues hold the same', () => {
    expect(repaired([long(), sideAt('south', { held: Decimal.of(-10) })])).toBeUndefined()
  })

  it('is the missing leg where that brings at least as much', () => {
    expect(repaired([long(), sideAt('south')])).toBe('hedge: sell 10 at south for 99.9')
    expect(repaired([sideAt('south'), short()])).toBe('hedge: buy 10 at south for 100')
  })

  it('is to take it back where that brings more, after the fees of each', () => {
    const dear = sideAt('south', { instrument: { ...instrument, takerFee: '0.002' } })
    expect(repaired([long(), dear])).toBe('unwind: sell 10 at north for 99.9')
    expect(repaired([short(), dear])).toBe('unwind: buy 10 at north for 100')
  })

  it('looks as deep into both books as it has to', () => {
    const shallow = sideAt('south', {
      book: bookOf(
        [
          ['100', '1'],
          ['90', '50'],
        ],
        [],
      ),
    })
    expect(repaired([long(), shallow])).toBe('unwind: sell 10 at north for 99.9')
  })

  it('trades what is there, and leaves the rest to the next look', () => {
    expect(repaired([long(), sideAt('south', { book: bookOf([['100', '4']], []) })])).toBe(
      'hedge: sell 4 at south for 100',
    )
  })

  it('is to take it back where the other venue has no stock, no money, or refused', () => {
    expect(repaired([long(), sideAt('south', { freeBase: Decimal.of(0) })])).toBe('unwind: sell 10 at north for 99.9')
    expect(repaired([short(), sideAt('south', { freeQuote: Decimal.of(0) })])).toBe('unwind: buy 10 at north for 100')
    expect(repaired([long(), sideAt('south')], false)).toBe('unwind: sell 10 at north for 99.9')
  })

  it('is to take it back where money reaches for the best price alone', () => {
    const book = bookOf(
      [],
      [
        ['99', '5'],
        ['99.9', '50'],
      ],
    )
    const missing = (freeQuote: number) => sideAt('south', { book, freeQuote: Decimal.of(freeQuote) })
    expect(repaired([short(), missing(1_001)])).toBe('hedge: buy 10 at south for 99.9')
    expect(repaired([short(), missing(992)])).toBe('unwind: buy 10 at north for 100')
  })

  it('is a hedge within what was reserved, where nothing can be taken back', () => {
    const dead = long({ book: bookOf([], []) })
    expect(repaired([dead, sideAt('south', { book: bookOf([['99.7', '50']], []) })])).toBe(
      'hedge: sell 10 at south for 99.7',
    )
    // 99.5 after a fee of 0.1 % is less than 100 less half a per cent.
    expect(repaired([dead, sideAt('south', { book: bookOf([['99.5', '50']], []) })])).toBe('one-leg-cannot-be-made-up')
  })

  it('is nothing for less than can be traded', () => {
    const dust = { held: Decimal.of('0.0009'), averagePrice: Decimal.of(100) }
    expect(repaired([sideAt('north', dust), sideAt('south')])).toBeUndefined()
    const little = { held: Decimal.of('0.04'), averagePrice: Decimal.of(100) }
    expect(repaired([sideAt('north', little), sideAt('south')])).toBeUndefined()
  })

  it('is the difference alone where both hold something', () => {
    expect(repaired([long(), sideAt('south', { held: Decimal.of(-4) })])).toBe('hedge: sell 6 at south for 99.9')
    expect(repaired([long({ held: Decimal.of(4) }), sideAt('south', { held: Decimal.of(-10) })], false)).toBe(
      'unwind: buy 6 at south for 100',
    )
  })
})

describe('while the other venue is away', () => {
  const alone = (side: VenueSide, elsewhere: number) => {
    const plan = planRepairAlone(side, Decimal.of(elsewhere))
    return plan === undefined || plan.kind === 'nothing' ? plan : plan.intents[0]?.params
  }

  it('what stands alone is taken back, and what is matched there is kept', () => {
    expect(alone(long(), 0)).toEqual({ symbol: 'BTC/USDT', side: 'sell', quantity: '10', price: '99.9' })
    expect(alone(long(), -10)).toBeUndefined()
    expect(alone(short(), 4)).toEqual({ symbol: 'BTC/USDT', side: 'buy', quantity: '6', price: '100' })
  })

  it('what is missing here cannot be taken back here', () => {
    expect(alone(sideAt('north'), 10)).toBeUndefined()
  })
})
