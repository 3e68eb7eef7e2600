import { describe, it } from 'vitest'
import { requireKnownChecks } from '../require-known-checks.ts'
import { venueChecks } from './venue-checks.ts'
import type { StandIn, VenueSubject } from './venue-subject.ts'

export interface VenueConformanceOptions<Market extends StandIn> extends VenueSubject<Market> {
  /** Shown in the test report. */
  readonly name: string
  /** Checks that this venue cannot pass, each with the reason, which the report shows: `{ 'VC-94': 'ccxt uses the global fetch' }`. */
  readonly skips?: { readonly [id: string]: string }
}

/** A check starts a market for each action; none of them waits by a real clock but those of time-outs. */
const checkTimeoutMs = 120_000

/**
 * Says for a vitest file what every venue promises, one numbered test for each. Offline: the market is a stand-in on 127.0.0.1, behind a
 * proxy that goes wrong on purpose, on virtual time.
 *
 * @example
 * venueConformance({
 *   name: 'lemon stand',
 *   market: ({ clock }) => startLemonMarket({ clock, apiKey: 'lemon-key-7' }),
 *   create: ({ market, ...environment }) => new LemonVenue({ apiKey: market.apiKey, ...environment }),
 *   secrets: ({ apiKey }) => [apiKey],
 *   queries: { 'box-price': { query: () => ({ grade: 'A' }), wrong: [{ grade: 7 }], matters: ['pricePerBox'] } },
 *   actions: {
 *     buy: {
 *       prepare: () => ({ params: { boxes: 2 }, effects: [{ measure: 'loss', amount: 8 }] }),
 *       effectCount: market => market.orders.length,
 *       wrong: [{ boxes: 0 }],
 *     },
 *   },
 * })
 */
export function venueConformance<Market extends StandIn>(options: VenueConformanceOptions<Market>): void {
  requireKnownChecks(options.skips, venueChecks)
  describe(`venue conformance: ${options.name}`, () => {
    for (const { id, promise, skip, run } of venueChecks)
      it(`${id} ${promise}`, { timeout: checkTimeoutMs }, async context => {
        const reason = options.skips?.[id] ?? (await skip?.(options))
        if (reason !== undefined) context.skip(reason)
        await run(options)
      })
  })
}
