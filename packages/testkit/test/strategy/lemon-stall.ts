import type { AnyVenue, Clock, Holding, Intent, Observation, Receipt, Reconciliation } from '@org/core'
import { lemonActions } from '../lemon/lemon-actions.ts'

/** A market in memory, on which lemons are bought and sold by the box. */
export class LemonStall implements AnyVenue {
  readonly id = 'lemon-market'
  readonly domain = 'fruit'
  readonly actions = lemonActions
  pricePerBox = 4
  boxes = 0
  readonly #done = new Map<string, Receipt>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async connect(): Promise<void> {}
  async close(): Promise<void> {}

  async observe(): Promise<Observation<number>> {
    return { value: this.pricePerBox, asOf: this.#clock.now(), source: 'lemon-market:board' }
  }

  async holdings(): Promise<Observation<readonly Holding[]>> {
    return { value: [], asOf: this.#clock.now(), source: 'lemon-market:stock' }
  }

  async execute(intent: Intent): Promise<Receipt> {
    const { boxes } = intent.params as { readonly boxes: number }
    this.boxes += intent.action === 'buy' ? boxes : -boxes
    const receipt = { intentId: intent.id, at: this.#clock.now(), postings: [{ measure: 'loss', amount: 0 }] }
    this.#done.set(intent.id, receipt)
    return receipt
  }

  async reconcile(intent: Intent): Promise<Reconciliation> {
    const receipt = this.#done.get(intent.id)
    return receipt === undefined ? { status: 'not-done' } : { status: 'done', receipt }
  }
}
