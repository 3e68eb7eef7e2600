/** A value that says how old it is and where it came from; strategies never get a bare number. */
export interface Observation<T> {
  readonly value: T
  /** When the value was true at the venue, milliseconds since the epoch. */
  readonly asOf: number
  /** Which venue and which of its answers, for example `vastai:bundles`. */
  readonly source: string
}
