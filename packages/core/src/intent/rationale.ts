import type { Json } from './json.ts'

/** Why a decision was made, in a form that programs can count and people can read. */
export interface Rationale {
  /** A stable reason such as `price-above-ladder`; decisions are counted by it. */
  readonly reason: string
  /** One sentence for people. */
  readonly summary: string
  /** What the decision was made from, by name; units in the names. */
  readonly inputs?: { readonly [name: string]: Json }
  /** The limits it was compared with. */
  readonly thresholds?: { readonly [name: string]: Json }
}
