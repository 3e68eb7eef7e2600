import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { runBacktest } from '@org/backtest'
import {
  BaseStrategy,
  canonicalJson,
  exposure,
  type IntentDraft,
  parseConfig,
  strategyConfigSchema,
  type VenueReader,
} from '@org/core'
import { orderEffects, ownResults, type TradingQueries } from '@org/venue-trading/actions'
import { describe, expect, it } from 'vitest'

const file = resolve(import.meta.dirname, '../../../../shared/data/nautilus/two-venues-golden.json')

interface Golden {
  readonly venues: readonly {
    readonly id: string
    readonly account: 'cash' | 'margin'
    readonly start: Readonly<Record<string, string>>
    readonly instrument: { readonly symbol: string; readonly takerFee: string; readonly moneyDecimals: number }
    readonly quotes: readonly { readonly t: number; readonly bid: string; readonly ask: string }[]
  }[]
  readonly actions: readonly {
    readonly venue: string
    readonly onQuote: number
    readonly side: 'buy' | 'sell'
    readonly qty: string
  }[]
  readonly expect: Readonly<Record<string, unknown>>
}

/** Counts the quotes of both venues and acts on the ones it was told. */
class Scripted extends BaseStrategy {
  readonly #golden: Golden
  readonly #bookedSeq = new Map<string, number>()
  readonly balances: Record<string, Record<string, string>> = {}
  readonly fees: Record<string, string[]> = {}
  #quotes = 0

  constructor(golden: Golden) {
    const config = parseConfig(
      strategyConfigSchema,
      { scanIntervalMs: 60_000, minExpectedProfit: 0, minRoi: 0 },
      'config',
    )
    super({ id: 'scripted', config })
    this.#golden = golden
  }

  async findOpportunities() {
    this.#quotes++
    const due = this.#golden.actions.filter(({ onQuote }) => onQuote === this.#quotes)
    return due.map(action => ({
      id: `${action.venue}-${action.onQuote}`,
      strategyId: this.id,
      kind: action.side,
      expectedProfitPerHour: 1,
      expectedRoi: 1,
      asOf: this.context.clock.now(),
      intents: [this.#intent(action)],
      rationale: { reason: action.side, summary: `${action.side} ${action.qty}` },
    }))
  }

  #intent({ venue, side, qty: quantity }: Golden['actions'][number]): IntentDraft {
    const { symbol, price } = this.#at(venue)
    const rationale = { reason: side, summary: `quote ${this.#quotes}` }
    const params = { symbol, side, quantity }
    return side === 'buy'
      ? {
          venueId: venue,
          asset: symbol,
          action: 'place-order',
          params,
          effects: orderEffects({ side, quantity, price, feesRatio: '0.001' }),
          rationale,
        }
      : { venueId: venue, asset: symbol, action: 'close-position', params, effects: [], reduces: true, rationale }
  }

  #at(venueId: string) {
    const venue = this.#golden.venues.find(({ id }) => id === venueId)
    return { symbol: venue?.instrument.symbol ?? '', price: venue?.quotes[this.#quotes - 1]?.ask ?? '' }
  }

  protected override async onShutdown() {
    for (const { id, instrument } of this.#golden.venues) {
      const venue = this.context.venue(id) as VenueReader<TradingQueries>
      const { value: news } = await venue.observe('results', {
        strategyId: this.id,
        after: this.#bookedSeq.get(id) ?? 0,
      })
      await this.context.recordAll(ownResults(id, news), { [id]: news.at(-1)?.seq ?? 0 })
      const { value: balances } = await venue.observe('balances', {})
      this.balances[id] = Object.fromEntries(balances.map(({ asset, free }) => [asset, free]))
      const { value: fills } = await venue.observe('fills', { symbol: instrument.symbol })
      this.fees[id] = fills.map(({ fee }) => Number(fee).toFixed(instrument.moneyDecimals))
    }
  }
}

async function runGolden(golden: Golden) {
  const strategy = new Scripted(golden)
  const quoteAssetOf = (symbol: string) => symbol.split('/')[1] ?? ''
  const result = await runBacktest({
    strategies: [strategy],
    constraints: [exposure({ limit: 100_000 })],
    venues: golden.venues.map(({ id, account, start, instrument, quotes }) => ({
      id,
      feeds: [
        {
          symbol: instrument.symbol,
          quotes: quotes.map(({ t, bid, ask }) => ({ at: t, bid: Number(bid), ask: Number(ask) })),
        },
      ],
      broker: {
        cash: Number(start[quoteAssetOf(instrument.symbol)]),
        account,
        commission: Number(instrument.takerFee),
        fillAt: 'same-close',
        moneyDecimals: instrument.moneyDecimals,
        inventoryUnits: Number(start[instrument.symbol.split('/')[0] ?? ''] ?? 0),
      },
    })),
  })
  const journal: string[] = []
  for await (const entry of result.journal()) journal.push(canonicalJson(entry as never))
  return { strategy, result, journal }
}

describe('one strategy over a cash and a margin venue', () => {
  it.skipIf(!existsSync(file))(
    'ends with the published balances, commissions and profits, to the last digit',
    async () => {
      const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden
      const { strategy, result, journal } = await runGolden(golden)
      for (const { id, instrument } of golden.venues) {
        const { moneyDecimals } = instrument
        const trade = result.trades.find(({ venueId }) => venueId === id)
        const text = (value: number | undefined) => value?.toFixed(moneyDecimals)
        const balance = Object.fromEntries(
          Object.entries(strategy.balances[id] ?? {}).map(([asset, free]) => [
            asset,
            Number(free).toFixed(moneyDecimals),
          ]),
        )
        const priceDecimals = id === 'SIM' ? 5 : 2
        expect({
          balance,
          commissions: strategy.fees[id],
          positionPnl: text(trade?.profit),
          entry: trade?.entryPrice.toFixed(priceDecimals),
          exit: trade?.exitPrice.toFixed(priceDecimals),
        }).toEqual(withoutLocked(golden.expect[id]))
      }
      expect(result.trades).toHaveLength(2)
      expect(journal.filter(line => line.includes('"intent-settled"'))).toHaveLength(4)
      // Both venues stand on one budget: all of what was at stake is free again.
      expect(result.budgets.find(({ type }) => type === 'EXPOSURE')?.used).toBe(0)

      expect((await runGolden(golden)).journal).toEqual(journal)
    },
  )
})

/** Nothing is locked when flat: the venue shows that as no entry. */
function withoutLocked(expected: unknown) {
  const { locked: _, ...rest } = expected as Record<string, unknown>
  return rest
}
