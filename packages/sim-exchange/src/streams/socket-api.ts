import { allRoutes, perform } from '../wire/api.ts'
import { authenticate } from '../wire/authenticate.ts'
import { Params } from '../wire/params.ts'
import { throttleMessage } from '../wire/request-weights.ts'
import type { Simulation } from '../wire/simulation.ts'
import { WireError } from '../wire/wire-error.ts'
import type { Connection } from './connection.ts'

const routes = new Map(
  allRoutes.flatMap(route => (route.socketMethod === undefined ? [] : [[route.socketMethod, route]])),
)

interface SocketRequest {
  readonly id: unknown
  readonly method: string
  readonly params: Params
}

/** Answers requests of the WebSocket API: the endpoints of HTTP by other names, and the stream of one's own orders. */
export class SocketApi {
  readonly #simulation: Simulation
  #lastSubscriptionId = -1

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  handle(connection: Connection, text: string): void {
    const request = parseRequest(text)
    if (request === undefined) {
      connection.send({
        id: null,
        status: 400,
        error: { code: -1000, msg: 'Invalid request: expected a JSON object.' },
      })
      return
    }
    try {
      connection.send({ id: request.id, status: 200, result: this.#answer(connection, request), rateLimits: [] })
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      connection.send({ id: request.id, status: error.status, error: { code: error.code, msg: error.message } })
    }
  }

  #answer(connection: Connection, { method, params }: SocketRequest): unknown {
    this.#simulation.advance()
    const { keys, serverMs, weights, isThrottling } = this.#simulation
    const route = routes.get(method)
    const weight = route === undefined ? 2 : typeof route.weight === 'number' ? route.weight : route.weight(params)
    const verdict = weights.take(weight, serverMs)
    if (isThrottling && verdict.kind !== 'passed')
      throw new WireError(-1003, throttleMessage(verdict, weights.limits), verdict.kind === 'limited' ? 429 : 418)
    const signed = { apiKey: params.optional('apiKey'), payload: sortedPayload(params), params }
    if (route !== undefined) return perform(this.#simulation, route, signed, false).value
    switch (method) {
      case 'userDataStream.subscribe.signature': {
        const key = authenticate(keys, signed, serverMs)
        connection.accounts.set(++this.#lastSubscriptionId, key.trader.name)
        return { subscriptionId: this.#lastSubscriptionId }
      }
      case 'userDataStream.unsubscribe': {
        const id = params.integer('subscriptionId')
        if (id === undefined) connection.accounts.clear()
        else connection.accounts.delete(id)
        return {}
      }
      default:
        throw new WireError(-1000, `Unknown method: ${method}`)
    }
  }
}

function parseRequest(text: string): SocketRequest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { id, method, params } = value as Readonly<Record<string, unknown>>
    const entries = typeof params === 'object' && params !== null ? Object.entries(params) : []
    const texts = new Map(
      entries.map(([name, each]) => [name, typeof each === 'object' ? JSON.stringify(each) : String(each)]),
    )
    return { id, method: String(method), params: new Params(texts) }
  } catch {
    return undefined
  }
}

/** What a request of the WebSocket API signs: its parameters in the order of their names. */
function sortedPayload(params: Params): string {
  return [...params.entries]
    .filter(([name]) => name !== 'signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}
