import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from '@org/store-sqlite'
import type { BenchResult } from './bench-result.ts'
import { oneTransactionPerOperation, readThenWrite } from './risk/baselines.ts'
import { type HammerResult, hammer } from './risk/hammer.ts'
import { hammerTogether } from './risk/hammer-together.ts'
import { rawSyncsPerSecond } from './risk/raw-sync.ts'

const seconds = 2

/** Durable reserve + settle on the SQLite store, measured against the bare disk and the naive way in the same run. */
export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-risk-'))
  try {
    return await measure(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(folder: string): Promise<BenchResult[]> {
  // The disk is shared and its speed wanders: raw syncs are measured around each run, and each ratio uses its own neighbours.
  const besideRaw = async <T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly raw: number }> => {
    const before = rawSyncsPerSecond(folder, 0.5)
    const result = await run()
    return { result, raw: (before + rawSyncsPerSecond(folder, 0.5)) / 2 }
  }
  const alone = (callers: number, kind: 'grouped' | 'naive' = 'grouped') =>
    besideRaw(async () => {
      const store = await sqliteStore({ path: join(folder, `${kind}-${callers}.db`) })
      try {
        const used = kind === 'naive' ? oneTransactionPerOperation(store) : store
        return await hammer({ store: used, name: kind, callers, seconds })
      } finally {
        await store.close()
      }
    })

  const single = await alone(1)
  const many = await alone(64)
  const naive = await alone(64, 'naive')
  const crowd = await alone(512)
  const one = await hammerTogether({ path: join(folder, 'one.db'), processes: 1, callers: 64, seconds })
  const two = await hammerTogether({ path: join(folder, 'two.db'), processes: 2, callers: 64, seconds })
  const perRaw = ({ result, raw }: { readonly result: HammerResult; readonly raw: number }) =>
    round(result.pairsPerSecond / raw)
  const total = (results: readonly HammerResult[]) => results.reduce((sum, result) => sum + result.pairsPerSecond, 0)

  return [
    { name: 'raw 4 KiB write + fdatasync', value: Math.round(many.raw), unit: '/s' },
    {
      name: '1 caller, pairs per raw sync',
      value: perRaw(single),
      unit: 'x at least',
      limit: 0.4,
      note: speed(single.result),
    },
    {
      name: '64 callers, pairs per raw sync',
      value: perRaw(many),
      unit: 'x at least',
      limit: 15,
      note: speed(many.result),
    },
    {
      name: '64 callers, over one transaction per operation',
      value: round(many.result.pairsPerSecond / many.raw / (naive.result.pairsPerSecond / naive.raw)),
      unit: 'x at least',
      limit: 20,
      note: `naive: ${speed(naive.result)}`,
    },
    {
      name: '512 callers, pairs per raw sync',
      value: perRaw(crowd),
      unit: 'x at least',
      limit: 30,
      note: speed(crowd.result),
    },
    {
      name: '64 callers, p99 of one call in raw syncs',
      value: round((many.result.p99Ms * many.raw) / 1_000),
      unit: 'x',
      limit: 10,
      note: `${round(many.result.p99Ms)} ms`,
    },
    {
      name: 'two processes together, over one',
      value: round(total(two) / total(one)),
      unit: 'x at least',
      limit: 0.8,
      note: two.map(speed).join(' + '),
    },
    {
      name: 'two processes, share of the slower',
      value: round((100 * Math.min(...two.map(result => result.pairsPerSecond))) / total(two)),
      unit: '% at least',
      limit: 40,
    },
    {
      name: 'two processes, longest wait',
      value: round(Math.max(...two.map(result => result.longestMs))),
      unit: 'ms',
      limit: 50,
    },
    ...(await overspends(folder)),
  ]
}

/** How far the store and the negative control go over a budget of $100 when 64 callers take $1 each. */
async function overspends(folder: string): Promise<BenchResult[]> {
  const limit = 100
  const spend = async (kind: 'store' | 'control') => {
    const store = await sqliteStore({ path: join(folder, `${kind}.db`) })
    try {
      const used = kind === 'control' ? readThenWrite(store) : store
      const { granted } = await hammer({ store: used, name: kind, callers: 64, seconds, limit })
      return granted - limit
    } finally {
      await store.close()
    }
  }
  return [
    { name: 'overspent by the store', value: await spend('store'), unit: '%', limit: 0, note: 'dollars over $100' },
    { name: 'overspent by the negative control', value: await spend('control'), unit: '$ at least', limit: 1 },
  ]
}

function speed(result: HammerResult): string {
  return `${Math.round(result.pairsPerSecond)} pairs/s`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
