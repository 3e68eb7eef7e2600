/**
 * Mean of a moving window as the reference's data frames keep it: one sum, with Kahan's compensation for what goes in and for what goes out. Two
 * means that are equal as decimals often differ in the last bit, and which way decides whether they cross (s09, bar 3047): so the order of the
 * additions is the reference's.
 *
 * Source: W. Kahan, "Further remarks on reducing truncation errors", 1965.
 */
export class RollingMean {
  readonly #window: Float64Array
  #count = 0
  #sum = 0
  #lostIn = 0
  #lostOut = 0
  #last = Number.NaN
  #equalInARow = 0

  constructor(n: number) {
    this.#window = new Float64Array(n)
  }

  /** Takes one value; `NaN` until the window is full. */
  update(value: number): number {
    const n = this.#window.length
    const at = this.#count % n
    if (this.#count >= n) {
      const y = -(this.#window[at] as number) - this.#lostOut
      const t = this.#sum + y
      this.#lostOut = t - this.#sum - y
      this.#sum = t
    }
    const y = value - this.#lostIn
    const t = this.#sum + y
    this.#lostIn = t - this.#sum - y
    this.#sum = t
    this.#window[at] = value
    this.#count++
    this.#equalInARow = value === this.#last ? this.#equalInARow + 1 : 1
    this.#last = value
    if (this.#count < n) return Number.NaN
    return this.#equalInARow >= n ? value : this.#sum / n
  }
}
