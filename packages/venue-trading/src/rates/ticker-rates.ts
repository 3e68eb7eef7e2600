import {
  AutomationError,
  type CallOptions,
  type Clock,
  Decimal,
  type Duration,
  durationMs,
  type Observation,
  systemClock,
} from '@org/core'
import type { Ticker } from '../actions/views.ts'
import { rateStale, rateUnknown } from './rate-error.ts'
import type { Rate, RateSource } from './rate-source.ts'

/** Whoever shows tickers: any trading venue's reader. */
export interface TickerReader {
  observe(kind: 'ticker', query: { readonly symbol: string }, options?: CallOptions): Promise<Observation<Ticker>>
}

export interface TickerRatesOptions {
  /** Assets through which a pair that nobody quotes is crossed, in order of preference. @default USDT, USDC, USD, BTC */
  readonly through?: readonly string[]
  /** Rates that come before what tickers say, such as `fixedRates({ 'USDT/USD': '1' })`. */
  readonly fixed?: RateSource
  /** A ticker this young is not asked for again. @default '5s' */
  readonly refreshAfter?: Duration
  /** An older one is refused. @default '1m' */
  readonly staleAfter?: Duration
  readonly clock?: Clock
}

type Leg = Rate | 'unknown'

/**
 * Rates from a venue's tickers: the middle of bid and ask, either way round, crossed through at most one other asset.
 *
 * @example
 * const rates = tickerRates(venue, { fixed: fixedRates({ 'USDT/USD': '1' }) })
 * await rates.rate('BNB', 'USD') // BNB/USDT × USDT/USD
 */
export function tickerRates(reader: TickerReader, options: TickerRatesOptions = {}): RateSource {
  const { through = ['USDT', 'USDC', 'USD', 'BTC'], fixed, clock = systemClock } = options
  const refreshMs = durationMs(options.refreshAfter ?? '5s')
  const staleMs = durationMs(options.staleAfter ?? '1m')
  const seen = new Map<string, { readonly leg: Leg; readonly askedAt: number }>()

  async function tickerLeg(symbol: string): Promise<Leg> {
    const known = seen.get(symbol)
    if (known !== undefined && clock.now() - known.askedAt < refreshMs) return known.leg
    const leg = await readLeg(reader, symbol)
    // A ticker that cannot be read now is as old as it was.
    if (leg === undefined) return known?.leg ?? 'unknown'
    seen.set(symbol, { leg, askedAt: clock.now() })
    return leg
  }

  async function leg(asset: string, base: string): Promise<Leg> {
    if (asset === base) return { rate: '1', asOf: clock.now() }
    const given = await fixed?.rate(asset, base).catch(() => undefined)
    if (given !== undefined) return given
    const straight = await tickerLeg(`${asset}/${base}`)
    if (straight !== 'unknown') return straight
    const inverse = await tickerLeg(`${base}/${asset}`)
    if (inverse === 'unknown') return inverse
    return { rate: Decimal.of('1').dividedBy(inverse.rate).text, asOf: inverse.asOf }
  }

  async function crossed(asset: string, base: string): Promise<Leg> {
    const straight = await leg(asset, base)
    if (straight !== 'unknown') return straight
    for (const middle of through) {
      if (middle === asset || middle === base) continue
      const first = await leg(asset, middle)
      if (first === 'unknown') continue
      const second = await leg(middle, base)
      if (second === 'unknown') continue
      return { rate: Decimal.of(first.rate).times(second.rate).text, asOf: Math.min(first.asOf, second.asOf) }
    }
    return 'unknown'
  }

  return {
    async rate(asset, base) {
      const found = await crossed(asset, base)
      if (found === 'unknown')
        throw rateUnknown(asset, base, `no ticker shows it, not through ${through.join(', ')} either`)
      const ageMs = clock.now() - found.asOf
      // Written so that a time that is no number counts as too old.
      if (!(ageMs <= staleMs)) throw rateStale(asset, base, ageMs, staleMs)
      return found
    },
  }
}

/** `undefined`: it could not be read; `'unknown'`: nobody quotes it. */
async function readLeg(reader: TickerReader, symbol: string): Promise<Leg | undefined> {
  try {
    const { value } = await reader.observe('ticker', { symbol })
    const { bid, ask, last, at } = value
    if (bid !== undefined && ask !== undefined) return { rate: Decimal.of(bid).plus(ask).times('0.5').text, asOf: at }
    return last === undefined ? 'unknown' : { rate: last, asOf: at }
  } catch (error) {
    return AutomationError.isInstance(error) && error.code === 'UNKNOWN_SYMBOL' ? 'unknown' : undefined
  }
}
