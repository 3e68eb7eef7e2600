import { InvalidInputError } from '@org/core'

/** Reads the numbers of a snapshot in the order in which they were written; refuses what is missing, left over or not a number. */
export class StateReader {
  readonly #name: string
  readonly #state: readonly unknown[]
  #next = 0

  constructor(name: string, snapshot: unknown) {
    const { name: from, state } = (snapshot ?? {}) as { readonly name?: unknown; readonly state?: unknown }
    if (from !== name)
      throw new InvalidInputError({
        message: `${name}: expected a snapshot of ${name}, was one of ${String(from)}; restore it where it was taken`,
      })
    if (!Array.isArray(state)) throw damaged(name, 'it has no list of numbers')
    this.#name = name
    this.#state = state
  }

  number(): number {
    const value = this.#state[this.#next++]
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw damaged(this.#name, `number ${this.#next} is ${String(value)}`)
    return value
  }

  /** A whole number from 0 to `max`. */
  count(max: number): number {
    const value = this.number()
    if (!Number.isInteger(value) || value < 0 || value > max)
      throw damaged(this.#name, `number ${this.#next}: expected a count up to ${max}, was ${value}`)
    return value
  }

  end(): void {
    if (this.#next !== this.#state.length)
      throw damaged(this.#name, `expected ${this.#next} numbers, was ${this.#state.length}`)
  }
}

function damaged(name: string, what: string): InvalidInputError {
  return new InvalidInputError({
    message: `${name}: the snapshot is damaged, ${what}; warm up from past bars instead`,
  })
}
