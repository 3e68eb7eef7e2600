import type { AnyVenue, Store } from '../src/index.ts'

/**
 * A process that can die: it counts its steps (before and after each write and each request) and from the last one on nothing of it answers
 * any more, as after SIGKILL. What it had written and what the market had done stays.
 */
export class MortalProcess {
  readonly #die: () => void
  readonly #stepsUntilDeath: number
  #steps = 0
  /** Resolves when it dies. */
  readonly death: Promise<void>

  constructor(stepsUntilDeath: number) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.death = promise
    this.#die = resolve
    this.#stepsUntilDeath = stepsUntilDeath
  }

  get isAlive(): boolean {
    return this.#steps < this.#stepsUntilDeath
  }

  /** The store as this process holds it; a handle of its own, as a restarted process would have. */
  storeOver(store: Store): Store {
    return { ...store, commit: decide => this.#between(() => store.commit(decide)) }
  }

  venueOver(venue: AnyVenue): AnyVenue {
    const execute: AnyVenue['execute'] = (intent, options) => this.#between(() => venue.execute(intent, options))
    const reconcile: AnyVenue['reconcile'] = (intent, options) => this.#between(() => venue.reconcile(intent, options))
    return {
      id: venue.id,
      domain: venue.domain,
      actions: venue.actions,
      connect: options => venue.connect(options),
      close: () => venue.close(),
      observe: (kind, query, options) => venue.observe(kind, query, options),
      holdings: options => venue.holdings(options),
      execute,
      reconcile,
    }
  }

  async #between<T>(work: () => Promise<T>): Promise<T> {
    await this.#step()
    try {
      return await work()
    } finally {
      await this.#step()
    }
  }

  /** Never comes back from the step at which the process dies. */
  #step(): Promise<void> {
    this.#steps++
    if (this.isAlive) return Promise.resolve()
    this.#die()
    return new Promise(() => {})
  }
}
