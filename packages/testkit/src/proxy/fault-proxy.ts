import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Clock } from '@org/core'
import type { Fault } from './fault.ts'
import { PlannedFault } from './fault-plan.ts'
import { type SeenRequest, seenRequest } from './seen-request.ts'
import { spoilText, withoutSpaces } from './spoil-text.ts'

/** A proxy between a client and a server, which goes wrong as planned. */
export interface FaultProxy extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** What came, oldest first; secrets are taken out of headers. */
  readonly requests: readonly SeenRequest[]
  /** Connections of clients that are open now. */
  readonly openSockets: number
  /** Requests that met a fault. */
  readonly hits: number
  /** Plans something to go wrong. Of several that a request meets, the one that was planned last wins. */
  add(fault: Fault): PlannedFault
  /** Ends all faults, and lets everything go that they hold. */
  clear(): void
  close(): Promise<void>
}

/** An answer of the server behind the proxy. */
interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** Longer than any test: a connection that closes was closed by the client. */
const keepAliveMs = 600_000

/**
 * Starts an HTTP proxy on 127.0.0.1 in front of `target`. It passes everything through until a fault is added. Nothing in it waits by a
 * timer: what is slow is held, until the test lets it go. WebSockets pass; a fault that hits the request which opens one breaks it off.
 *
 * @param options.clock Dates what is seen. @default all at 0
 * @example
 * await using proxy = await startFaultProxy({ target: market.url })
 * const client = new Client({ baseUrl: proxy.url })
 * proxy.add({ kind: 'drop', afterEffect: true, method: 'POST', times: 1 })
 */
export async function startFaultProxy(options: {
  readonly target: string
  readonly clock?: Pick<Clock, 'now'>
}): Promise<FaultProxy> {
  const target = new URL(options.target)
  const agent = new Agent({ keepAlive: true })
  const requests: SeenRequest[] = []
  const faults: PlannedFault[] = []
  let hits = 0
  const faultFor = (seen: SeenRequest) => {
    const planned = faults.findLast(each => each.hit(seen))
    if (planned !== undefined) hits++
    return planned
  }
  const sockets = new Set<Socket>()

  const server = createServer({ keepAliveTimeout: keepAliveMs }, (message, response) => {
    void handle(message, response).catch(() => response.destroy())
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })

  server.on('upgrade', (message: IncomingMessage, socket: Socket, head: Buffer) => {
    const seen = seenRequest(message, '', options.clock?.now() ?? 0)
    requests.push(seen)
    if (faultFor(seen) !== undefined) {
      socket.destroy()
      return
    }
    const onward = connect(Number(target.port), target.hostname, () => {
      const headers = message.rawHeaders.flatMap((text, i) =>
        i % 2 === 0 ? `${text}: ${message.rawHeaders[i + 1]}` : [],
      )
      onward.write(`GET ${onwardPath(message)} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    onward.on('close', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })

  const onwardPath = ({ url }: IncomingMessage) => target.pathname.replace(/\/$/, '') + (url ?? '/')

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(message)
    const seen = seenRequest(message, body.toString(), options.clock?.now() ?? 0)
    requests.push(seen)
    const planned = faultFor(seen)
    if (planned === undefined) return send(response, await forward(message, body))
    const { fault } = planned
    switch (fault.kind) {
      case 'status': {
        if (fault.afterEffect === true) await forward(message, body)
        return send(response, statusAnswer(fault, message, body))
      }
      case 'hold': {
        if (fault.afterEffect === true) {
          const answer = await forward(message, body)
          await planned.keep()
          return send(response, answer)
        }
        await planned.keep()
        // Who has gone meanwhile has taken the request back.
        return response.destroyed ? undefined : send(response, await forward(message, body))
      }
      case 'drop': {
        if (fault.afterEffect === true) await forward(message, body)
        message.socket.resetAndDestroy()
        return
      }
      case 'half-body': {
        const answer = await forward(message, body)
        response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length })
        response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => message.socket.destroy())
        return
      }
      default: {
        const answer = await forward(message, body)
        const type = fault.kind === 'html-page' ? { 'content-type': 'text/html' } : {}
        const plain = answer.body.toString()
        const text = spoilText(fault, plain)
        if (text !== withoutSpaces(plain)) planned.changed++
        return send(response, { ...answer, headers: { ...answer.headers, ...type }, body: Buffer.from(text) })
      }
    }
  }

  function forward(message: IncomingMessage, body: Buffer): Promise<Answer> {
    // An answer that comes packed could not be spoiled.
    const { 'accept-encoding': _packed, 'transfer-encoding': _chunked, connection: _hop, ...rest } = message.headers
    return new Promise(resolve => {
      const onward = request(
        {
          agent,
          host: target.hostname,
          port: target.port,
          method: message.method,
          path: onwardPath(message),
          headers: { ...rest, host: target.host, ...(body.length > 0 ? { 'content-length': body.length } : {}) },
        },
        answer => {
          const {
            connection: _connection,
            'transfer-encoding': _encoding,
            'keep-alive': _keep,
            ...headers
          } = answer.headers
          void bodyOf(answer).then(bytes => resolve({ status: answer.statusCode ?? 502, headers, body: bytes }))
        },
      )
      onward.on('error', error => {
        resolve({ status: 502, headers: {}, body: Buffer.from(`no answer from ${target.host}: ${error.message}`) })
      })
      onward.end(body)
    })
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    for (const planned of faults) planned.release()
    server.closeAllConnections()
    // Those of WebSockets are no longer the server's.
    for (const socket of sockets) socket.destroy()
    agent.destroy()
    if (server.listening) await new Promise<void>(resolve => server.close(() => resolve()))
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get hits() {
      return hits
    },
    get openSockets() {
      return sockets.size
    },
    add(fault) {
      const planned = new PlannedFault(fault)
      faults.push(planned)
      return planned
    },
    clear() {
      for (const planned of faults.splice(0)) planned.release()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const { 'content-length': _length, ...rest } = headers
  response.writeHead(status, { ...rest, 'content-length': body.length })
  response.end(body)
}

function statusAnswer(
  fault: Extract<Fault, { readonly kind: 'status' }>,
  message: IncomingMessage,
  body: Buffer,
): Answer {
  const said = fault.echo
    ? `${message.method} ${message.url} ${JSON.stringify(message.headers)} ${body.toString()}`
    : `refused with ${fault.status} on purpose`
  const retryAfter = fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) }
  return {
    status: fault.status,
    headers: { 'content-type': 'application/json', ...retryAfter },
    // Under every name that clients look for a reason.
    body: Buffer.from(JSON.stringify({ error: said, msg: said, message: said, detail: said })),
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
