import type { IntentDraft, Rationale } from '@org/core'

/** What is to be done, or why nothing. */
export type Plan = Move | { readonly kind: 'nothing'; readonly reason: string }

export interface Move {
  readonly kind: 'trade' | 'hedge' | 'unwind' | 'cancel'
  readonly intents: readonly IntentDraft[]
  /** What it should bring after fees, in the base currency. */
  readonly edge: number
  /** What its legs reserve of a loss limit, in the base currency. */
  readonly atRisk: number
  /** When the books behind it were true, milliseconds since the epoch. */
  readonly asOf: number
  readonly rationale: Rationale
}

export function nothing(reason: string): Plan {
  return { kind: 'nothing', reason }
}
