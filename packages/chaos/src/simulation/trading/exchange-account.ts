import type { Json, Store } from '@org/core'
import { clientOrderIdOf } from '@org/venue-trading/actions'
import { z } from 'zod'
import { never, type SimProcess } from '../process/sim-process.ts'
import type { Deal } from '../venues/book.ts'
import type { ExchangeId } from './prices.ts'

type StatePort = Pick<Store, 'loadState' | 'saveState'>

const changeSchema = z.object({
  orders: z.array(z.object({ clientOrderId: z.string(), symbol: z.string(), status: z.string() })),
  fills: z.array(
    z.object({
      tradeId: z.string(),
      clientOrderId: z.string(),
      strategyId: z.string(),
      symbol: z.string(),
      side: z.enum(['buy', 'sell']),
      price: z.string(),
      quantity: z.string(),
      fee: z.string(),
    }),
  ),
  balances: z.array(z.tuple([z.string(), z.string(), z.string()])),
})
const entrySchema = z.object({ seq: z.number(), steps: z.array(changeSchema) })

/** A trade as the exchange has it. */
export type ExchangeFill = z.output<typeof changeSchema>['fills'][number]

/** Where a process dies more often than elsewhere: the exchange has it, and nobody knows. */
const tradeWeight = 4

/**
 * What an exchange knows of one account. A paper venue computes it within the bot's process; what it writes down of it is kept here, out of
 * reach of that process and its disk, as a real exchange would: a crash or a power cut takes none of it. The bot's own book stays on the disk.
 */
export class ExchangeAccount {
  readonly id: ExchangeId
  /** Orders that it has taken, by the key of the intent. */
  readonly deals: Deal[] = []
  readonly fills: ExchangeFill[] = []
  readonly balances = new Map<string, number>()
  readonly #values = new Map<string, string>()
  readonly #keys = new Map<string, string>()
  readonly #orders = new Set<string>()
  readonly #onDeal: (deal: Deal) => void
  readonly #onFill: (fill: ExchangeFill, key: string) => void

  constructor(
    id: ExchangeId,
    onDeal: (deal: Deal) => void,
    onFill: (account: ExchangeAccount, fill: ExchangeFill, key: string) => void,
  ) {
    this.id = id
    this.#onDeal = onDeal
    this.#onFill = (fill, key) => onFill(this, fill, key)
  }

  /** A request with this key may reach the exchange from now on. */
  expect(key: string): void {
    this.#keys.set(clientOrderIdOf(key), key)
  }

  /** The store as the paper venue of one process reaches it: the account is kept here, the book in `store`. */
  portOf(process: SimProcess, store: StatePort): StatePort {
    return {
      loadState: key => (this.#isAccount(key) ? process.deliver(this.#load(key)) : store.loadState(key)),
      saveState: async (key, value) => {
        if (!this.#isAccount(key)) return store.saveState(key, value)
        await process.point(`before ${this.id} changes`)
        if (process.isDead) return never()
        this.#save(process, key, value)
        await process.point(`after ${this.id} has changed`, tradeWeight)
      },
    }
  }

  #isAccount(key: string): boolean {
    return key.startsWith('paper-account:')
  }

  async #load(key: string): Promise<Json | undefined> {
    const text = this.#values.get(key)
    return text === undefined ? undefined : (JSON.parse(text) as Json)
  }

  #save({ world }: SimProcess, key: string, value: Json): void {
    this.#values.set(key, JSON.stringify(value))
    const { data: entry } = entrySchema.safeParse(value)
    for (const { orders, fills, balances } of entry?.steps ?? []) {
      for (const [asset, total] of balances) this.balances.set(asset, Number(total))
      for (const { clientOrderId, symbol } of orders) this.#take(clientOrderId, symbol, world.clock.now())
      for (const fill of fills) {
        this.fills.push(fill)
        this.#onFill(fill, this.#keys.get(fill.clientOrderId) ?? '')
      }
    }
  }

  #take(clientOrderId: string, asset: string, atMs: number): void {
    if (this.#orders.has(clientOrderId)) return
    this.#orders.add(clientOrderId)
    const key = this.#keys.get(clientOrderId) ?? clientOrderId
    const deal: Deal = { key, action: 'order', asset, atMs, ref: clientOrderId }
    this.deals.push(deal)
    this.#onDeal(deal)
  }
}
