export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/**
 * What a call may change, and so whether it may be repeated when its answer was lost.
 *
 * - `read`: changes nothing; repeated freely.
 * - `convergent`: sets a state; setting it twice is harmless.
 * - `once`: each request acts (rents, pays, sends). Repeated only when it certainly was not carried out.
 */
export type CallKind = 'read' | 'convergent' | 'once'

/** At most `calls` calls begin within any `perMs` milliseconds. */
export interface CallLimit {
  readonly calls: number
  readonly perMs: number
  /** After a call that came too early, nothing is accepted for this long. */
  readonly penaltyMs?: number
}

/** One endpoint of the API. */
export interface Endpoint {
  readonly method: Method
  /** Path with `{}` for ids, for example `/instances/{}/`; without version it is `/api/v0`. */
  readonly route: string
  readonly kind: CallKind
  readonly limit: CallLimit | undefined
  /** Method and route in one text, for messages and as the name of the lane that calls queue in. */
  readonly name: string
  /** False: the key is not sent. */
  readonly signed: boolean
  readonly parts: readonly string[]
}

export interface EndpointOptions {
  readonly limit?: CallLimit
  /** @default true */
  readonly signed?: boolean
}

/** Describes an endpoint. */
export function endpoint(method: Method, route: string, kind: CallKind, options: EndpointOptions = {}): Endpoint {
  const path = route.startsWith('/api/') ? route : `/api/v0${route}`
  return {
    method,
    route,
    kind,
    limit: options.limit,
    name: `${method} ${route}`,
    signed: options.signed ?? true,
    parts: path.split('{}'),
  }
}

/** At most one call in `seconds`. */
export function every(seconds: number): CallLimit {
  return { calls: 1, perMs: seconds * 1000 }
}

/** The endpoint's path with its ids filled in. */
export function pathOf(target: Endpoint, ids: readonly (string | number)[]): string {
  let path = target.parts[0] ?? ''
  for (let i = 1; i < target.parts.length; i++)
    path += `${encodeURIComponent(String(ids[i - 1]))}${target.parts[i] ?? ''}`
  return path
}
