import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string
  /** With its query. */
  readonly target: string
  readonly body: unknown
  /** The body as received. */
  readonly text: string
  readonly headers: IncomingHttpHeaders
}

/** What to do with a request: an answer (objects become JSON), or a broken connection. */
export type Reply =
  | { readonly status?: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'silence'

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly SeenRequest[]
  /** Connections that were ever opened. */
  readonly connectionCount: number
}

/** A server on 127.0.0.1 that answers as told: by a function, or by a list whose last entry repeats. */
export async function startServer(
  script: readonly Reply[] | ((request: SeenRequest, index: number) => Reply | Promise<Reply>),
): Promise<ScriptedServer> {
  const requests: SeenRequest[] = []
  let connectionCount = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const text = Buffer.concat(chunks).toString()
      const seen: SeenRequest = {
        method: request.method ?? '',
        target: request.url ?? '',
        body: text === '' ? undefined : JSON.parse(text),
        text,
        headers: request.headers,
      }
      const index = requests.push(seen) - 1
      const reply = typeof script === 'function' ? await script(seen, index) : (script[index] ?? script.at(-1) ?? {})
      send(response, reply)
    })
  })
  server.on('connection', () => connectionCount++)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connectionCount() {
      return connectionCount
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'silence') return
  if (reply === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const { status = 200, body = {}, headers = {} } = reply
  const isText = typeof body === 'string'
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers })
  response.end(isText ? body : JSON.stringify(body))
}
