import type { z } from 'zod'
import { type OfferFilter, offerWireFilter } from '../search/offer-filter.ts'
import { parseOfferQuery } from '../search/offer-query.ts'
import { bestScoreFirst, type OfferOrder, parseOfferOrder } from '../search/order.ts'
import type { WireComparisons, WireFilter } from '../search/wire-filter.ts'
import type { Offer } from '../wire/offer.ts'
import { invalidInput } from './check-input.ts'
import { endpoints } from './endpoints.ts'
import type { GpuNames } from './gpu-names.ts'
import { knownGpuNames } from './known-gpu-names.ts'
import { type OfferRows, offerRowsSchema, readOfferRows } from './read-offer-rows.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** The price that offers are shown with: interruptible offers (`bid`) show the least bid that would run. */
export type OfferType = 'on-demand' | 'bid' | 'reserved'

/** What to search for. */
export interface OfferSearch {
  /** Typed demands; verified, not external and rentable hold unless it says otherwise. */
  readonly filter?: OfferFilter | undefined
  /** Instead of `filter`: the text language of the official client, or a filter as it travels, sent as it is. */
  readonly query?: string | WireFilter | undefined
  /** False: `filter` is all that is demanded. @default true */
  readonly defaults?: boolean | undefined
  /** @default 'on-demand' */
  readonly type?: OfferType | undefined
  /** Pairs, or text such as `dph,num_gpus-`. @default best score first */
  readonly order?: OfferOrder | string | undefined
  /** Rows at most; when more match, Vast.ai sends a random sample of them. @default Vast.ai's own, about 64 */
  readonly limit?: number | undefined
  /** Disk that prices include, GiB. @default 5 */
  readonly storageGb?: number | undefined
  /** Show identical offers of one host one by one. @default false */
  readonly unbundled?: boolean | undefined
  /** True: names of GPUs are sent as they are. False: a name that means no card is refused. A filter as it travels is never looked at. @default false */
  readonly anyGpuName?: boolean | undefined
  /** `asks` is the newer endpoint with the same answer. @default 'bundles' */
  readonly via?: 'bundles' | 'asks' | undefined
}

/** What a search found. */
export interface OfferSearchResult extends OfferRows {
  readonly offers: readonly Offer[]
}

/** Searching the market. */
export class Offers {
  readonly #transport: Transport
  readonly #gpuNames: GpuNames

  constructor(transport: Transport, gpuNames: GpuNames) {
    this.#transport = transport
    this.#gpuNames = gpuNames
  }

  /**
   * Searches for offers. Rows that cannot be read are left out and counted in `rejectedRows`.
   *
   * A GPU in any spelling is found; one that this package does not know is looked for in Vast.ai's own list, once per client.
   *
   * @throws {InvalidInputError} `UNKNOWN_GPU`, with the nearest names; `VASTAI_INVALID_INPUT` for what no search can mean.
   * @throws {VastAiMalformedResponseError} when no row of a non-empty answer can be read.
   * @example
   * const { offers } = await client.offers.search({ filter: { gpu_name: 'RTX 4090', dph_total: { lt: 0.6 } }, limit: 10 })
   */
  async search(search: OfferSearch = {}, options?: RequestOptions): Promise<OfferSearchResult> {
    const body = { ...searchBody(search), ...(await this.#knownNames(search, options)) }
    const [target, outgoing] =
      search.via === 'asks'
        ? [endpoints.searchAsks, { body: { select_cols: ['*'], q: body } }]
        : [endpoints.searchOffers, { body }]
    const answer: z.output<typeof offerRowsSchema> = await this.#transport.call(
      target,
      offerRowsSchema,
      outgoing,
      options,
    )
    return readOfferRows(target.name, answer.offers)
  }

  async #knownNames(
    search: OfferSearch,
    options: RequestOptions | undefined,
  ): Promise<{ readonly gpu_name?: WireComparisons }> {
    if (search.anyGpuName === true || typeof search.query === 'object') return {}
    const { gpu_name: written } = readFilter(search)
    if (written === undefined) return {}
    return { gpu_name: await knownGpuNames(written, name => this.#gpuNames.resolve(name, options)) }
  }
}

/** The body of a search. @throws {InvalidInputError} for what no search can mean. */
export function searchBody(search: OfferSearch): Record<string, unknown> {
  const { limit } = search
  const storageGb = search.storageGb ?? 5
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1))
    throw invalidInput(`expected limit to be an integer of at least 1, was ${String(limit)}`)
  if (!(Number.isFinite(storageGb) && storageGb >= 0))
    throw invalidInput(`expected storageGb to be at least 0, was ${String(storageGb)}`)
  const order = typeof search.order === 'string' ? parseOfferOrder(search.order) : (search.order ?? bestScoreFirst)
  return {
    ...readFilter(search),
    order,
    type: search.type ?? 'on-demand',
    ...(limit === undefined ? {} : { limit }),
    allocated_storage: storageGb,
    ...(search.unbundled === true ? { disable_bundling: true } : {}),
  }
}

function readFilter(search: OfferSearch): WireFilter {
  const { query, filter } = search
  const defaults = search.defaults ?? true
  if (query === undefined) return offerWireFilter(filter ?? {}, defaults)
  if (filter !== undefined) throw invalidInput('expected either filter or query, were both')
  return typeof query === 'string' ? parseOfferQuery(query, { defaults }) : query
}
