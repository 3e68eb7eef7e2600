import { type Clock, Decimal, InvalidInputError, systemClock } from '@org/core'
import { type DecimalText, positiveDecimalSchema } from '../actions/decimal-text.ts'
import { rateUnknown } from './rate-error.ts'
import type { RateSource } from './rate-source.ts'

/**
 * Rates that somebody answers for, such as a dollar stablecoin at 1. They do not age; both directions of a pair are known.
 *
 * @throws InvalidInputError `INVALID_RATE` for a pair that is not written `'USDT/USD'`, or a rate that is no decimal text above 0.
 * @example
 * await fixedRates({ 'USDT/USD': '1', 'EUR/USD': '1.1' }).rate('EUR', 'USD') // { rate: '1.1', asOf: now }
 */
export function fixedRates(
  rates: { readonly [pair: string]: DecimalText },
  { clock = systemClock }: { readonly clock?: Clock } = {},
): RateSource {
  const known = new Map<string, DecimalText>()
  for (const [pair, rate] of Object.entries(rates)) {
    const [asset, base] = pair.split('/')
    if (!asset || !base || !positiveDecimalSchema.safeParse(rate).success)
      throw new InvalidInputError({
        code: 'INVALID_RATE',
        message: `expected a rate such as { 'USDT/USD': '1' }, was ${JSON.stringify({ [pair]: rate })}`,
      })
    known.set(pair, rate)
    if (!known.has(`${base}/${asset}`)) known.set(`${base}/${asset}`, Decimal.of('1').dividedBy(rate).text)
  }
  return {
    async rate(asset, base) {
      const rate = asset === base ? '1' : known.get(`${asset}/${base}`)
      if (rate === undefined)
        throw rateUnknown(asset, base, `the fixed rates are ${Object.keys(rates).join(', ') || 'none'}`)
      return { rate, asOf: clock.now() }
    },
  }
}
