import type { Offer } from '../market/offer.ts'
import type { World } from '../market/world.ts'

const ASKS_MAX = 100_000

interface Ask {
  readonly machineId: number
  readonly gpuCount: number
}

/**
 * Ask ids that answers have shown. An ask is a template from which contracts are cut: while a machine has another free chunk of
 * the same size, its id can be rented again. That is why a create that is repeated after a lost answer can rent twice.
 */
export class IssuedAsks {
  readonly #asks = new Map<number, Ask>()

  note(offer: Offer): void {
    if (this.#asks.has(offer.id)) return
    if (this.#asks.size >= ASKS_MAX) {
      const oldest = this.#asks.keys().next()
      if (!oldest.done) this.#asks.delete(oldest.value)
    }
    this.#asks.set(offer.id, { machineId: offer.machineId, gpuCount: offer.gpuCount })
  }

  /** The chunk that renting `askId` would cut now: itself while free, else a free one of the same machine and size. */
  resolve(world: World, askId: number): Offer | undefined {
    const offer = world.offer(askId)
    if (offer?.isRentable) return offer
    const ask = this.#asks.get(askId)
    if (ask === undefined || !world.hasMachine(ask.machineId)) return offer
    const twin = world
      .offers({ machineId: ask.machineId })
      .find(other => other.isRentable && other.gpuCount === ask.gpuCount)
    return twin ?? offer
  }
}
