import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { VirtualClock } from '@org/core'
import { startVastAiSimulator, type VastAiSimulator } from '@org/sim-vastai'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sandboxGpus } from '../src/gpus.ts'
import { readProgramConfig } from '../src/program-config.ts'
import { runReal } from '../src/real.ts'

let clock: VirtualClock
let simulator: VastAiSimulator
let folder: string

beforeEach(async () => {
  clock = new VirtualClock()
  folder = await mkdtemp(join(tmpdir(), 'real-'))
  simulator = await startVastAiSimulator({
    clock,
    seed: 7,
    models: ['RTX_4090'],
    rateLimits: false,
    machines: sandboxGpus.map(gpu => ({ id: gpu.machineId, model: 'RTX_4090', gpuCount: 1 })),
  })
})

afterEach(async () => {
  await simulator.close()
  await rm(folder, { recursive: true, force: true })
})

/** What is printed up to the first scan. The marketplace is a simulator here; `real.ts` does not know. */
async function firstScan(mode: 'dry-run' | 'live'): Promise<readonly string[]> {
  return clock.run(() => scanOnce(mode))
}

async function scanOnce(mode: 'dry-run' | 'live'): Promise<readonly string[]> {
  const stop = new AbortController()
  const printed: string[] = []
  const print = (text: string) => {
    printed.push(text)
    stop.abort()
  }
  const { hostKey: apiKey, url: baseUrl } = simulator
  const market = { clock, mode, apiKey, baseUrl, folder }
  const config = await readProgramConfig(undefined)
  await runReal({ ...market, gpus: sandboxGpus, config, policy: 'guide-rule', signal: stop.signal, print })
  return printed
}

/** Runs `npm start` against the marketplace of this test. */
async function typed(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { VAST_AI_API_KEY: _, ...inherited } = process.env
  const main = join(import.meta.dirname, '../src/main.ts')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@org/source', main, '--data', folder, ...args],
    { env: { ...inherited, VAST_URL: simulator.url, ...env } },
  )
  return stdout
}

describe('real by choice only', () => {
  it('without a key the marketplace hears nothing at all, and --live is refused', { timeout: 60_000 }, async () => {
    expect(await typed(['--days', '1'])).toMatch(/No key, nothing real/)
    await expect(typed(['--live'])).rejects.toThrow(/NO_API_KEY/)
    await expect(typed(['--live'], { VAST_AI_API_KEY: '' })).rejects.toThrow(/NO_API_KEY/)
    expect(simulator.inspect.requestCount).toBe(0)
  })

  it('with a key, --live without --gpus is refused, and a dry run says whose machines it looks for', {
    timeout: 60_000,
  }, async () => {
    const key = { VAST_AI_API_KEY: simulator.hostKey }
    await expect(typed(['--live'], key)).rejects.toThrow(/NO_GPUS: --live needs --gpus FILE/)
    expect(simulator.inspect.requestCount).toBe(0)
    // A marketplace that is not there ends the dry run at once.
    await expect(typed([], { ...key, VAST_URL: 'http://127.0.0.1:9' })).rejects.toMatchObject({
      stdout: expect.stringContaining("the example's machines 61001 and 61002, which are not yours"),
    })
  })

  it('a dry run says what it would do and sends nothing that changes anything', { timeout: 60_000 }, async () => {
    const printed = await firstScan('dry-run')
    expect(printed[0]).toMatch(/would do/)
    expect(simulator.inspect.requestCount).toBeGreaterThan(0)
    expect(simulator.inspect.changingRequestCount).toBe(0)
    expect(simulator.world.machine(61_001).listing).toBeUndefined()
  })

  it('a live run lists', { timeout: 60_000 }, async () => {
    const printed = await firstScan('live')
    expect(printed[0]).toMatch(/done/)
    expect(simulator.inspect.changingRequestCount).toBeGreaterThan(0)
    expect(simulator.world.machine(61_001).listing).toBeDefined()
  })

  it('a restart gives nobody a fresh budget, and a dry run takes nothing from a live one', {
    timeout: 60_000,
  }, async () => {
    const frequency = (printed: readonly string[]) => /max_frequency .* (\d+) +0 +\d+$/m.exec(printed.at(-1) ?? '')?.[1]
    expect(frequency(await firstScan('live'))).toBe('2')
    expect(frequency(await firstScan('live'))).toBe('2')
    expect(frequency(await firstScan('dry-run'))).toBe('0')
  })

  it('two processes never act from one folder: the second is refused before it asks anything', {
    timeout: 60_000,
  }, async () => {
    const ends = await clock.run(() => Promise.allSettled([scanOnce('live'), scanOnce('live')]))
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'FOLDER_IN_USE', effect: 'none', shortMessage: expect.stringContaining(folder) },
    })
    expect(simulator.inspect.changingRequestCount).toBe(2)
    await expect(firstScan('live')).resolves.toBeDefined()
  })

  it('no key is ever printed', { timeout: 60_000 }, async () => {
    expect((await firstScan('dry-run')).join('\n')).not.toContain(simulator.hostKey)
  })
})
