import { Decimal } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { walkBooks } from './walk-books.ts'

const level = fc.tuple(fc.integer({ min: 9_000, max: 11_000 }), fc.integer({ min: 1, max: 500 }))

/** Best first: asks rise, bids fall. */
const side = (direction: 1 | -1) =>
  fc
    .uniqueArray(level, { selector: ([price]) => price, maxLength: 8 })
    .map(levels =>
      levels
        .toSorted(([a], [b]) => (a - b) * direction)
        .map(([price, quantity]) => [String(price / 100), String(quantity / 1_000)] as const),
    )

const input = fc.record({
  asks: side(1),
  bids: side(-1),
  buyFee: fc.constantFrom('0', '0.001', '0.0004'),
  sellFee: fc.constantFrom('0', '0.001', '0.0026'),
  netBpsMin: fc.constantFrom(0, 1, 10, 50),
  quantityMax: fc.integer({ min: 1, max: 2_000 }).map(n => Decimal.of(n).dividedBy(1_000)),
})

const depth = (levels: readonly (readonly [string, string])[]) =>
  levels.reduce((sum, [, quantity]) => sum.plus(quantity), Decimal.of(0))

describe('walking two books', () => {
  it('never takes more than there is, or than it may', () => {
    fc.assert(
      fc.property(input, given => {
        const found = walkBooks(given)
        if (found === undefined) return
        for (const bound of [given.quantityMax, depth(given.asks), depth(given.bids)])
          expect(found.quantity.compare(bound)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('brings at the quoted prices at least the margin on every unit, after both fees', () => {
    fc.assert(
      fc.property(input, given => {
        const found = walkBooks(given)
        if (found === undefined) return
        const { worstBuy, worstSell, quantity, edge } = found
        const cost = worstBuy.times(Decimal.of(given.buyFee).plus(1))
        const least = cost.times(given.netBpsMin).dividedBy(10_000)
        expect(Decimal.of(1).minus(given.sellFee).times(worstSell).minus(cost).compare(least)).toBeGreaterThanOrEqual(0)
        // Better levels bring more than the worst.
        expect(
          edge.compare(Decimal.of(1).minus(given.sellFee).times(worstSell).minus(cost).times(quantity)),
        ).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('leaves nothing that pays', () => {
    fc.assert(
      fc.property(input, given => {
        const bought = walkBooks(given)?.quantity ?? Decimal.of(0)
        if (bought.compare(given.quantityMax) >= 0) return
        const rest = (levels: typeof given.asks) => {
          let left = bought
          return levels.find(([, quantity]) => {
            left = left.minus(quantity)
            return left.compare(0) < 0
          })?.[0]
        }
        const [ask, bid] = [rest(given.asks), rest(given.bids)]
        if (ask === undefined || bid === undefined) return
        const cost = Decimal.of(ask).times(Decimal.of(given.buyFee).plus(1))
        const margin = Decimal.of(given.netBpsMin).dividedBy(10_000).plus(1)
        expect(Decimal.of(1).minus(given.sellFee).times(bid).compare(cost.times(margin))).toBeLessThan(0)
      }),
    )
  })

  it('takes two levels of one book against one of the other', () => {
    const found = walkBooks({
      asks: [
        ['100', '1'],
        ['101', '1'],
        ['110', '9'],
      ],
      bids: [['105', '5']],
      buyFee: 0,
      sellFee: 0,
      netBpsMin: 0,
      quantityMax: Decimal.of(10),
    })
    expect([found?.quantity.text, found?.worstBuy.text, found?.worstSell.text, found?.edge.text]).toEqual([
      '2',
      '101',
      '105',
      '9',
    ])
  })
})
