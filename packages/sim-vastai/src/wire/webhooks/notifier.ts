import type { Webhook } from '../account-book.ts'
import { BoundedList } from '../bounded-list.ts'
import type { Simulation } from '../simulation.ts'
import { type Delivery, deliver, eventId, type WebhookEvent } from './deliver.ts'
import { MarketWatch } from './market-watch.ts'

const ATTEMPTS_MAX = 3
const DELIVERIES_MAX = 1_000

/** Tells webhooks what happened. Delivers at least once, in order, and tries again after 408, 429, 5xx and silence. */
export class Notifier {
  readonly #simulation: Simulation
  readonly #watch: MarketWatch
  readonly #deliveries = new BoundedList<Delivery>(DELIVERIES_MAX)
  #queue: Promise<void> = Promise.resolve()
  #events = 0

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#watch = new MarketWatch(simulation, (accountId, key, text) => this.notify(accountId, key, text))
  }

  /** All deliveries so far, bounded. */
  get deliveries(): readonly Delivery[] {
    return [...this.#deliveries]
  }

  /** Looks for what happened in the market since the last look. */
  observe(): void {
    this.#watch.look()
  }

  /** Queues an event for all webhooks of an account that want it. */
  notify(accountId: number, key: string, text: { readonly subject: string; readonly message: string }): void {
    const book = this.#simulation.book(accountId)
    if (book === undefined) return
    const webhooks = [...book.webhooks.values()].filter(webhook => webhook.eventTypes.includes(key))
    if (webhooks.length === 0) return
    const event = this.#event(accountId, key.slice(key.indexOf(':') + 1), text)
    for (const webhook of webhooks) this.#enqueue(() => this.#attempt(webhook, event, ATTEMPTS_MAX))
  }

  /** A delivery of the same form, never repeated. Resolves with the receiver's status. */
  async test(accountId: number, webhook: Webhook): Promise<number> {
    const event = this.#event(accountId, 'webhook_test', { subject: 'Test webhook', message: 'This is a test.' })
    let status = 0
    this.#enqueue(async () => {
      status = await this.#attempt(webhook, event, 1)
    })
    await this.#queue
    return status
  }

  /** Resolves when nothing is left to deliver. */
  settled(): Promise<void> {
    return this.#queue
  }

  #event(accountId: number, notifType: string, text: { readonly subject: string; readonly message: string }) {
    const event: WebhookEvent = {
      event_id: eventId(this.#simulation.seed, ++this.#events),
      user_id: accountId,
      notif_type: notifType,
      ...text,
      timestamp: this.#simulation.world.nowMs / 1000,
    }
    return event
  }

  #enqueue(work: () => Promise<unknown>): void {
    const next = this.#queue.then(async () => {
      await work()
    })
    this.#queue = next
    void this.#simulation.clock.track(next)
  }

  async #attempt(webhook: Webhook, event: WebhookEvent, attemptsMax: number): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const status = await deliver(webhook, event, attempt, this.#simulation.world.nowMs)
      const { event_id: id, notif_type: notifType } = event
      this.#deliveries.add({ webhookId: webhook.id, eventId: id, notifType, attempt, status })
      const isRetryable = status === 0 || status === 408 || status === 429 || status >= 500
      if (!isRetryable || attempt >= attemptsMax) return status
    }
  }
}
