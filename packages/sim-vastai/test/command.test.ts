import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
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
  const ended = new Promise<Ended>(resolve => child.once('close', code => resolve({ code, ...said })))
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (said.stdout.includes('\n')) resolve(said.stdout.slice(0, said.stdout.indexOf('\n')))
    })
    child.once('close', () => reject(new Error(said.stderr)))
  })
  line.catch(() => undefined)
  return { child, line, ended }
}

interface Ready {
  readonly url: string
  readonly hostKey: string
  readonly renterKey: string
}

const small = ['--port', '0', '--seed', '7', '--models', 'RTX_4090']

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
  it.each(['SIGTERM', 'SIGINT'] as const)('prints one JSON line, serves, and ends cleanly on %s', async signal => {
    const { child, line, ended } = start(...small, '--speed', '0')
    const ready = JSON.parse(await line) as Ready
    expect(Object.keys(ready).sort()).toEqual(['hostKey', 'renterKey', 'url'])
    expect(ready.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const names = await fetch(`${ready.url}/api/v0/gpu_names/unique/`)
    expect(((await names.json()) as { gpu_names: string[] }).gpu_names).toContain('RTX 4090')
    for (const key of [ready.hostKey, ready.renterKey]) {
      const user = await fetch(`${ready.url}/api/v0/users/current`, { headers: { Authorization: `Bearer ${key}` } })
      expect(user.status).toBe(200)
    }
    child.kill(signal)
    expect(await ended).toEqual({ code: 0, stdout: `${JSON.stringify(ready)}\n`, stderr: '' })
  })

  it('listens on 127.0.0.1 alone', async () => {
    const { child, line, ended } = start(...small, '--speed', '0')
    const port = Number(new URL((JSON.parse(await line) as Ready).url).port)
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

  it('gives the same keys for the same seed, and lets time stand still at speed 0', async () => {
    const first = start(...small, '--speed', '0')
    const second = start(...small, '--speed', '0')
    const [a, b] = (await Promise.all([first.line, second.line])).map(line => JSON.parse(line) as Ready)
    expect(a?.hostKey).toBe(b?.hostKey)
    expect(a?.renterKey).toBe(b?.renterKey)
    const state = async () => (await (await fetch(`${a?.url}/__sim__/state`)).json()) as { now_ms: number }
    const before = await state()
    expect(await state()).toEqual(before)
    const body = JSON.stringify({ ms: 60_000 })
    const advanced = await fetch(`${a?.url}/__sim__/advance`, { method: 'POST', body })
    expect(await advanced.json()).toEqual({ now_ms: before.now_ms + 60_000 })
    for (const { child, ended } of [first, second]) {
      child.kill('SIGTERM')
      await ended
    }
  })

  it.each([
    [['--port', '99999'], '--port: expected a whole number from 0 to 65535, was 99999'],
    [['--port', '1.5'], '--port: expected a whole number from 0 to 65535, was 1.5'],
    [['--seed', 'seven'], '--seed: expected a whole number from -2147483648 to 4294967295, was seven'],
    [['--speed=-1'], '--speed: expected a number from 0 to 1000000, was -1'],
    [['--models', 'RTX_9999'], 'unknown GPU model RTX_9999'],
    [['--sped', '2'], "Unknown option '--sped'"],
    [['--speed', '-1'], "Option '--speed' argument is ambiguous. --help lists the options."],
    [['--models', 'RTX_4090,'], "--models: expected names such as RTX_4090,H100_SXM, was 'RTX_4090,'"],
    [['extra'], "Unexpected argument 'extra'"],
  ])('answers %j with one clear line', async (args, message) => {
    const { ended } = start(...args)
    const { code, stdout, stderr } = await ended
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(message)])
    expect([code, stdout]).toEqual([1, ''])
  })

  it('says so in one line when the port is taken', async () => {
    const first = start(...small, '--speed', '0')
    const { port } = new URL((JSON.parse(await first.line) as Ready).url)
    const { code, stderr } = await start('--port', port, '--models', 'RTX_4090').ended
    expect(code).toBe(1)
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(`port ${port} is in use`)])
    first.child.kill('SIGTERM')
    await first.ended
  })

  it('explains itself', async () => {
    const { code, stdout } = await start('--help').ended
    expect(code).toBe(0)
    for (const option of ['--port', '--seed', '--speed', '--models', '--no-rate-limits'])
      expect(stdout).toContain(option)
  })
})
