// A bot in a process of its own: an engine over a stall that sells lemons, on the store whose path it is told. It scans once for each message.
import {
  BaseStrategy,
  DefaultRiskManager,
  dailyLoss,
  Engine,
  type Intent,
  type Opportunity,
  parseConfig,
  type Receipt,
  strategyConfigSchema,
  type Venue,
  VirtualClock,
} from '@org/core'
import { sqliteStore } from '@org/store-sqlite'
import { z } from 'zod'
import { startMs } from './command-line.ts'

const clock = new VirtualClock({ startMs })
const stopping = new AbortController()
/** What the parent asked for and nobody has taken yet. */
const orders: string[] = []
let onOrder = () => {}
process.on('message', order => {
  orders.push(String(order))
  onOrder()
})
const nextOrder = async () => {
  while (orders.length === 0)
    await new Promise<void>(resolve => {
      onOrder = resolve
    })
  return orders.shift()
}

let bought = 0
const stall: Venue<Record<string, never>> = {
  id: 'lemon-market',
  domain: 'fruit',
  actions: {
    buy: {
      params: z.strictObject({ boxes: z.number() }),
      idempotency: 'lookup',
      reduces: false,
      description: 'buys boxes of lemons',
    },
  },
  async connect() {},
  observe: () => Promise.reject(new Error('the stall shows nothing')),
  holdings: async () => ({ value: [], asOf: clock.now(), source: 'stall' }),
  execute: async (intent: Intent): Promise<Receipt> => ({
    intentId: intent.id,
    venueRef: `box ${++bought}`,
    at: clock.now(),
    postings: [{ measure: 'loss', amount: 1 }],
  }),
  reconcile: async () => ({ status: 'not-done' }),
  async close() {},
}

class LemonBot extends BaseStrategy {
  async findOpportunities(): Promise<readonly Opportunity[]> {
    // The parent's word is outside work: the clock stands still until it comes.
    if ((await clock.track(nextOrder())) !== 'scan') {
      stopping.abort()
      return []
    }
    const rationale = { reason: 'price-below-worth', summary: 'a box costs 4.00 and is worth 5.00' }
    const effects = [{ measure: 'loss', amount: 4 }]
    return [
      {
        id: 'a-box',
        strategyId: this.id,
        kind: 'buy',
        expectedProfitPerHour: 1,
        expectedRoi: 1,
        asOf: clock.now(),
        intents: [{ venueId: stall.id, asset: 'lemons', action: 'buy', params: { boxes: 1 }, effects, rationale }],
        rationale,
      },
    ]
  }

  override async executeOpportunity(opportunity: Opportunity) {
    const executed = await super.executeOpportunity(opportunity)
    const [result] = executed.results
    process.send?.({
      status: result?.status,
      ...(result?.status === 'rejected' ? { code: result.rejection.code, why: result.rejection.shortMessage } : {}),
      bought,
    })
    return executed
  }
}

await using store = await sqliteStore({ path: process.argv[2] ?? '', clock })
const risk = new DefaultRiskManager([dailyLoss({ limit: 100 })], { store, clock })
const config = parseConfig(strategyConfigSchema, { scanIntervalMs: 1_000 }, 'lemon-bot')
const engine = new Engine({
  venues: [stall],
  strategies: [new LemonBot({ id: 'lemon-bot', config })],
  risk,
  mode: 'simulated',
})
await clock.run(() => engine.run({ signal: stopping.signal }))
process.disconnect()
