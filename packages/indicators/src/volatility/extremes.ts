import { checkFinite, checkPeriod } from '../input-checks.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StreamingIndicator } from '../state/streaming-indicator.ts'
import { RollingExtreme } from '../window/rolling-extreme.ts'

abstract class Extreme extends StreamingIndicator<number, number> {
  readonly #window: RollingExtreme

  constructor(name: string, period: number, sign: 1 | -1) {
    super(`${name}(${period})`, checkPeriod(name, period))
    this.#window = new RollingExtreme(period, sign)
  }

  get value(): number | undefined {
    return this.#window.isFull ? this.#window.extreme : undefined
  }

  update(value: number): number | undefined {
    checkFinite(this.name, 'the value', value)
    this.#window.add(value)
    return this.value
  }

  save(to: number[]): void {
    this.#window.save(to)
  }

  load(from: StateReader): void {
    this.#window.load(from)
  }
}

/** The highest of the last `period` values. */
export class Highest extends Extreme {
  constructor(period: number) {
    super('Highest', period, 1)
  }
}

/** The lowest of the last `period` values. */
export class Lowest extends Extreme {
  constructor(period: number) {
    super('Lowest', period, -1)
  }
}
