import type { Bar } from '../bar.ts'
import { checkFinite, checkVolume } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'

/**
 * On-balance volume (J. Granville): the volume of bars that closed higher less that of bars that closed lower. It begins with the first bar's volume, as
 * in LEAN; only its changes mean something.
 */
export class Obv extends StreamingIndicator<Pick<Bar, 'close' | 'volume'>, number> {
  #count = 0
  #previousClose = 0
  #balance = 0

  constructor() {
    super('OBV', 2)
  }

  get value(): number | undefined {
    return this.#count === 2 ? this.#balance : undefined
  }

  update(bar: Pick<Bar, 'close' | 'volume'>): number | undefined {
    checkFinite(this.name, 'close', bar.close)
    checkVolume(this.name, bar.volume)
    const direction = this.#count === 0 ? 1 : Math.sign(bar.close - this.#previousClose)
    this.#balance += direction * bar.volume
    this.#previousClose = bar.close
    if (this.#count < 2) this.#count++
    return this.value
  }

  save(to: number[]): void {
    to.push(this.#count, this.#previousClose, this.#balance)
  }

  load(from: StateReader): void {
    this.#count = from.count(2)
    this.#previousClose = from.number()
    this.#balance = from.number()
  }
}
