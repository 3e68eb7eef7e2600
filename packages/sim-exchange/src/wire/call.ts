import type { Exchange } from '../market/exchange.ts'
import type { Listing } from '../market/listing.ts'
import type { ApiKey } from './key-ring.ts'
import type { Params } from './params.ts'
import type { RequestLimits } from './request-weights.ts'
import { refusals } from './wire-error.ts'

/** What an endpoint is handed. */
export interface Call {
  readonly exchange: Exchange
  readonly params: Params
  /** The exchange's own time, which may differ from its market's clock. */
  readonly serverMs: number
  readonly limits: Required<RequestLimits>
  readonly isInMaintenance: boolean
  /** Whose key was shown; absent at open endpoints. */
  readonly key: ApiKey | undefined
}

/** A call with a valid signature. */
export interface SignedCall extends Call {
  readonly key: ApiKey
}

interface RouteBase {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With version: `/api/v3/order`. */
  readonly path: string
  readonly weight: number | ((params: Params) => number)
  /** Its name in the WebSocket API. */
  readonly socketMethod?: string
  /** Counts against the limit of orders. */
  readonly isOrder?: boolean
}

/** One endpoint; answers with a JSON value. `key` wants a key without signature. */
export type Route =
  | (RouteBase & { readonly access: 'open' | 'key'; readonly handle: (call: Call) => unknown })
  | (RouteBase & { readonly access: 'read' | 'trade'; readonly handle: (call: SignedCall) => unknown })

/** The listing that the call names. */
export function listingOf({ exchange, params }: Pick<Call, 'exchange' | 'params'>): Listing {
  const listing = exchange.listings.get(params.required('symbol'))
  if (listing === undefined) throw refusals.symbol()
  return listing
}

/** The listings of a call that may name one, several as a JSON list, or none for all. */
export function listingsOf({ exchange, params }: Pick<Call, 'exchange' | 'params'>): readonly Listing[] {
  const one = params.optional('symbol')
  const many = params.optional('symbols')
  if (one === undefined && many === undefined) return [...exchange.listings.values()]
  const names = one === undefined ? parseSymbols(many ?? '') : [one]
  return names.map(name => {
    const listing = exchange.listings.get(name)
    if (listing === undefined) throw refusals.symbol()
    return listing
  })
}

function parseSymbols(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text)
    if (Array.isArray(value) && value.every(each => typeof each === 'string')) return value
  } catch {
    // Falls through to the refusal.
  }
  throw refusals.illegal('symbols', '^\\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\\]$')
}
