/**
 * A process of its own for `processes.test.ts`: spends from one $500 budget until it is used up or it is killed.
 * Arguments: file, name, number of callers. Prints `ready`, then a line with an intent's id after each answer that it was granted.
 */
import { writeSync } from 'node:fs'
import { DefaultRiskManager, dailyLoss, type IntentId } from '@org/core'
import { sqliteStore } from '@org/store-sqlite'

const [path = '', name = '', callers = '1'] = process.argv.slice(2)
const atMs = Date.UTC(2026, 0, 1)
const clock = { now: () => atMs, sleep: async () => {}, track: <T>(work: Promise<T>) => work }
const store = await sqliteStore({ path })
const risk = new DefaultRiskManager([dailyLoss({ limit: 500 })], { store, clock })
writeSync(1, 'ready\n')

let count = 0
let isUsedUp = false
async function spend(): Promise<void> {
  while (!isUsedUp) {
    const id = `${name}-${count++}` as IntentId
    const result = await risk.reserve({
      id,
      strategyId: name,
      venueId: 'v',
      domain: 'd',
      action: 'a',
      params: {},
      effects: [{ measure: 'loss', amount: 0.25 }],
      reduces: false,
      expiresAt: atMs + 60_000,
      rationale: { reason: 'r', summary: 's' },
    })
    if (!result.ok) {
      if (result.rejection.code === 'RISK_CHECK_FAILED') throw new Error(result.rejection.shortMessage)
      isUsedUp = true
      return
    }
    // Written at once and past any buffer: what is heard outside was answered inside.
    writeSync(1, `${id}\n`)
    if (count % 2 === 0) await risk.settle(id, [{ measure: 'loss', amount: 0.25 }])
  }
}
await Promise.all(Array.from({ length: Number(callers) }, spend))
await store.close()
