/** Deliveries remembered at one time. */
const deliveriesMaxDefault = 10_000

/**
 * Remembers which deliveries were accepted, at least as long as they could be played again.
 *
 * When it is full of deliveries that are still fresh, new ones are refused rather than old ones forgotten: a replay must not get in by
 * flooding.
 */
export class SeenWebhooks {
  readonly #deliveriesMax: number
  /** When each may be forgotten, in the order they came. */
  readonly #expiryMs = new Map<string, number>()

  constructor(options: { readonly deliveriesMax?: number } = {}) {
    this.#deliveriesMax = options.deliveriesMax ?? deliveriesMaxDefault
  }

  get size(): number {
    return this.#expiryMs.size
  }

  /** Remembers a delivery; `seen` when it is known already, `full` when there is no room. */
  add(eventId: string, forgetAtMs: number, nowMs: number): 'new' | 'seen' | 'full' {
    if (this.#expiryMs.has(eventId)) return 'seen'
    if (this.#expiryMs.size >= this.#deliveriesMax) this.#forgetBefore(nowMs)
    if (this.#expiryMs.size >= this.#deliveriesMax) return 'full'
    this.#expiryMs.set(eventId, forgetAtMs)
    return 'new'
  }

  /** Lets a delivery in once more: what it asked for could not be done, and Vast.ai shall repeat it. */
  forget(eventId: string): void {
    this.#expiryMs.delete(eventId)
  }

  #forgetBefore(nowMs: number): void {
    for (const [eventId, expiryMs] of this.#expiryMs) if (expiryMs < nowMs) this.#expiryMs.delete(eventId)
  }
}
