import { AutomationError, describeError, VirtualClock } from '@org/core'
import type { FaultPlan, Hit } from '../faults/fault-plan.ts'
import { spoilAnswer, statusAnswer } from '../faults/spoil-answer.ts'
import { type Answer, json, plainText } from './answer.ts'
import type { Call, OpenCall, Route } from './call.ts'
import { isChanging } from './call.ts'
import type { Caller } from './caller.ts'
import { isJsonObject, type Json, type JsonObject, parseJson } from './json.ts'
import type { MarketChange } from './market-change.ts'
import { parseQuery, type Query } from './query.ts'
import type { RateLimiter } from './rate-limits.ts'
import { Refused } from './refused.ts'
import { withoutSecrets } from './request-log.ts'
import { Router } from './router.ts'
import type { Simulation } from './simulation.ts'

/** A request as the socket delivered it. */
export interface RawRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly authorization: string | undefined
  readonly userAgent: string
  readonly bodyText: string
}

/** What to do with the socket: answer, or break the connection. */
export type Outcome = Answer | 'reset'

const noBody: JsonObject = {}
const apiPath = /^\/api\/v(\d+)(\/.*)$/

/** Takes requests one after the other: throttle, key, permission, endpoint, with faults before and after. */
export class Dispatcher {
  readonly #simulation: Simulation
  readonly #router: Router
  readonly #faults: FaultPlan
  readonly #limiter: RateLimiter | undefined
  readonly #onChange: ((change: MarketChange) => void) | undefined
  #number = 0

  constructor(options: {
    readonly simulation: Simulation
    readonly routes: readonly Route[]
    readonly faults: FaultPlan
    /** Undefined: nobody is throttled. */
    readonly limiter: RateLimiter | undefined
    /** Called before a request that may change something takes effect. */
    readonly onChange?: ((change: MarketChange) => void) | undefined
  }) {
    this.#simulation = options.simulation
    this.#router = new Router(options.routes)
    this.#faults = options.faults
    this.#limiter = options.limiter
    this.#onChange = options.onChange
  }

  /** Makes a change of an earlier process again, at its time and with its key: no faults, no throttle, no log. */
  async repeat(change: MarketChange): Promise<void> {
    const { atMs, method, target, bodyText, apiKeyId } = change
    this.#simulation.advance(atMs)
    const { path, version, endpointPath, queryText } = partsOf(target)
    const match = this.#router.match(method, endpointPath)
    const key = apiKeyId === null ? undefined : this.#simulation.keys.numbered(apiKeyId)
    if (match?.route === undefined || (apiKeyId !== null && key === undefined))
      throw new AutomationError({
        code: 'SIM_DIARY_UNREADABLE',
        message: `the market's diary holds ${method} ${path} with key ${apiKeyId}, which this simulator cannot make again: begin a new market`,
      })
    const call: OpenCall = {
      simulation: this.#simulation,
      number: ++this.#number,
      random: this.#simulation.nextRandom(`${method} ${target} ${bodyText}`),
      nowMs: this.#simulation.world.nowMs,
      version,
      params: match.params,
      query: parseQuery(queryText),
      userAgent: '',
      body: parseBody(bodyText),
      caller: key === undefined ? undefined : this.#simulation.keys.find(key.key),
    }
    // What was refused then is refused again.
    await perform(match.route, call, key !== undefined).catch(errorAnswer)
  }

  async dispatch(request: RawRequest): Promise<Outcome> {
    const { path, isApi, version, endpointPath, queryText } = partsOf(request.target)
    if (path.startsWith('/results/')) return this.#result(path)
    const number = ++this.#number
    const hits = this.#faults.take(request.method, loosePath(endpointPath))
    for (const { fault } of hits) if (fault.kind === 'slow') await this.#delay(fault.delayMs)

    this.#simulation.advance()
    const nowMs = this.#simulation.world.nowMs
    const match = !isApi ? undefined : this.#router.match(request.method, endpointPath)
    const route = match?.route
    let query: Query = new Map()
    let body: Json = null
    let caller: Caller | undefined
    let outcome: Outcome
    try {
      query = parseQuery(queryText)
      const key = keyOf(request, query)
      caller = key === undefined ? undefined : this.#simulation.keys.find(key)
      const early = earlyOutcome(hits)
      if (early !== undefined) outcome = early
      else if (route === undefined) outcome = unknownPath(match?.isKnownPath === true, endpointPath)
      else {
        const throttled =
          route.limit && this.#limiter?.check(`${route.method} ${route.path}`, key ?? '', route.limit, nowMs)
        if (throttled !== undefined) outcome = throttled
        else {
          const parsed = parseBody(request.bodyText)
          body = request.bodyText === '' ? null : parsed
          const call: OpenCall = {
            simulation: this.#simulation,
            number,
            random: this.#simulation.nextRandom(`${request.method} ${withoutKey(path, query)} ${request.bodyText}`),
            nowMs,
            version,
            params: match?.route === undefined ? [] : match.params,
            query,
            userAgent: request.userAgent,
            body: parsed,
            caller,
          }
          if (this.#onChange !== undefined && isChanging(route))
            this.#onChange({
              atMs: nowMs,
              method: request.method,
              target: withoutKey(path, query),
              bodyText: request.bodyText,
              apiKeyId: caller?.apiKey.id ?? null,
            })
          outcome = await perform(route, call, key !== undefined)
        }
      }
    } catch (error) {
      outcome = errorAnswer(error)
    }
    if (outcome !== 'reset' && hits.length > 0) {
      const name = `${request.method} ${request.target} ${request.bodyText}`
      outcome = hits.some(hit => hit.fault.kind === 'reset-after') ? 'reset' : spoilAnswer(outcome, hits, name)
    }
    this.#log({ request, path, number, nowMs, route, query, body, caller, outcome })
    return outcome
  }

  #log(what: {
    readonly request: RawRequest
    readonly path: string
    readonly number: number
    readonly nowMs: number
    readonly route: Route | undefined
    readonly query: Query
    readonly body: Json
    readonly caller: Caller | undefined
    readonly outcome: Outcome
  }): void {
    const { request, route, query, caller } = what
    const shownQuery: Record<string, string> = {}
    for (const [key, value] of query) if (key !== 'api_key') shownQuery[key] = value
    const isChange = route === undefined ? request.method !== 'GET' : isChanging(route)
    const body = isChange && isJsonObject(what.body) ? withoutSecrets(what.body) : what.body
    const status = what.outcome === 'reset' ? 0 : what.outcome.status
    this.#simulation.log.add(
      {
        number: what.number,
        atMs: what.nowMs,
        method: request.method,
        path: what.path,
        query: shownQuery,
        body,
        status,
        accountId: caller?.account.id,
        isChanging: isChange,
      },
      route === undefined ? `${request.method} (unknown)` : `${route.method} ${route.path}`,
    )
    if (isChange && caller !== undefined && status >= 200 && status < 300)
      caller.book.auditLog.add({
        ip_address: '127.0.0.1',
        api_key_id: caller.apiKey.id,
        created_at: what.nowMs / 1000,
        api_route: what.path,
        args: body ?? {},
      })
  }

  #result(path: string): Answer {
    const text = this.#simulation.results.poll(path.slice('/results/'.length))
    return text === undefined ? plainText('Not Found', 404) : plainText(text)
  }

  async #delay(ms: number): Promise<void> {
    const { clock } = this.#simulation
    // While a request is open a virtual clock stands still: sleeping on it would never end.
    if (clock instanceof VirtualClock) clock.jumpTo(clock.now() + ms)
    else await clock.sleep(ms)
  }
}

interface TargetParts {
  readonly path: string
  /** `/api/v0/…` or `/api/v1/…`; `endpointPath` is what comes behind. */
  readonly isApi: boolean
  readonly version: number
  readonly endpointPath: string
  readonly queryText: string
}

function partsOf(target: string): TargetParts {
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  const api = apiPath.exec(path)
  return {
    path,
    isApi: api !== null,
    version: api === null ? 0 : Number(api[1]),
    endpointPath: api?.[2] ?? path,
    queryText: mark === -1 ? '' : target.slice(mark + 1),
  }
}

function withoutKey(path: string, query: Query): string {
  const kept = new URLSearchParams([...query].filter(([name]) => name !== 'api_key')).toString()
  return kept === '' ? path : `${path}?${kept}`
}

async function perform(route: Route, call: OpenCall, hasKey: boolean): Promise<Answer> {
  if (call.caller === undefined && (hasKey || route.access !== 'open'))
    return json(
      { success: false, error: 'auth_error', msg: hasKey ? 'Invalid user key' : 'This action requires login.' },
      hasKey ? (route.badKeyStatus ?? 401) : 401,
    )
  if (route.access === 'open') return route.handle(call)
  const signed = call as Call
  const { scopes } = signed.caller.apiKey
  if (scopes !== undefined && !scopes.has(route.access))
    return json(
      { success: false, error: 'not_authorized', msg: `This API key lacks the permission ${route.access}.` },
      403,
    )
  return route.handle(signed)
}

function earlyOutcome(hits: readonly Hit[]): Outcome | undefined {
  for (const { fault } of hits) {
    if (fault.kind === 'reset-before') return 'reset'
    if (fault.kind === 'status' && fault.afterEffect !== true) return statusAnswer(fault.status)
  }
  return undefined
}

function unknownPath(isKnownPath: boolean, path: string): Answer {
  return isKnownPath
    ? json({ success: false, error: 'method_not_allowed', msg: `Method not allowed for ${path}` }, 405)
    : json({ success: false, error: 'not_found', msg: `No such endpoint: ${path}` }, 404)
}

function errorAnswer(error: unknown): Answer {
  if (error instanceof Refused) return error.answer
  // What the market refuses is the caller's mistake; anything else is ours, and a client should see a server error.
  if (AutomationError.isInstance(error) && error.code.startsWith('SIM_'))
    return json({ success: false, error: 'invalid_args', msg: error.shortMessage }, 400)
  return json({ success: false, error: 'server_error', msg: describeError(error) }, 500)
}

function keyOf(request: RawRequest, query: Query): string | undefined {
  const bearer = request.authorization
  if (bearer !== undefined && /^bearer\s+\S/i.test(bearer)) return bearer.replace(/^bearer\s+/i, '').trim()
  return query.get('api_key')
}

function parseBody(text: string): JsonObject {
  if (text === '') return noBody
  const value = parseJson(text)
  if (value === null) return noBody
  if (!isJsonObject(value)) throw new Refused(400, 'invalid_json', 'The request body is not a JSON object.')
  return value
}

function loosePath(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
