import {
  DefaultRiskManager,
  dailyLoss,
  defineConstraint,
  drawdown,
  exposure,
  frequency,
  type IntentId,
  lossWindow,
  memoryStore,
  operatingCost,
  orderNotional,
  position,
  type RiskConstraint,
  type Store,
} from '@org/core'
import type { BenchResult } from './bench-result.ts'

const pairs = 60_000
const rounds = 5

/** Reserve + settle in memory: how fast, what the journal costs, and what constraints cost that do not match. */
export async function run(): Promise<BenchResult[]> {
  const bare = await fastest(() => hammer(memoryStore({ journalEntriesMax: 0 }), eight))
  const journaled = await fastest(() => hammer(memoryStore(), eight))
  const [few, many] = [
    await fastest(() => hammer(memoryStore({ journalEntriesMax: 0 }), [...eight, ...others(2)])),
    await fastest(() => hammer(memoryStore({ journalEntriesMax: 0 }), [...eight, ...others(9_992)])),
  ]
  return [
    {
      name: 'reserve + settle, 8 matching constraints, no journal',
      value: Math.round(bare),
      unit: 'pairs/s',
      limit: 300_000,
    },
    {
      name: 'reserve + settle, 8 matching constraints, journal and hash chain',
      value: Math.round(journaled),
      unit: 'pairs/s',
    },
    {
      name: '10,000 constraints of which 8 match, time over that with 10',
      value: round(few / many),
      unit: 'x',
      limit: 1.5,
    },
  ]
}

const eight: readonly RiskConstraint[] = [
  dailyLoss({ limit: 1e6 }),
  lossWindow({ limit: 1e6, window: { last: '1h' } }),
  drawdown({ limit: 1e6 }),
  exposure({ limit: 1e6, scope: { asset: '*' } }),
  frequency({ limit: 1e6, per: '1h', scope: { venue: '*' } }),
  operatingCost({ limit: 1e6 }),
  orderNotional({ limit: 1e6 }),
  position({ limit: 1e6 }),
]

/** Constraints of assets that nobody trades. */
function others(count: number): readonly RiskConstraint[] {
  return Array.from({ length: count }, (_, i) =>
    defineConstraint({
      type: 'OTHER',
      name: `other_${i}`,
      measure: 'exposure',
      limit: 100,
      scope: { asset: `asset-${i}` },
      aggregation: { kind: 'level' },
    }),
  )
}

/** Pairs per second of one core, of the fastest round: what the others add is the machine's. */
async function fastest(round: () => Promise<number>): Promise<number> {
  let best = 0
  for (let i = 0; i < rounds; i++) best = Math.max(best, await round())
  return best
}

async function hammer(store: Store, constraints: readonly RiskConstraint[]): Promise<number> {
  let nowMs = Date.UTC(2026, 0, 1)
  const clock = { now: () => nowMs, sleep: async () => {}, track: <T>(work: Promise<T>) => work }
  const risk = new DefaultRiskManager(constraints, { store, clock })
  await risk.ready()
  const started = process.threadCpuUsage()
  for (let i = 0; i < pairs; i++) {
    nowMs += 50
    const id = `intent-${i}` as IntentId
    const result = await risk.reserve({
      id,
      strategyId: 'bench',
      venueId: 'venue',
      domain: 'bench',
      asset: 'machine-1',
      action: 'list',
      params: { machine: 1 },
      effects: [
        { measure: 'loss', amount: 1 },
        { measure: 'exposure', amount: 1 },
        { measure: 'count', amount: 1 },
        { measure: 'operating-cost', amount: 0.01 },
        { measure: 'notional', amount: 10 },
        { measure: 'position', amount: 1 },
      ],
      reduces: false,
      expiresAt: nowMs + 60_000,
      rationale: { reason: 'bench', summary: 'as fast as it goes' },
    })
    if (!result.ok) throw new Error(result.rejection.shortMessage)
    await risk.settle(id, [
      { measure: 'loss', amount: i % 2 === 0 ? 1 : -1 },
      { measure: 'exposure', amount: 0 },
      { measure: 'position', amount: 0 },
    ])
  }
  // The thread's own time: on a machine with other work, the clock on the wall measures that.
  const { user, system } = process.threadCpuUsage(started)
  return (pairs * 1e6) / (user + system)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
