import type { Random } from '@org/core'
import { type Deal, Refusal, type Request, type VenueServer } from './book.ts'

/** The longest that a request may be on its way, and then that a label may take to show up in a search. */
export const farmLagMsMax = 12_000

/**
 * A place that rents out machines. It knows no client ids: whoever asks twice lists twice, and only the label on a listing, which a search
 * shows after a while, tells whose it was. Taking a machine off the list is harmless to repeat.
 */
export class Farm implements VenueServer {
  readonly id = 'farm'
  readonly deals: Deal[] = []
  readonly #listed = new Map<string, number>()
  readonly #shownFromMs = new Map<string, number>()
  readonly #random: Random
  readonly #onDeal: (deal: Deal) => void

  constructor(random: Random, onDeal: (deal: Deal) => void) {
    this.#random = random
    this.#onDeal = onDeal
  }

  stakeIn(asset: string): number {
    return this.#listed.get(asset) ?? 0
  }

  serve(request: Request, nowMs: number): Deal {
    const { key, action, asset, size } = request
    const isList = action === 'list'
    const repeated = isList ? undefined : this.deals.find(deal => deal.key === key)
    if (repeated !== undefined) return repeated
    if (isList && this.#random.next() < 0.05) throw new Refusal('MACHINE_OFFLINE')
    const listed = this.stakeIn(asset)
    const change = isList ? size : -listed
    this.#listed.set(asset, listed + change)
    const cost = isList ? Math.round(10 * size * this.#random.next()) / 100 : 0
    const deal: Deal = {
      key,
      action,
      asset,
      atMs: nowMs,
      ref: `listing-${this.deals.length + 1}`,
      // Now and then its answer leaves out what it cost: then the worst case has to be posted.
      postings: [
        ...(isList && this.#random.next() < 0.1 ? [] : [{ measure: 'loss', amount: cost }]),
        { measure: 'operating-cost', amount: cost },
        { measure: 'exposure', amount: change },
      ],
    }
    this.deals.push(deal)
    this.#shownFromMs.set(key, nowMs + this.#random.next() * 5_000)
    this.#onDeal(deal)
    return deal
  }

  find(key: string, nowMs: number): Deal | undefined {
    if ((this.#shownFromMs.get(key) ?? 0) > nowMs) return undefined
    return this.deals.find(deal => deal.key === key)
  }
}
