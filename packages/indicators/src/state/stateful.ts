import type { StateReader } from './state-reader.ts'

/** A part with state. `save` and `load` handle the same numbers in the same order. */
export interface Stateful {
  save(to: number[]): void
  load(from: StateReader): void
}
