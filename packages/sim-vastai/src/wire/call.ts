import type { Random } from '@org/core'
import type { Answer } from './answer.ts'
import type { Caller } from './caller.ts'
import type { JsonObject } from './json.ts'
import type { Permission } from './permission.ts'
import type { Query } from './query.ts'
import type { RateLimit } from './rate-limits.ts'
import type { Simulation } from './simulation.ts'

/** A request that nobody need have signed. */
export interface OpenCall {
  readonly simulation: Simulation
  /** Requests are numbered from 1. */
  readonly number: number
  /** Chance for this answer. */
  readonly random: Random
  readonly nowMs: number
  /** From `/api/v0/…` or `/api/v1/…`. */
  readonly version: number
  /** What the `:names` of the route's path matched, in order. */
  readonly params: readonly string[]
  readonly query: Query
  /** As sent; empty when absent. */
  readonly userAgent: string
  /** `{}` when there was none. */
  readonly body: JsonObject
  readonly caller: Caller | undefined
}

/** A request with a valid key. */
export interface Call extends OpenCall {
  readonly caller: Caller
}

interface RouteBase {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Without `/api/v0` and without trailing slash; `:name` matches one segment. */
  readonly path: string
  readonly limit?: RateLimit
  /** How a wrong key is refused here. @default 401 */
  readonly badKeyStatus?: 404
  /** May it change anything? @default true unless the method is GET */
  readonly changes?: boolean
}

/** One endpoint. */
export type Route =
  | (RouteBase & { readonly access: 'open'; readonly handle: (call: OpenCall) => Answer | Promise<Answer> })
  | (RouteBase & { readonly access: Permission; readonly handle: (call: Call) => Answer | Promise<Answer> })

/** True when the endpoint is not a mere question. */
export function isChanging(route: Route): boolean {
  return route.changes ?? route.method !== 'GET'
}
