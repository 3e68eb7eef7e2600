import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InvalidInputError } from '@org/core'
import { type Answer, json } from './answer.ts'
import type { Outcome, RawRequest } from './dispatcher.ts'

const BODY_BYTES_MAX = 100_000

/** A listening server. */
export interface HttpServer {
  readonly port: number
  /** For connections that become WebSockets. */
  readonly server: Server
  close(): Promise<void>
}

/**
 * Serves on 127.0.0.1 alone. `port` 0 takes a free one.
 *
 * @throws {InvalidInputError} `SIM_PORT_UNAVAILABLE` when somebody else listens there, or the port is reserved.
 */
export async function startHttpServer(
  port: number,
  dispatch: (request: RawRequest) => Promise<Outcome>,
): Promise<HttpServer> {
  const server = createServer({ keepAlive: true, keepAliveTimeout: 60_000, noDelay: true }, (message, response) => {
    readBody(message, response, bodyText => respond(message, response, bodyText, dispatch))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(cannotListen(port, error)))
    server.listen(port, '127.0.0.1', () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    server,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      }),
  }
}

function cannotListen(port: number, error: NodeJS.ErrnoException): Error {
  const why = error.code === 'EADDRINUSE' ? 'is in use' : error.code === 'EACCES' ? 'is reserved' : undefined
  if (why === undefined) return error
  return new InvalidInputError({
    code: 'SIM_PORT_UNAVAILABLE',
    message: `port ${port} ${why}: choose another, or 0 for a free one`,
    cause: error,
  })
}

async function respond(
  message: IncomingMessage,
  response: ServerResponse,
  bodyText: string,
  dispatch: (request: RawRequest) => Promise<Outcome>,
): Promise<void> {
  const apiKey = message.headers['x-mbx-apikey']
  const outcome = await dispatch({
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    apiKey: typeof apiKey === 'string' ? apiKey : undefined,
    bodyText,
  })
  if (outcome === 'reset') message.socket.resetAndDestroy()
  else send(response, outcome)
}

function send(response: ServerResponse, answer: Answer): void {
  const bytes = Buffer.from(answer.body)
  // A date would differ between two runs with one seed.
  response.sendDate = false
  response.writeHead(answer.status, {
    'Content-Type': 'application/json;charset=UTF-8',
    'Content-Length': bytes.length,
    ...answer.headers,
  })
  response.end(bytes)
}

function readBody(message: IncomingMessage, response: ServerResponse, use: (text: string) => Promise<void>): void {
  const chunks: Buffer[] = []
  let bytes = 0
  message.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk)
  })
  message.on('end', () => {
    if (bytes > BODY_BYTES_MAX) send(response, json({ code: -1000, msg: 'The request body is too large.' }, 413))
    else void use(Buffer.concat(chunks).toString())
  })
}
