import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

interface World {
  readonly proxy: FaultProxy
  /** What reached the server. */
  readonly done: string[]
  ask(path: string, init?: RequestInit): Promise<Response>
}

/** A server that says what it did, behind the proxy. */
async function behindProxy(work: (world: World) => Promise<void>): Promise<void> {
  const done: string[] = []
  const server = createServer(async (message: IncomingMessage, response) => {
    let body = ''
    for await (const chunk of message) body += chunk
    done.push(`${message.method} ${message.url} ${body}`.trim())
    response.writeHead(200, { 'content-type': 'application/json', 'x-server': 'yes' })
    response.end(JSON.stringify({ did: message.url, times: done.length }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`
  try {
    await using proxy = await startFaultProxy({ target, clock: { now: () => 1234 } })
    await work({
      proxy,
      done,
      ask: (path, init) => fetch(proxy.url + path, { ...init, headers: { connection: 'close', ...init?.headers } }),
    })
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

describe('a fault proxy', () => {
  it('passes everything through: path, query, body, status and headers', async () => {
    await behindProxy(async ({ ask, done }) => {
      const answer = await ask('/orders?id=1', { method: 'POST', body: '{"boxes":2}' })
      expect(done).toEqual(['POST /base/orders?id=1 {"boxes":2}'])
      expect([answer.status, answer.headers.get('x-server')]).toEqual([200, 'yes'])
      expect(await answer.json()).toEqual({ did: '/base/orders?id=1', times: 1 })
    })
  })

  it('takes down what came, without keys, dated by the clock', async () => {
    await behindProxy(async ({ ask, proxy }) => {
      const headers = { authorization: 'Bearer abc-1', 'X-MBX-APIKEY': 'abc-1', 'x-kind': 'lemon' }
      await ask('/orders?id=1', { method: 'PUT', body: 'text', headers })
      const [seen] = proxy.requests
      expect(seen).toMatchObject({ method: 'PUT', path: '/orders', query: 'id=1', body: 'text', atMs: 1234 })
      expect(seen?.headers).toMatchObject({
        authorization: '[secret]',
        'x-mbx-apikey': '[secret]',
        'x-kind': 'lemon',
      })
    })
  })

  it('refuses before the effect, or after it', async () => {
    await behindProxy(async ({ ask, proxy, done }) => {
      proxy.add({ kind: 'status', status: 429, retryAfterS: 7, times: 1 })
      const refused = await ask('/a')
      expect([refused.status, refused.headers.get('retry-after'), done]).toEqual([429, '7', []])
      proxy.add({ kind: 'status', status: 502, afterEffect: true, times: 1 })
      expect([(await ask('/b')).status, done]).toEqual([502, ['GET /base/b']])
      expect((await ask('/c')).status).toBe(200)
    })
  })

  it('counts the answers that a fault has changed', async () => {
    await behindProxy(async ({ ask, proxy }) => {
      const idle = proxy.add({ kind: 'missing-field', field: 'price' })
      await ask('/a')
      const busy = proxy.add({ kind: 'missing-field', field: 'times' })
      expect(await (await ask('/b')).json()).toEqual({ did: '/base/b' })
      expect([idle.hits, idle.changed, busy.hits, busy.changed]).toEqual([1, 0, 1, 1])
    })
  })

  it('repeats the request in a refusal where it is told to', async () => {
    await behindProxy(async ({ ask, proxy }) => {
      proxy.add({ kind: 'status', status: 403, echo: true })
      const text = await (await ask('/a?b=1', { headers: { authorization: 'Bearer abc-1' } })).text()
      expect(text).toContain('GET /a?b=1')
      expect(text).toContain('Bearer abc-1')
    })
  })

  it('breaks the connection before the effect, after it, and in the middle of the answer', async () => {
    await behindProxy(async ({ ask, proxy, done }) => {
      proxy.add({ kind: 'drop', times: 1 })
      await expect(ask('/a')).rejects.toThrow()
      expect(done).toEqual([])
      proxy.add({ kind: 'drop', afterEffect: true, times: 1 })
      await expect(ask('/b')).rejects.toThrow()
      proxy.add({ kind: 'half-body', times: 1 })
      await expect(ask('/c').then(answer => answer.text())).rejects.toThrow()
      expect(done).toEqual(['GET /base/b', 'GET /base/c'])
    })
  })

  it('holds a request, or its answer, until it is let go', async () => {
    await behindProxy(async ({ ask, proxy, done }) => {
      const before = proxy.add({ kind: 'hold', times: 1 })
      const first = ask('/a')
      await before.reached
      expect(done).toEqual([])
      before.release()
      expect((await first).status).toBe(200)
      const after = proxy.add({ kind: 'hold', afterEffect: true, times: 1 })
      const second = ask('/b')
      await after.reached
      expect(done).toEqual(['GET /base/a', 'GET /base/b'])
      proxy.clear()
      expect((await second).status).toBe(200)
    })
  })

  it('hits what is meant: method, path with *, after some, so many times; the newest first', async () => {
    await behindProxy(async ({ ask, proxy }) => {
      const planned = proxy.add({ kind: 'status', status: 500, method: 'POST', path: '/o/*', skip: 1, times: 1 })
      const status = async (path: string, method = 'POST') => (await ask(path, { method })).status
      expect([await status('/o/1', 'GET'), await status('/p/1'), await status('/o/1')]).toEqual([200, 200, 200])
      expect([await status('/o/1'), await status('/o/1'), planned.hits]).toEqual([500, 200, 1])
      proxy.add({ kind: 'status', status: 401 })
      const newest = proxy.add({ kind: 'status', status: 404, method: ['PUT', 'POST'] })
      expect([await status('/x'), await status('/x', 'GET')]).toEqual([404, 401])
      newest.release()
      expect(await status('/x')).toBe(401)
    })
  })

  it('counts the connections that are open', async () => {
    await behindProxy(async ({ ask, proxy }) => {
      const held = proxy.add({ kind: 'hold' })
      const asked = [ask('/a'), ask('/b')]
      await held.reached
      while (proxy.openSockets < 2) await new Promise(resolve => setImmediate(resolve))
      held.release()
      await Promise.all(asked)
      while (proxy.openSockets > 0) await new Promise(resolve => setImmediate(resolve))
    })
  })

  it('lets WebSockets pass, and breaks those off that a fault hits', async () => {
    const upper = createServer().on('upgrade', (message: IncomingMessage, socket: Duplex) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: test\r\nconnection: upgrade\r\n\r\n')
      socket.on('data', (data: Buffer) => socket.end(`${message.url} ${data.toString().toUpperCase()}`))
    })
    await new Promise<void>(resolve => upper.listen(0, '127.0.0.1', resolve))
    const target = `http://127.0.0.1:${(upper.address() as AddressInfo).port}`
    const open = (url: string) =>
      new Promise<string>((resolve, reject) => {
        const asked = request(`${url}/stream?of=lemons`, { headers: { connection: 'upgrade', upgrade: 'test' } })
        asked.on('upgrade', (_answer, socket) => {
          let text = ''
          socket.on('data', (data: Buffer) => {
            text += data
          })
          socket.on('close', () => resolve(text))
          socket.write('price')
        })
        asked.on('error', reject)
        asked.end()
      })
    try {
      await using proxy = await startFaultProxy({ target })
      expect(await open(proxy.url)).toBe('/stream?of=lemons PRICE')
      proxy.add({ kind: 'drop', path: '/stream' })
      await expect(open(proxy.url)).rejects.toThrow()
      expect(proxy.requests.map(({ path, query }) => `${path} ${query}`)).toEqual([
        '/stream of=lemons',
        '/stream of=lemons',
      ])
    } finally {
      upper.closeAllConnections()
      await new Promise(resolve => upper.close(resolve))
    }
  })

  it('says so when nobody is behind it', async () => {
    await using gone = await startFaultProxy({ target: 'http://127.0.0.1:1' })
    const answer = await fetch(gone.url)
    expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('no answer from 127.0.0.1:1')])
  })
})
