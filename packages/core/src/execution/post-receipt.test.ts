import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import type { Receipt } from '../intent/receipt.ts'
import { dailyLoss } from '../risk/constraints/daily-loss.ts'
import { memoryStore } from '../store/memory-store.ts'
import { postReceipt } from './post-receipt.ts'

async function worldWithSent({ journalEntriesMax = 1_000 } = {}) {
  const world = new RiskWorld([dailyLoss({ limit: 100 })], { store: memoryStore({ journalEntriesMax }) })
  const intent = world.intent({ loss: 40 }, { id: 'sale' })
  await world.risk.reserve(intent)
  await world.risk.markSent('sale', 'sale')
  const used = () => world.risk.remaining('max_daily_loss').used
  const post = (postings: Receipt['postings']) =>
    postReceipt(world.risk, 'sale', intent, { intentId: intent.id, at: world.nowMs, postings })
  // As when a hundred thousand others have ended since.
  const forget = () => world.store.read().ended.delete('sale')
  return { world, used, post, forget }
}

describe('what a venue did', () => {
  it('counts where its reservation was released meanwhile', async () => {
    const { world, used, post } = await worldWithSent()
    await world.risk.release('sale', 'the venue knows nothing of it')
    await post([{ measure: 'loss', amount: 30 }])
    expect(used()).toBe(30)
  })

  it('counts where its reservation was released so long ago that the ledger has forgotten it', async () => {
    const { world, used, post, forget } = await worldWithSent()
    await world.risk.release('sale', 'the venue knows nothing of it')
    forget()
    await post([{ measure: 'loss', amount: 30 }])
    expect(used()).toBe(30)
    expect(await world.risk.settle('sale', [])).toBe('ended-before')
  })

  it('counts once where it was settled so long ago that only the journal knows', async () => {
    const { world, used, post, forget } = await worldWithSent()
    await post([{ measure: 'loss', amount: 30 }])
    forget()
    await post([{ measure: 'loss', amount: 30 }])
    expect(used()).toBe(30)
    expect(await world.risk.settle('sale', [])).toBe('settled-before')
  })

  it('counts where not even the journal goes back to it, with what it does not name as it was reserved', async () => {
    const { world, used, post, forget } = await worldWithSent({ journalEntriesMax: 1 })
    await world.risk.release('sale', 'the venue knows nothing of it')
    // Entries are let go of in blocks.
    for (let i = 0; i < 5; i++) await world.record({})
    forget()
    await post([])
    expect(used()).toBe(40)
  })
})
