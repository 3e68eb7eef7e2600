import type { Indicator } from '../indicator.ts'
import type { IndicatorSnapshot } from './snapshot.ts'
import { StateReader } from './state-reader.ts'
import type { Stateful } from './stateful.ts'

/** What all indicators share: a name, and snapshots made from what they save. */
export abstract class StreamingIndicator<Input, Value> implements Indicator<Input, Value>, Stateful {
  readonly name: string
  readonly warmUp: number

  constructor(name: string, warmUp: number) {
    this.name = name
    this.warmUp = warmUp
  }

  abstract get value(): Value | undefined
  abstract update(input: Input): Value | undefined
  abstract save(to: number[]): void
  abstract load(from: StateReader): void

  get isReady(): boolean {
    return this.value !== undefined
  }

  snapshot(): IndicatorSnapshot {
    const state: number[] = []
    this.save(state)
    return { name: this.name, state }
  }

  restore(snapshot: unknown): void {
    const before = this.snapshot()
    try {
      this.#take(snapshot)
    } catch (error) {
      this.#take(before)
      throw error
    }
  }

  #take(snapshot: unknown): void {
    const reader = new StateReader(this.name, snapshot)
    this.load(reader)
    reader.end()
  }
}
