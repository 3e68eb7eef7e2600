import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Simulation } from '../wire/simulation.ts'
import { Connection } from './connection.ts'
import { SocketApi } from './socket-api.ts'
import type { StreamHub } from './stream-hub.ts'

const MESSAGE_BYTES_MAX = 100_000
const CONNECTIONS_MAX = 300
const STREAMS_PER_CONNECTION_MAX = 1_024

/** Takes WebSockets at `/ws`, `/ws/<streams>`, `/stream?streams=…` and `/ws-api/v3`. */
export function attachSockets(server: Server, simulation: Simulation, hub: StreamHub): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false })
  const api = new SocketApi(simulation)
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'ws://127.0.0.1')
    const isKnown = /^\/(ws|stream|ws-api\/v3)(\/|$)/.test(url.pathname)
    if (!isKnown || hub.connections.size >= CONNECTIONS_MAX) {
      socket.destroy()
      return
    }
    sockets.handleUpgrade(request, socket, head, accepted => accept(accepted, url, hub, api))
  })
  return sockets
}

function accept(socket: WebSocket, url: URL, hub: StreamHub, api: SocketApi): void {
  const connection = new Connection(socket, url.pathname.startsWith('/stream'))
  const isApi = url.pathname.startsWith('/ws-api/')
  hub.add(connection)
  socket.on('close', () => hub.remove(connection))
  socket.on('error', () => socket.terminate())
  socket.on('message', data => {
    const text = String(data)
    if (isApi) api.handle(connection, text)
    else handleStreamRequest(connection, hub, text)
    hub.flush()
  })
  const wanted = isApi
    ? []
    : [...url.pathname.split('/').slice(2), ...(url.searchParams.get('streams') ?? '').split('/')]
  for (const name of wanted) hub.subscribe(connection, name)
  hub.flush()
}

function handleStreamRequest(connection: Connection, hub: StreamHub, text: string): void {
  const request = parse(text)
  if (request === undefined) {
    connection.send({ error: { code: 3, msg: 'Invalid JSON: expected a request' } })
    return
  }
  const { id, method, names } = request
  switch (method) {
    case 'SUBSCRIBE':
      if (connection.streams.size + names.length > STREAMS_PER_CONNECTION_MAX)
        connection.send({ error: { code: 2, msg: 'Invalid request: too many streams' }, id })
      else if (names.every(name => hub.subscribe(connection, name))) connection.send({ result: null, id })
      else connection.send({ error: { code: 2, msg: 'Invalid request: invalid stream' }, id })
      return
    case 'UNSUBSCRIBE':
      for (const name of names) hub.unsubscribe(connection, name)
      connection.send({ result: null, id })
      return
    case 'LIST_SUBSCRIPTIONS':
      connection.send({ result: [...connection.streams], id })
      return
    default:
      connection.send({ error: { code: 2, msg: `Invalid request: unknown method ${method}` }, id })
  }
}

function parse(
  text: string,
): { readonly id: unknown; readonly method: string; readonly names: readonly string[] } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { id, method, params } = value as Readonly<Record<string, unknown>>
    return { id, method: String(method), names: Array.isArray(params) ? params.map(String) : [] }
  } catch {
    return undefined
  }
}
