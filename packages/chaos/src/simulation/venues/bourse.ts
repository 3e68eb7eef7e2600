import type { Random } from '@org/core'
import { type Deal, Refusal, type Request, type VenueServer } from './book.ts'

/**
 * An exchange. It knows the client's id of an order and answers a repeat with the first order's deal; it refuses a request that arrives too
 * late (a receive window); orders may be filled in part; a close realises a gain or a loss.
 */
export class Bourse implements VenueServer {
  readonly id = 'bourse'
  readonly deals: Deal[] = []
  readonly #byKey = new Map<string, Deal>()
  readonly #refused = new Map<string, Refusal>()
  readonly #positions = new Map<string, number>()
  readonly #random: Random
  readonly #onDeal: (deal: Deal) => void

  constructor(random: Random, onDeal: (deal: Deal) => void) {
    this.#random = random
    this.#onDeal = onDeal
  }

  stakeIn(asset: string): number {
    return this.#positions.get(asset) ?? 0
  }

  serve(request: Request, nowMs: number): Deal {
    const known = this.#byKey.get(request.key)
    if (known !== undefined) return known
    const refusal = this.#refused.get(request.key) ?? this.#refusalOf(request, nowMs)
    if (refusal !== undefined) {
      // What was refused once stays refused: a copy that the network held back must not be served after the answer was no.
      this.#refused.set(request.key, refusal)
      throw refusal
    }
    const held = this.stakeIn(request.asset)
    const size = request.action === 'close' ? Math.min(held, request.size) : this.#filled(request.size)
    const change = request.action === 'close' ? -size : size
    this.#positions.set(request.asset, held + change)
    const loss = this.#result(request.action, size)
    const deal: Deal = {
      key: request.key,
      action: request.action,
      asset: request.asset,
      atMs: nowMs,
      ref: `order-${this.deals.length + 1}`,
      postings: [
        { measure: 'loss', amount: loss },
        { measure: 'exposure', amount: change },
      ],
      ...(request.action === 'close' ? { ratio: Math.round(-1e4 * (loss / size)) / 1e4 } : {}),
    }
    this.deals.push(deal)
    this.#byKey.set(request.key, deal)
    this.#onDeal(deal)
    return deal
  }

  find(key: string): Deal | undefined {
    return this.#byKey.get(key)
  }

  #refusalOf({ action, asset, sentAtMs, validForMs }: Request, nowMs: number): Refusal | undefined {
    if (nowMs - sentAtMs > validForMs) return new Refusal('OUTSIDE_RECEIVE_WINDOW')
    return action === 'close' && this.stakeIn(asset) === 0 ? new Refusal('NO_POSITION') : undefined
  }

  #filled(size: number): number {
    return this.#random.next() < 0.7 ? size : Math.ceil(size * this.#random.next())
  }

  /** In cents: opening costs a fee of up to a tenth, closing gains up to 15 % or loses up to a tenth. */
  #result(action: string, size: number): number {
    const drawn = this.#random.next()
    return Math.round(100 * size * (action === 'close' ? 0.25 * drawn - 0.15 : 0.1 * drawn)) / 100
  }
}
