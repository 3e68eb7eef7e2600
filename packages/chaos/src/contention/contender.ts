/** One of the processes of `contention.ts`. Arguments: file, name, seconds, callers, dollars of one intent. */
import { once } from 'node:events'
import { DefaultRiskManager, dailyLoss, exposure, frequency, type IntentId, systemClock } from '@org/core'
import { sqliteStore } from '@org/store-sqlite'
import type { ContenderReport } from './run-contenders.ts'

const [path = '', name = '', seconds = '1', callers = '1', dollars = '1'] = process.argv.slice(2)
const store = await sqliteStore({ path })
const risk = new DefaultRiskManager(
  [
    dailyLoss({ limit: 500 }),
    exposure({ limit: 1_000, name: 'max_exposure' }),
    frequency({ limit: 1_000_000_000, per: '1h' }),
  ],
  { store },
)
const go = once(process, 'message')
process.send?.('ready')
await go

const endMs = systemClock.now() + Number(seconds) * 1_000
let count = 0
let pairs = 0
let refused = 0
let waitMsMax = 0
await Promise.all(Array.from({ length: Number(callers) }, hammer))
await store.close()
const report: ContenderReport = { name, pairs, refused, waitMsMax }
process.send?.(report)
process.disconnect()

/** Reserves; mostly gives it back, now and then loses a tenth of a cent: the budget binds at every moment. */
async function hammer(): Promise<void> {
  while (systemClock.now() < endMs) {
    const id = `${name}-${count++}` as IntentId
    const started = performance.now()
    const result = await risk.reserve({
      id,
      strategyId: name,
      venueId: 'venue',
      domain: 'contention',
      action: 'act',
      params: {},
      effects: [
        { measure: 'loss', amount: dollars },
        { measure: 'exposure', amount: dollars },
        { measure: 'count', amount: 1 },
      ],
      reduces: false,
      expiresAt: endMs + 60_000,
      rationale: { reason: 'contention', summary: 'hammers' },
    })
    waitMsMax = Math.max(waitMsMax, performance.now() - started)
    if (!result.ok) {
      if (result.rejection.code === 'RISK_CHECK_FAILED') throw new Error(result.rejection.shortMessage)
      refused++
      continue
    }
    if (count % 10 === 0)
      await risk.settle(id, [
        { measure: 'loss', amount: '0.001' },
        { measure: 'exposure', amount: 0 },
        { measure: 'count', amount: 1 },
      ])
    else await risk.release(id, 'given back')
    pairs++
  }
}
