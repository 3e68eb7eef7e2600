import { Decimal } from '@org/core'
import { orderEffects } from '@org/venue-trading/actions'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instrument, point, view } from '../test/sample-view.ts'
import { planEntry } from './plan-entry.ts'

/** A whole number of parts. */
const parts = (min: number, max: number, of: number) => fc.integer({ min, max }).map(n => n / of)

const input = fc.record({
  side: fc.constantFrom('buy', 'sell'),
  best: fc.integer({ min: 1, max: 10_000_000 }).map(cents => Decimal.of(cents).times('0.01').text),
  atrShare: parts(1, 500, 10_000),
  move: parts(-100, 100, 10_000),
  stopAtrs: parts(1, 500, 10),
  slippageMax: fc.constantFrom(0, 0.0003, 0.001, 0.1),
  risk: parts(0, 10_000_000, 100),
  free: fc.option(parts(0, 10_000_000, 7), { nil: undefined }),
  notionalMax: parts(1, 10_000_000, 10),
  quoteRate: fc.constantFrom(1, 1.0831, 0.0097),
  priceStep: fc.constantFrom('0.01', '0.5', '0.00001'),
  quantityStep: fc.constantFrom('0.001', '1', '0.0000001', '0.25'),
})

describe('an entry, whatever the market and the settings', () => {
  it('never risks, buys or pays more than it may, on the steps of the instrument, with its stop on the losing side', () => {
    let planned = 0
    fc.assert(
      fc.property(input, given => {
        const { side, best, risk, free, notionalMax, quoteRate, slippageMax } = given
        const { priceStep, quantityStep } = given
        const params = { ...view().params, stopAtrs: given.stopAtrs, notionalMax, quoteRate, slippageMax }
        const plan = planEntry({
          side,
          point: { ...point, atr: Number(best) * given.atrShare, close: Number(best) * (1 + given.move) },
          ticker: { bid: best, ask: best },
          instrument: { ...instrument, priceStep, quantityStep },
          params,
          risk,
          free,
        })
        if ('skipped' in plan) return
        planned++
        const { quantity, worstPrice, stopPrice } = plan.order
        const effects = orderEffects({
          side,
          quantity,
          price: worstPrice,
          stopPrice,
          feesRatio: plan.feesRatio,
          quoteRate,
        })
        const amountOf = (name: string) => effects.find(({ measure }) => measure === name)?.amount ?? Number.NaN
        // One millionth for the ledger's rounding.
        expect(Decimal.of(amountOf('loss')).minus(risk).compare('0.000001')).toBeLessThanOrEqual(0)
        expect(Decimal.of(amountOf('notional')).minus(notionalMax).compare('0.000001')).toBeLessThanOrEqual(0)
        const paid = Decimal.of(quantity).times(worstPrice).times('1.001')
        if (side === 'buy' && free !== undefined) expect(paid.compare(free)).toBeLessThanOrEqual(0)
        for (const [value, step] of [
          [quantity, quantityStep],
          [stopPrice, priceStep],
        ] as const)
          expect(Decimal.of(value).modulo(step).isZero).toBe(true)
        expect(Decimal.of(quantity).compare(instrument.quantityMin)).toBeGreaterThanOrEqual(0)
        expect(Decimal.of(quantity).times(worstPrice).compare(instrument.notionalMin)).toBeGreaterThanOrEqual(0)
        expect(Decimal.of(stopPrice).compare(worstPrice)).toBe(side === 'buy' ? -1 : 1)
        const slip = side === 'buy' ? Decimal.of(worstPrice).minus(best) : Decimal.of(best).minus(worstPrice)
        expect(slip.compare(Decimal.of(best).times(slippageMax))).toBeLessThanOrEqual(0)
      }),
      { numRuns: 500 },
    )
    expect(planned).toBeGreaterThan(50)
  })
})
