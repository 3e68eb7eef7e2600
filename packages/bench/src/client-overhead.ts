import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { VastAiClient } from '@org/venue-vastai'
import { Pool } from 'undici'
import type { BenchResult } from './bench-result.ts'

const rounds = 80
const callsPerRound = 60

/** What the Vast.ai client adds to a bare undici request that is parsed as JSON, on one kept-open connection. */
export async function run(): Promise<BenchResult[]> {
  const worker = new Worker(new URL('./http/small-answer-server.ts', import.meta.url))
  const [port] = await once(worker, 'message')
  const origin = `http://127.0.0.1:${port}`
  const apiKey = 'f00dfeed0123456789abcdef0123456789abcdef0123456789abcdef01234567'
  const pool = new Pool(origin, { connections: 1 })
  const headers = { accept: 'application/json', authorization: `Bearer ${apiKey}` }
  const bare = async () => (await pool.request({ method: 'GET', path: '/api/v0/users/current', headers })).body.json()
  await using client = new VastAiClient({ apiKey, baseUrl: origin, connectionsMax: 1 })
  const ours = () => client.users.current()

  const bareUs: number[] = []
  const oursUs: number[] = []
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    // Each round compares neighbours in time, so that other work on the machine hits both alike.
    const before = await timePerCall(bare)
    const between = (await timePerCall(ours)) / 2 + (await timePerCall(ours)) / 2
    const around = before / 2 + (await timePerCall(bare)) / 2
    // The first quarter warms up.
    if (round < rounds / 4) continue
    bareUs.push(around)
    oursUs.push(between)
    ratios.push(between / around)
  }
  await pool.close()
  await worker.terminate()
  return [
    { name: 'bare undici request and JSON', value: median(bareUs), unit: 'us', note: 'baseline' },
    { name: 'the same through VastAiClient', value: median(oursUs), unit: 'us', note: 'with key, pacing, schema' },
    {
      name: 'overhead of VastAiClient',
      value: (median(ratios) - 1) * 100,
      unit: '%',
      limit: 15,
      note: 'median of paired rounds',
    },
  ]
}

async function timePerCall(call: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  for (let i = 0; i < callsPerRound; i++) await call()
  return ((performance.now() - startMs) * 1000) / callsPerRound
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
