import { type Fault, matchesRequest } from './fault.ts'

/** A fault that was planned. */
export class PlannedFault {
  readonly fault: Fault
  /** Answers whose text it has changed; of a field that no answer holds: none. */
  changed = 0
  #skip: number
  #left: number
  #hits = 0
  #isReleased = false
  #letGo: () => void = () => {}
  #reached: () => void = () => {}
  readonly #whenReleased = new Promise<void>(resolve => {
    this.#letGo = resolve
  })
  /** Resolves with the first request that it hits; of a `hold`: when the first one is held. */
  readonly reached = new Promise<void>(resolve => {
    this.#reached = resolve
  })

  constructor(fault: Fault) {
    this.fault = fault
    this.#skip = fault.skip ?? 0
    this.#left = fault.times ?? Number.POSITIVE_INFINITY
  }

  /** Requests that it has hit. */
  get hits(): number {
    return this.#hits
  }

  /** Ends it, and lets everything go that it holds. */
  release(): void {
    this.#left = 0
    this.#isReleased = true
    this.#letGo()
  }

  /** Takes its turn with a request, if it is meant. */
  hit(request: { readonly method: string; readonly path: string }): boolean {
    if (this.#isReleased || this.#left <= 0 || !matchesRequest(this.fault, request)) return false
    if (this.#skip > 0) {
      this.#skip--
      return false
    }
    this.#left--
    this.#hits++
    if (this.fault.kind !== 'hold') this.#reached()
    return true
  }

  /** What a `hold` does with a request. */
  async keep(): Promise<void> {
    this.#reached()
    await this.#whenReleased
  }
}
