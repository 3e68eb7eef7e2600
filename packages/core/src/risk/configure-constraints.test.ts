import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import { compareWithReplay } from '../journal/replay.ts'
import { ledgerFromText, ledgerToText } from '../ledger/snapshot.ts'
import { configureConstraints } from './configure-constraints.ts'
import { dailyLoss } from './constraints/daily-loss.ts'
import { DefaultRiskManager } from './default-risk-manager.ts'

const name = 'max_daily_loss'

/** A world whose first process is configured with `first`, and what starting more of them makes of the limit. */
async function startedWith(first: number) {
  const { store, risk } = new RiskWorld([dailyLoss({ limit: first })])
  const start = async (limit: number, enforce = true) => {
    const other = new DefaultRiskManager([dailyLoss({ limit, enforce })], { store, clock: risk.clock })
    await other.ready()
    return other.remaining(name).limit
  }
  await risk.ready()
  return { store, start, byHand: (limit: number) => risk.setLimit(name, limit, 'a decision', 'me') }
}

describe('a configured limit', () => {
  it('follows the configuration as long as nobody has set it by hand', async () => {
    const { start } = await startedWith(500)
    for (const limit of [300, 800, 300]) expect(await start(limit)).toBe(limit)
  })

  it('never raises what was lowered by hand, however the processes that start are configured', async () => {
    const { store, start, byHand } = await startedWith(500)
    await byHand(100)
    for (const limit of [300, 500, 300, 500]) expect(await start(limit)).toBe(100)
    expect(await compareWithReplay(store)).toEqual([])
  })

  it('lowers what was set by hand, and is bound by that until somebody sets it by hand again', async () => {
    const { start, byHand } = await startedWith(500)
    await byHand(100)
    expect(await start(50)).toBe(50)
    expect(await start(300)).toBe(50)
    await byHand(400)
    expect(await start(300)).toBe(300)
    expect(await start(500)).toBe(300)
  })

  it('may change all else of a constraint whose limit was set by hand, once', async () => {
    const { store, start, byHand } = await startedWith(500)
    await byHand(100)
    for (let i = 0; i < 3; i++) expect(await start(500, false)).toBe(100)
    expect(store.read().constraints.get(name)?.enforce).toBe(false)
    expect(configureConstraints(store.read(), [dailyLoss({ limit: 500, enforce: false })])).toEqual([])
  })

  it('remembers in a snapshot what was set by hand', async () => {
    const { store, byHand } = await startedWith(500)
    await byHand(100)
    const copy = ledgerFromText(ledgerToText(store.read()))
    expect(configureConstraints(copy, [dailyLoss({ limit: 300 })])).toEqual([])
  })
})
