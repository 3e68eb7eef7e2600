import type { OwnResult } from '@org/core'
import type { TradingResult } from './views.ts'

/**
 * What `context.recordAll` takes, from what the venue's `results` said. Save the last `seq` with it, and nothing is booked twice.
 *
 * @example
 * const { value: news } = await venue.observe('results', { strategyId: this.id, after: memory.bookedSeq })
 * await context.recordAll(ownResults(venue.id, news), { ...memory, bookedSeq: news.at(-1)?.seq ?? memory.bookedSeq })
 */
export function ownResults(venueId: string, results: readonly TradingResult[]): readonly OwnResult[] {
  return results.map(({ symbol, postings, note, closed, intentId }) => ({
    venueId,
    asset: symbol,
    postings,
    note,
    closed,
    intentId,
  }))
}
