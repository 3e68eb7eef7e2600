import type { IncomingMessage } from 'node:http'

/** A request as it came to the proxy. */
export interface SeenRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** What stands behind the `?`; empty without. */
  readonly query: string
  /** Values of headers that carry keys are `[secret]`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** By the proxy's clock. */
  readonly atMs: number
}

const secretHeader = /^authorization$|^cookie$|^proxy-authorization$|key$|token$|secret$|signature$|sign$|passphrase$/i

/** Takes down what came. */
export function seenRequest(message: IncomingMessage, body: string, atMs: number): SeenRequest {
  const [path = '/', ...query] = (message.url ?? '/').split('?')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.headers))
    headers[name] = secretHeader.test(name) ? '[secret]' : String(value)
  return { method: message.method ?? '', path, query: query.join('?'), headers, body, atMs }
}
