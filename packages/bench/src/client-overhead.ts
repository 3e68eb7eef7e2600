import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { VastAiClient } from '@org/venue-vastai'
import { Pool } from 'undici'
import type { BenchResult } from './bench-result.ts'

const rounds = 40
const callsPerRound = 250

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
  for (let round = 0; round < rounds; round++) {
    // The order changes, so that neither always runs after the other.
    if (round % 2 === 0) bareUs.push(await timePerCall(bare))
    oursUs.push(await timePerCall(ours))
    if (round % 2 === 1) bareUs.push(await timePerCall(bare))
  }
  await pool.close()
  await worker.terminate()

  // The first quarter warms up.
  const bareMedianUs = median(bareUs.slice(rounds / 4))
  const oursMedianUs = median(oursUs.slice(rounds / 4))
  return [
    { name: 'bare undici request and JSON', value: bareMedianUs, unit: 'us', note: 'baseline' },
    { name: 'the same through VastAiClient', value: oursMedianUs, unit: 'us', note: 'with key, pacing, schema' },
    { name: 'overhead of VastAiClient', value: (oursMedianUs / bareMedianUs - 1) * 100, unit: '%', limit: 15 },
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
