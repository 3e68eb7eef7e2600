import { describe, expect, it } from 'vitest'
import type { Micros } from '../money/micros.ts'
import { memoryStore } from '../store/memory-store.ts'
import type { Fact } from './fact.ts'
import { exportJournal, importJournal } from './journal-lines.ts'
import { compareWithReplay, replayJournal } from './replay.ts'
import { verifyChain } from './verify-chain.ts'

const fact = (note: string): Fact => ({
  type: 'result-recorded',
  domain: 'd',
  strategyId: 's',
  venueId: 'v',
  postings: [{ measure: 'loss', amount: 5_000_000 as Micros }],
  note,
})

async function storeWith(...notes: readonly string[]) {
  const store = memoryStore()
  for (const note of notes) await store.commit(() => ({ facts: [fact(note)], at: 1_000, result: undefined }))
  return store
}

async function linesOf(store: Awaited<ReturnType<typeof storeWith>>): Promise<string[]> {
  const lines: string[] = []
  for await (const line of exportJournal(store)) lines.push(line)
  return lines
}

describe('a journal as lines', () => {
  it('gives back the same entries, whose chain holds and whose budgets are the stored ones', async () => {
    const store = await storeWith('a', 'ü "quoted"\nline', 'c')
    const lines = await linesOf(store)
    expect(lines).toHaveLength(3)
    expect(await verifyChain(importJournal(lines))).toBeUndefined()
    expect(await replayJournal(importJournal(lines))).toEqual(store.read())
  })

  it('shows which entry was changed', async () => {
    const lines = (await linesOf(await storeWith('a', 'b', 'c'))).map(line => line.replace('"b"', '"x"'))
    expect(await verifyChain(importJournal(lines))).toEqual({ seq: 2, problem: 'was changed' })
  })

  it('says which line was cut off', async () => {
    const lines = await linesOf(await storeWith('a', 'b'))
    const cut = [lines[0] ?? '', (lines[1] ?? '').slice(0, 40)]
    await expect(replayJournal(importJournal(cut))).rejects.toThrow('line 2 of the journal is no entry')
  })
})

describe('compareWithReplay', () => {
  it('finds nothing in a sound store', async () => {
    expect(await compareWithReplay(await storeWith('a', 'b'))).toEqual([])
  })

  it('names the part that does not follow from the journal', async () => {
    const store = await storeWith('a', 'b')
    store.read().lossEver = 7 as Micros
    expect(await compareWithReplay(store)).toEqual([{ what: 'lossEver', stored: '7', replayed: '10000000' }])
  })

  it('refuses a journal whose beginning is gone', async () => {
    const entries = importJournal((await linesOf(await storeWith('a', 'b'))).slice(1))
    await expect(replayJournal(entries)).rejects.toThrow('entry 1 is missing, 2 follows')
  })
})
