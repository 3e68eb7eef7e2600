/** Points of a curve as they come; grows by doubling. */
export class EquityRecorder {
  #times = new Float64Array(1024)
  #values = new Float64Array(1024)
  #length = 0

  add(time: number, value: number): void {
    if (this.#length === this.#times.length) {
      this.#times = doubled(this.#times)
      this.#values = doubled(this.#values)
    }
    this.#times[this.#length] = time
    this.#values[this.#length++] = value
  }

  /** Changes the newest point. */
  correct(value: number): void {
    if (this.#length > 0) this.#values[this.#length - 1] = value
  }

  get times(): Float64Array {
    return this.#times.subarray(0, this.#length)
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.#length)
  }
}

function doubled(from: Float64Array): Float64Array<ArrayBuffer> {
  const to = new Float64Array(from.length * 2)
  to.set(from)
  return to
}
