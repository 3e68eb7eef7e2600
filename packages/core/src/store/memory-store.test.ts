import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import { genesisHash } from '../journal/journal-entry.ts'
import { ledgerToText } from '../ledger/snapshot.ts'
import { dailyLoss } from '../risk/constraints/daily-loss.ts'
import { memoryStore } from './memory-store.ts'

describe('memoryStore without a journal', () => {
  it('keeps the same budgets, tells listeners, and has no history', async () => {
    const run = async (store = memoryStore()) => {
      const heard: string[] = []
      store.subscribe(({ seq, fact }) => heard.push(`${seq} ${fact.type}`))
      const world = new RiskWorld([dailyLoss({ limit: 10 })], { store })
      await world.ask({ loss: 7 })
      await world.ask({ loss: 4 })
      await store.saveState('key', 1)
      return { ledger: ledgerToText(store.read()), heard }
    }
    const store = memoryStore({ journalEntriesMax: 0 })
    expect(await run(store)).toEqual(await run())
    expect(store.digest()).toBe(genesisHash)
    for await (const entry of store.journal()) expect(entry).toBeUndefined()
  })
})

describe('memoryStore', () => {
  it('keeps the newest entries alone, at least as many as asked for and at most twice as many', async () => {
    const store = memoryStore({ journalEntriesMax: 5 })
    const world = new RiskWorld([], { store })
    for (let i = 0; i < 23; i++) await world.record({ loss: i })
    const seqs: number[] = []
    for await (const { seq } of store.journal()) seqs.push(seq)
    expect(seqs.at(-1)).toBe(23)
    expect(seqs.length).toBeGreaterThanOrEqual(5)
    expect(seqs.length).toBeLessThanOrEqual(10)
  })
})
