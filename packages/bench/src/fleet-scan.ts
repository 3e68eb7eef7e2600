import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DefaultRiskManager, dailyLoss, memoryStore, type Store, VirtualClock } from '@org/core'
import { sqliteStore } from '@org/store-sqlite'
import { GpuCapacityOptimizer } from '@org/strategy-gpu-optimizer'
import type { BenchResult } from './bench-result.ts'
import { FleetVenue } from './fleet/fleet-venue.ts'
import { makeFleet } from './fleet/make-fleet.ts'

const gpuCount = 10_000
const kinds = 40
const scans = 7

/** One scan of 10,000 GPUs in 40 kinds: how long it decides when the venue answers at once, and how many market questions it asks. */
export async function run(): Promise<BenchResult[]> {
  const inMemory = await measure(memoryStore())
  const folder = mkdtempSync(join(tmpdir(), 'bench-fleet-'))
  try {
    const durable = await measure(await sqliteStore({ path: join(folder, 'fleet.db') }))
    const note = `${gpuCount} GPUs, ${inMemory.machines} machines, each scan decides about all and books what they cost`
    return [
      { name: 'first scan besides network time', value: inMemory.firstS, unit: 's', limit: 1, note },
      { name: 'slowest later scan besides network time', value: inMemory.laterS, unit: 's', limit: 1, note },
      { name: 'slowest later scan on the SQLite store', value: durable.laterS, unit: 's', note: 'every cost durable' },
      { name: 'market questions per scan', value: inMemory.questions, unit: 'x', limit: kinds },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(store: Store) {
  const clock = new VirtualClock()
  const fleet = makeFleet({ gpus: gpuCount, nowMs: clock.now() })
  const venue = new FleetVenue(clock, fleet.machines)
  const optimizer = new GpuCapacityOptimizer({ gpus: fleet.gpus, venue })
  optimizer.setRiskManager(new DefaultRiskManager([dailyLoss({ limit: 1e6 })], { clock, store }))
  await optimizer.initialize()
  // The first scan meets every machine; later ones also book what the last five minutes cost.
  const firstS = await secondsOf(() => optimizer.findOpportunities())
  const laterS: number[] = []
  for (let scan = 1; scan < scans; scan++) {
    clock.jumpTo(clock.now() + optimizer.config.scanIntervalMs)
    laterS.push(await secondsOf(() => optimizer.findOpportunities()))
  }
  await store.close()
  const machines = fleet.machines.length
  if (fleet.gpus.length !== gpuCount || optimizer.kpis().decisionsMade !== machines * scans)
    throw new Error('the benchmark decides about another fleet than it made')
  return { firstS, laterS: Math.max(...laterS), machines, questions: (venue.asked['market-rate'] ?? 0) / scans }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return (performance.now() - startMs) / 1000
}
