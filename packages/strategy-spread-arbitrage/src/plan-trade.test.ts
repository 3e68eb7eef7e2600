import { Decimal } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bookOf, instrument, paramsWith, sideAt } from '../test/sample-side.ts'
import { planTrade } from './plan-trade.ts'

const level = fc.tuple(fc.integer({ min: 9_500, max: 10_500 }), fc.integer({ min: 1, max: 5_000 }))
const levels = (direction: 1 | -1) =>
  fc
    .uniqueArray(level, { selector: ([price]) => price, maxLength: 6 })
    .map(found =>
      found
        .toSorted(([a], [b]) => (a - b) * direction)
        .map(([price, quantity]) => [String(price / 100), String(quantity / 1_000)] as const),
    )
const parts = (max: number, of: number) => fc.integer({ min: 0, max }).map(n => Decimal.of(n).dividedBy(of))

const input = fc.record({
  asks: levels(1),
  bids: levels(-1),
  freeQuote: parts(100_000, 100),
  freeBase: parts(5_000, 1_000),
  buyStep: fc.constantFrom('0.001', '0.02', '0.00001'),
  sellStep: fc.constantFrom('0.001', '0.05', '1'),
  fees: fc.constantFrom(['0', '0'], ['0.001', '0.0004'], ['0.0026', '0.001']),
  netBpsMin: fc.constantFrom(0, 5, 40),
  notionalMax: fc.integer({ min: 1, max: 5_000 }),
  canShort: fc.boolean(),
})

/** What `quantity` comes to in a book, best level first; `undefined` where there is not enough. */
function moneyFor(book: readonly (readonly [string, string])[], quantity: string): Decimal | undefined {
  let left = Decimal.of(quantity)
  let value = Decimal.of(0)
  for (const [price, there] of book) {
    const taken = left.compare(there) < 0 ? left : Decimal.of(there)
    value = value.plus(taken.times(price))
    left = left.minus(taken)
  }
  return left.isZero ? value : undefined
}

describe('a trade over two books, whatever they hold', () => {
  it('never takes more than there is or can be paid for, brings at least the margin, and is bought here and sold there', () => {
    let trades = 0
    fc.assert(
      fc.property(input, given => {
        const [buyFee, sellFee] = given.fees as [string, string]
        const { netBpsMin, notionalMax, freeQuote, freeBase, canShort } = given
        const buy = sideAt('north', {
          book: bookOf([], given.asks),
          freeQuote,
          instrument: { ...instrument, takerFee: buyFee, quantityStep: given.buyStep },
        })
        const sell = sideAt('south', {
          book: bookOf(given.bids, []),
          freeBase,
          instrument: { ...instrument, takerFee: sellFee, quantityStep: given.sellStep, canShort },
        })
        const plan = planTrade(buy, sell, paramsWith({ netBpsMin, notionalMax }))
        if (plan.kind === 'nothing') return
        trades++
        expect(plan.intents.map(({ venueId, side }) => `${venueId} ${side}`).toSorted()).toEqual([
          'north long',
          'south short',
        ])
        const orders = plan.intents.map(
          ({ params }) => params as { side: string; quantity: string; worstPrice: string },
        )
        const quantity = orders[0]?.quantity as string
        expect(orders.map(order => order.quantity)).toEqual([quantity, quantity])
        for (const {
          instrument: { quantityStep, quantityMin },
        } of [buy, sell]) {
          expect(Decimal.of(quantity).modulo(quantityStep).isZero).toBe(true)
          expect(Decimal.of(quantity).compare(quantityMin)).toBeGreaterThanOrEqual(0)
        }
        // As deep as the books are, at the quoted prices.
        const paid = moneyFor(given.asks, quantity)?.times(Decimal.of(1).plus(buyFee))
        const taken = moneyFor(given.bids, quantity)?.times(Decimal.of(1).minus(sellFee))
        if (paid === undefined || taken === undefined) throw new Error('expected no more than the books hold')
        expect(paid.compare(freeQuote)).toBeLessThanOrEqual(0)
        if (!canShort) expect(Decimal.of(quantity).compare(freeBase)).toBeLessThanOrEqual(0)
        expect(taken.minus(paid).compare(paid.times(netBpsMin).dividedBy(10_000))).toBeGreaterThanOrEqual(0)
        expect(plan.edge).toBeCloseTo(Number(taken.minus(paid).text), 9)
        // The worst prices are the last that are needed.
        const worst = (book: typeof given.asks, isSell: boolean) =>
          book.filter(([price]) => {
            const order = orders.find(({ side }) => side === (isSell ? 'sell' : 'buy'))
            const beyond = Decimal.of(price).compare(order?.worstPrice ?? '0')
            return isSell ? beyond >= 0 : beyond <= 0
          })
        expect(moneyFor(worst(given.asks, false), quantity)).toBeDefined()
        expect(moneyFor(worst(given.bids, true), quantity)).toBeDefined()
      }),
      { numRuns: 1_000 },
    )
    expect(trades).toBeGreaterThan(50)
  })
})

describe('a trade', () => {
  const north = sideAt('north', {
    book: bookOf(
      [],
      [
        ['100', '3'],
        ['100.5', '50'],
      ],
    ),
  })
  const south = sideAt('south', { book: bookOf([['101', '40']], []) })

  it('reserves for each leg what it costs to take it back alone', () => {
    const plan = planTrade(north, south, paramsWith({ unwindSlippage: 0.01 }))
    if (plan.kind === 'nothing') throw new Error(plan.reason)
    // 10 at 100.5 and 101: 1 % to run away, and 0.2 % of fees.
    expect(plan.intents.map(({ params }) => params)).toEqual([
      { symbol: 'BTC/USDT', side: 'sell', quantity: '10', worstPrice: '101', stopPrice: '102.01' },
      { symbol: 'BTC/USDT', side: 'buy', quantity: '10', worstPrice: '100.5', stopPrice: '99.49' },
    ])
    const losses = plan.intents.map(({ effects }) => effects.find(({ measure }) => measure === 'loss')?.amount)
    expect(losses).toEqual(['12.12', '12.11'])
    expect(plan.atRisk).toBeCloseTo(24.23, 9)
  })

  it('that money or stock cut down ends on the better levels', () => {
    const plan = planTrade({ ...north, freeQuote: Decimal.of(205) }, south, paramsWith())
    if (plan.kind === 'nothing') throw new Error(plan.reason)
    expect(plan.intents.map(({ params }) => params)).toContainEqual(
      expect.objectContaining({ side: 'buy', worstPrice: '100', quantity: '2.037' }),
    )
  })

  it('sends the leg first that has less to meet up to its worst price', () => {
    const thin = sideAt('north', {
      book: bookOf(
        [],
        [
          ['100', '12'],
          ['150', '9000'],
        ],
      ),
    })
    const plan = planTrade(thin, south, paramsWith())
    if (plan.kind === 'nothing') throw new Error(plan.reason)
    expect(plan.intents.map(({ venueId }) => venueId)).toEqual(['north', 'south'])
  })
})
