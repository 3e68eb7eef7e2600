import type { z } from 'zod'
import { invoiceLanguage } from '../search/language.ts'
import { type FieldFilter, wireFilter } from '../search/offer-filter.ts'
import type { invoiceFields } from '../search/other-fields.ts'
import { parseQuery } from '../search/parse-query.ts'
import { invoiceRowsSchema, type LedgerPage, ledgerPageSchema, oldInvoicesSchema } from '../wire/invoice.ts'
import { invalidInput } from './check-input.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** A stretch of time. */
export interface Period {
  /** Epoch milliseconds. */
  readonly fromMs: number
  /** Epoch milliseconds. */
  readonly toMs: number
}

/** A page of invoices or charges. */
export interface LedgerSearch extends Period {
  /** @default oldest first */
  readonly latestFirst?: boolean | undefined
  /** Lines of one page, 1 to 100. @default 20 */
  readonly limit?: number | undefined
  /** `next_token` of the page before. */
  readonly after?: string | undefined
}

/** Demands on the invoice search. */
export type InvoiceFilter = FieldFilter<typeof invoiceFields>

/** What was paid and what was charged. */
export class Invoices {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** The old list, in one piece; `charges: false` leaves charges out. */
  async listOld(
    search: Period & { readonly charges?: boolean },
    options?: RequestOptions,
  ): Promise<z.output<typeof oldInvoicesSchema>> {
    const { from, to } = periodSeconds(search)
    const query = { owner: 'me', sdate: from, edate: to, inc_charges: search.charges ?? true }
    return this.#transport.call(endpoints.oldInvoices, oldInvoicesSchema, { query }, options)
  }

  /** One page of invoices and payments. @param search `services` as Vast.ai names them, for example `stripe_payments`. */
  async list(
    search: LedgerSearch & { readonly services?: readonly string[] },
    options?: RequestOptions,
  ): Promise<LedgerPage> {
    const { from, to } = periodSeconds(search)
    const filters = { when: { gte: from, lte: to }, ...oneOf('service', search.services) }
    return this.#transport.call(endpoints.invoices, ledgerPageSchema, { query: pageQuery(search, filters) }, options)
  }

  /** One page of charges by instance, volume or endpoint. */
  async charges(
    search: LedgerSearch & {
      readonly types?: readonly ('instance' | 'volume' | 'serverless')[]
      /** `tree` gathers serverless contracts under their endpoint. @default 'table' */
      readonly format?: 'table' | 'tree'
    },
    options?: RequestOptions,
  ): Promise<LedgerPage> {
    const { from, to } = periodSeconds(search)
    const filters = { day: { gte: from, lte: to }, ...oneOf('type', search.types) }
    const query = { ...pageQuery(search, filters), format: search.format ?? 'table' }
    return this.#transport.call(endpoints.charges, ledgerPageSchema, { query }, options)
  }

  /** Searches invoices with a typed filter or the text language; the rows are handed on as they came. */
  async search(wanted: InvoiceFilter | string = {}, options?: RequestOptions): Promise<unknown> {
    const filters =
      typeof wanted === 'string' ? parseQuery(wanted, invoiceLanguage) : wireFilter(wanted, invoiceLanguage, false)
    const query = { select_cols: ['*'], select_filters: filters }
    return this.#transport.call(endpoints.searchInvoices, invoiceRowsSchema, { query }, options)
  }
}

function periodSeconds({ fromMs, toMs }: Period): { from: number; to: number } {
  if (!(fromMs >= 0 && toMs >= fromMs && toMs < Number.POSITIVE_INFINITY))
    throw invalidInput(`expected fromMs and toMs in milliseconds, in order, were ${fromMs} and ${toMs}`)
  return { from: Math.floor(fromMs / 1000), to: Math.floor(toMs / 1000) }
}

function oneOf(field: string, values: readonly string[] | undefined): Record<string, unknown> {
  return values === undefined || values.length === 0 ? {} : { [field]: { in: values } }
}

function pageQuery(search: LedgerSearch, filters: Record<string, unknown>): Record<string, unknown> {
  const limit = search.limit ?? 20
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= 100))
    throw invalidInput(`expected limit to be an integer from 1 to 100, was ${String(limit)}`)
  return {
    select_filters: filters,
    latest_first: search.latestFirst ?? false,
    limit,
    after_token: search.after,
  }
}
