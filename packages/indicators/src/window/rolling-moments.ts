import type { StateReader } from '../state/state-reader.ts'
import type { Stateful } from '../state/stateful.ts'
import { Ring } from './ring.ts'

/**
 * Mean and population variance of the last `period` numbers, in amortised O(1), without ever subtracting: two parts as in `RollingSum`, each by
 * Welford's updates (Technometrics 4, 1962), joined by the formula of Chan, Golub and LeVeque (1979). A sum of squares would lose all digits where prices
 * are high and moves small.
 */
export class RollingMoments implements Stateful {
  readonly #ring: Ring
  readonly #restMean: Float64Array
  readonly #restSquares: Float64Array
  #freshMean = 0
  /** Sum of squared distances from the mean. */
  #freshSquares = 0

  constructor(period: number) {
    this.#ring = new Ring(period)
    this.#restMean = new Float64Array(period)
    this.#restSquares = new Float64Array(period)
  }

  get isFull(): boolean {
    return this.#ring.isFull
  }

  get mean(): number {
    const { next, size } = this.#ring
    const rest = this.#restMean[next] as number
    return rest + ((this.#freshMean - rest) * next) / size
  }

  /** Population variance: divided by the number of values, not by one less. */
  get variance(): number {
    const { next, size } = this.#ring
    const apart = this.#freshMean - (this.#restMean[next] as number)
    const between = (apart * apart * next * (size - next)) / size
    return ((this.#restSquares[next] as number) + this.#freshSquares + between) / size
  }

  add(value: number): void {
    this.#ring.push(value)
    const { next } = this.#ring
    if (next === 0) {
      this.#sumUp(0)
      this.#freshMean = this.#freshSquares = 0
      return
    }
    const distance = value - this.#freshMean
    this.#freshMean += distance / next
    this.#freshSquares += distance * (value - this.#freshMean)
  }

  #sumUp(from: number): void {
    const { size } = this.#ring
    let mean = 0
    let squares = 0
    for (let place = size - 1; place >= from; place--) {
      const value = this.#ring.at(place)
      const distance = value - mean
      mean += distance / (size - place)
      squares += distance * (value - mean)
      this.#restMean[place] = mean
      this.#restSquares[place] = squares
    }
  }

  save(to: number[]): void {
    this.#ring.save(to)
    to.push(this.#freshMean, this.#freshSquares)
  }

  load(from: StateReader): void {
    this.#ring.load(from)
    this.#freshMean = from.number()
    this.#freshSquares = from.number()
    this.#sumUp(this.#ring.next)
  }
}
