import { offerLanguage } from './language.ts'
import { parseQuery, type QueryOptions } from './parse-query.ts'
import type { WireFilter } from './wire-filter.ts'

/**
 * Reads an offer query in the text language of the official client into the filter that it sends.
 *
 * Values stay texts, as the official client leaves them; `gpu_ram`, `cpu_ram`, `gpu_total_ram` (GB) and `duration` (days) are
 * multiplied into MB and seconds; underscores are blanks; `field=any` lifts a filter, also a default one.
 *
 * @throws {InvalidInputError} `VASTAI_INVALID_INPUT` for what cannot be read, and for unknown fields unless they shall be sent.
 * @example
 * parseOfferQuery('gpu_name=RTX_4090 dph<0.6', { defaults: false })
 * // { gpu_name: { eq: 'RTX 4090' }, dph_total: { lt: '0.6' } }
 */
export function parseOfferQuery(query: string, options?: QueryOptions): WireFilter {
  return parseQuery(query, offerLanguage, options)
}
