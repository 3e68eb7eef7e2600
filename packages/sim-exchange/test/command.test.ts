import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { fileURLToPath } from 'node:url'
import ccxt from 'ccxt'
import { describe, expect, it } from 'vitest'
import { ccxtConfig } from '../src/index.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

interface Ready {
  readonly url: string
  readonly wsUrl: string
  readonly apiKey: string
  readonly secret: string
}

/** The command in a process of its own. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--conditions=@org/source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk: Buffer) => {
      said[stream] += chunk.toString()
    })
  const ended = new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>(
    resolve => child.once('close', code => resolve({ code, ...said })),
  )
  const ready = new Promise<Ready>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (said.stdout.includes('\n')) resolve(JSON.parse(said.stdout) as Ready)
    })
    child.once('close', () => reject(new Error(said.stderr)))
  })
  ready.catch(() => undefined)
  return { child, ready, ended }
}

async function accepts(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

// Processes start slowly on a busy machine.
describe('the command', { timeout: 60_000 }, () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints one JSON line, serves ccxt in real time, and ends cleanly on %s',
    async signal => {
      const { child, ready, ended } = start('--port', '0', '--seed', '7')
      const line = await ready
      expect(Object.keys(line)).toEqual(['url', 'wsUrl', 'apiKey', 'secret'])
      expect(line.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      const exchange = new ccxt.binance(ccxtConfig(line))
      const order = await exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01)
      expect(order.status).toBe('closed')
      child.kill(signal)
      expect(await ended).toEqual({ code: 0, stdout: `${JSON.stringify(line)}\n`, stderr: '' })
    },
  )

  it('listens on 127.0.0.1 alone', async () => {
    const { child, ready, ended } = start('--speed', '0')
    const port = Number(new URL((await ready).url).port)
    expect(await accepts('127.0.0.1', port)).toBe(true)
    const others = Object.values(networkInterfaces()).flatMap(all => (all ?? []).filter(each => !each.internal))
    for (const address of [
      '127.0.0.2',
      '::1',
      ...others.filter(each => each.family === 'IPv4').map(each => each.address),
    ])
      expect([address, await accepts(address, port)]).toEqual([address, false])
    child.kill('SIGTERM')
    await ended
  })

  it('gives the same keys and prices for the same seed, and lets time stand still at speed 0', async () => {
    const both = [start('--seed', '7', '--speed', '0'), start('--seed', '7', '--speed', '0')]
    const [a, b] = await Promise.all(both.map(({ ready }) => ready))
    expect(a?.apiKey).toBe(b?.apiKey)
    const body = JSON.stringify({ ms: 3_600_000 })
    const books: string[] = []
    for (const line of [a, b]) {
      await fetch(`${line?.url}/__sim__/advance`, { method: 'POST', body })
      books.push(await (await fetch(`${line?.url}/api/v3/depth?symbol=BTCUSDT`)).text())
    }
    expect(books[0]).toBe(books[1])
    for (const { child, ended } of both) {
      child.kill('SIGTERM')
      await ended
    }
  })

  it.each([
    [['--port', '99999'], '--port: expected a whole number from 0 to 65535, was 99999'],
    [['--seed', 'seven'], '--seed: expected a whole number from -2147483648 to 4294967295, was seven'],
    [['--symbols', 'BTCUSDT'], "--symbols: expected names such as BTC/USDT,ETH/USDT, was 'BTCUSDT'"],
    [['--symbols', 'BTC/USDT,BTC/USDT'], 'BTCUSDT is listed twice'],
    [['--sped', '2'], "Unknown option '--sped'"],
  ])('answers %j with one clear line', async (args, message) => {
    const { code, stdout, stderr } = await start(...args).ended
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(message)])
    expect([code, stdout]).toEqual([1, ''])
  })

  it('says so in one line when the port is taken', async () => {
    const first = start('--speed', '0')
    const { port } = new URL((await first.ready).url)
    const { code, stderr } = await start('--port', port).ended
    expect(code).toBe(1)
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(`port ${port} is in use`)])
    first.child.kill('SIGTERM')
    await first.ended
  })
})
