import { createHash } from 'node:crypto'

const RESULTS_MAX = 256

interface Result {
  readonly text: string
  polls: number
}

/**
 * What logs and commands printed, fetched by its own address without a key. As on the real service the text is not there at
 * once: the first poll finds nothing.
 */
export class ResultShelf {
  readonly #seed: number
  readonly #results = new Map<string, Result>()
  #made = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Puts a text on the shelf and returns its name. */
  put(text: string): string {
    if (this.#results.size >= RESULTS_MAX) {
      const oldest = this.#results.keys().next()
      if (!oldest.done) this.#results.delete(oldest.value)
    }
    const name = createHash('sha256')
      .update(`sim-vastai result ${this.#seed} ${++this.#made}`)
      .digest('hex')
      .slice(0, 32)
    this.#results.set(name, { text, polls: 0 })
    return name
  }

  /** The text from the second poll on. */
  poll(name: string): string | undefined {
    const result = this.#results.get(name)
    if (result === undefined) return undefined
    result.polls++
    return result.polls > 1 ? result.text : undefined
  }
}
