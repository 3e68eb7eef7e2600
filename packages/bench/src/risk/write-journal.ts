import { DefaultRiskManager, dailyLoss, type Fact, frequency, toMicros } from '@org/core'
import { sqliteStore } from '@org/store-sqlite'

const recordsPerCommit = 2_000
const startMs = Date.UTC(2026, 0, 1)

/** Fills a new store with intents that are reserved and settled, a tenth of a second apart; as it ends, some are open. */
export async function writeJournal(path: string, records: number): Promise<void> {
  const store = await sqliteStore({ path })
  await new DefaultRiskManager([dailyLoss({ limit: 1e9 }), frequency({ limit: 1e9, per: '1h' })], { store }).ready()
  const facts = pairs()
  for (let written = 0; written < records; written += recordsPerCommit) {
    const batch = Array.from(
      { length: Math.min(recordsPerCommit, records - written) },
      () => facts.next().value as Fact,
    )
    await store.commit(() => ({ facts: batch, at: startMs + written * 50, result: undefined }))
  }
  await store.close()
}

function* pairs(): Generator<Fact, never> {
  for (let i = 0; ; i++) {
    const id = `gpu-optimizer-${i.toString(36)}`
    yield {
      type: 'intent-reserved',
      reservationId: id,
      intent: {
        id,
        strategyId: 'gpu-optimizer',
        venueId: 'vastai',
        domain: 'gpu',
        asset: `machine-${61_000 + (i % 8)}`,
        action: 'write-listing',
        params: { machineId: 61_000 + (i % 8), pricePerGpuHour: 0.49 },
        effects: [
          { measure: 'loss', amount: 0.25 },
          { measure: 'count', amount: 1 },
        ],
        reduces: false,
        expiresAt: startMs + i * 100 + 300_000,
        rationale: { reason: 'above-cost', summary: 'margin 575 %', inputs: { medianPricePerGpuHour: 0.5 } },
      } as unknown as Extract<Fact, { type: 'intent-reserved' }>['intent'],
      expiresAt: startMs + i * 100 + 300_000,
      amounts: [
        { budget: 'max_daily_loss@global', amount: toMicros(0.25, 'up') },
        { budget: 'max_frequency@global', amount: toMicros(1, 'up') },
      ],
      shadowed: [],
    }
    yield {
      type: 'intent-settled',
      reservationId: id,
      postings: [
        { measure: 'loss', amount: toMicros(0.01, 'up') },
        { measure: 'count', amount: toMicros(1, 'up') },
      ],
    }
  }
}
