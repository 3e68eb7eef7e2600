import { VirtualClock } from '@org/core'
import { startVastAiSimulator } from '@org/sim-vastai'
import { rateOffers, readOffers } from '@org/venue-vastai'
import { request } from 'undici'
import type { BenchResult } from './bench-result.ts'

const rowCount = 10_000
const rounds = 24

/** Turning the bytes of an answer of 10,000 offers into typed offers and a market rate, against `JSON.parse` on the same bytes. */
export async function run(): Promise<BenchResult[]> {
  const bytes = await makeAnswer()
  const decoder = new TextDecoder()
  const bare = () => JSON.parse(decoder.decode(bytes))
  const typed = () => readOffers(bytes)
  const ours = () => rateOffers(typed().offers, 0, { kind: { model: 'RTX_4090' } })
  const { offers, rejectedRows } = typed()
  if (offers.length !== rowCount || rejectedRows.count > 0 || ours().machinesCounted < rowCount / 2)
    throw new Error('the benchmark reads other rows than it made')

  const bareMs: number[] = []
  const typedMs: number[] = []
  const oursMs: number[] = []
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) bareMs.push(time(bare))
    typedMs.push(time(typed))
    oursMs.push(time(ours))
    if (round % 2 === 1) bareMs.push(time(bare))
  }
  // The first quarter warms up.
  const bareMedianMs = median(bareMs.slice(rounds / 4))
  const typedMedianMs = median(typedMs.slice(rounds / 4))
  const oursMedianMs = median(oursMs.slice(rounds / 4))
  return [
    { name: 'JSON.parse', value: bareMedianMs, unit: 'ms', note: `${(bytes.length / 1e6).toFixed(1)} MB, baseline` },
    { name: 'bytes to typed offers', value: typedMedianMs, unit: 'ms' },
    { name: 'bytes to typed offers and a market rate', value: oursMedianMs, unit: 'ms' },
    { name: 'the same against JSON.parse', value: oursMedianMs / bareMedianMs, unit: 'x', limit: 3 },
  ]
}

/** Rows as they travel, all fields, from the simulator; ids made different. */
async function makeAnswer(): Promise<Uint8Array> {
  const clock = new VirtualClock()
  await using simulator = await startVastAiSimulator({ clock, seed: 7, models: ['RTX_4090'] })
  const answer = await request(`${simulator.url}/api/v0/bundles/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.renterKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ limit: 1000 }),
  })
  const { offers } = (await answer.body.json()) as { offers: Record<string, unknown>[] }
  const rows = Array.from({ length: rowCount }, (_, i) => ({
    ...offers[i % offers.length],
    id: i + 1,
    machine_id: i + 1,
  }))
  return new TextEncoder().encode(JSON.stringify({ offers: rows }))
}

function time(work: () => unknown): number {
  const startMs = performance.now()
  work()
  return performance.now() - startMs
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
