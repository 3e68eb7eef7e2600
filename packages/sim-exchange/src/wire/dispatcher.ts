import { describeError } from '@org/core'
import type { FaultPlan, Hit } from '../faults/fault-plan.ts'
import { maintenanceAnswer, spoilAnswer, statusAnswer } from '../faults/spoil-answer.ts'
import { type Answer, json } from './answer.ts'
import { allRoutes, perform } from './api.ts'
import type { Route } from './call.ts'
import type { ApiKey } from './key-ring.ts'
import { Params } from './params.ts'
import { throttleMessage } from './request-weights.ts'
import type { Simulation } from './simulation.ts'
import { WireError } from './wire-error.ts'

/** A request as the socket delivered it. */
export interface RawRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly apiKey: string | undefined
  readonly bodyText: string
}

/** What to do with the socket: answer, or break the connection. */
export type Outcome = Answer | 'reset'

const openInMaintenance = new Set(['/api/v3/ping', '/sapi/v1/system/status'])

/** Takes requests one after the other: weight, key, signature, endpoint, with faults before and after. */
export class Dispatcher {
  readonly #simulation: Simulation
  readonly #faults: FaultPlan
  readonly #routes = new Map(allRoutes.map(route => [`${route.method} ${route.path}`, route]))
  readonly #onDone: () => void
  #number = 0

  constructor(options: {
    readonly simulation: Simulation
    readonly faults: FaultPlan
    /** Called when a request may have changed something. */
    readonly onDone: () => void
  }) {
    this.#simulation = options.simulation
    this.#faults = options.faults
    this.#onDone = options.onDone
  }

  async dispatch(request: RawRequest): Promise<Outcome> {
    const [path = '', query = ''] = splitOnce(request.target, '?')
    const hits = this.#faults.take(request.method, path)
    for (const { fault } of hits) if (fault.kind === 'slow') await this.#simulation.delay(fault.delayMs)
    this.#simulation.advance()
    const nowMs = this.#simulation.serverMs
    const route = this.#routes.get(`${request.method} ${path}`)
    const params = Params.parse(query, request.bodyText)
    const done = this.#perform({ route, path, query, params, request, hits })
    let { outcome } = done
    if (outcome !== 'reset' && hits.length > 0)
      outcome = hits.some(hit => hit.fault.kind === 'reset-after')
        ? 'reset'
        : spoilAnswer(outcome, hits, `${request.method} ${path} ${stableQuery(params)}`)
    this.#simulation.log.add({
      number: ++this.#number,
      atMs: nowMs,
      method: request.method,
      path: route === undefined ? '(unknown)' : path,
      params: shownParams(params),
      status: outcome === 'reset' ? 0 : outcome.status,
      code: done.code,
      account: done.key?.trader.name,
    })
    this.#onDone()
    return outcome
  }

  #perform(ask: {
    readonly route: Route | undefined
    readonly path: string
    readonly query: string
    readonly params: Params
    readonly request: RawRequest
    readonly hits: readonly Hit[]
  }): { readonly outcome: Outcome; readonly code: number; readonly key?: ApiKey | undefined } {
    const { route, path, params, request, hits } = ask
    const isInMaintenance = hits.some(hit => hit.fault.kind === 'maintenance')
    const early = earlyOutcome(hits)
    if (early !== undefined) return { outcome: early, code: 0 }
    if (isInMaintenance && !openInMaintenance.has(path)) return { outcome: maintenanceAnswer, code: 1 }
    let headers: Readonly<Record<string, string>> = {}
    try {
      if (route === undefined)
        return { outcome: json({ code: -1000, msg: `No such endpoint: ${path}` }, 404), code: -1000 }
      headers = this.#takeWeight(typeof route.weight === 'number' ? route.weight : route.weight(params))
      const payload = withoutSignature(ask.query) + withoutSignature(request.bodyText)
      const { value, key } = perform(
        this.#simulation,
        route,
        { apiKey: request.apiKey, payload, params },
        isInMaintenance,
      )
      if (route.isOrder && key !== undefined) headers = { ...headers, ...this.#orderHeaders(key) }
      return { outcome: json(value, 200, headers), code: 0, key }
    } catch (error) {
      if (error instanceof Throttled) return { outcome: error.answer, code: -1003 }
      if (error instanceof WireError)
        return { outcome: json({ code: error.code, msg: error.message }, error.status, headers), code: error.code }
      return { outcome: json({ code: -1000, msg: describeError(error) }, 500, headers), code: -1000 }
    }
  }

  #takeWeight(weight: number): Readonly<Record<string, string>> {
    const { weights, serverMs, isThrottling } = this.#simulation
    const verdict = weights.take(weight, serverMs)
    const used = String(weights.used)
    const headers = { 'X-MBX-USED-WEIGHT': used, 'X-MBX-USED-WEIGHT-1M': used }
    if (verdict.kind === 'passed' || !isThrottling) return headers
    const body = { code: -1003, msg: throttleMessage(verdict, weights.limits) }
    const status = verdict.kind === 'limited' ? 429 : 418
    throw new Throttled(json(body, status, { ...headers, 'Retry-After': String(verdict.retryAfterS) }))
  }

  #orderHeaders(key: ApiKey): Readonly<Record<string, string>> {
    const counts = this.#simulation.orderCounts(key.trader.name)
    return { 'X-MBX-ORDER-COUNT-10S': String(counts.perTenSeconds), 'X-MBX-ORDER-COUNT-1D': String(counts.perDay) }
  }
}

class Throttled extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super('throttled')
    this.answer = answer
  }
}

function earlyOutcome(hits: readonly Hit[]): Outcome | undefined {
  for (const { fault } of hits) {
    if (fault.kind === 'reset-before') return 'reset'
    if (fault.kind === 'status' && fault.afterEffect !== true) return statusAnswer(fault.status)
  }
  return undefined
}

const perRequest = new Set(['signature', 'timestamp', 'recvWindow'])

/** What names a request for stale answers: its parameters without those that differ each time. */
function stableQuery(params: Params): string {
  return JSON.stringify(shownParams(params))
}

function shownParams(params: Params): Record<string, string> {
  return Object.fromEntries([...params.entries].filter(([name]) => !perRequest.has(name)))
}

function withoutSignature(text: string): string {
  return text
    .split('&')
    .filter(part => !part.startsWith('signature='))
    .join('&')
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const index = text.indexOf(mark)
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + mark.length)]
}
