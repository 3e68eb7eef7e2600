import type { z } from 'zod'

/**
 * How a repeated request is kept from acting twice.
 *
 * - `native`: the venue takes a client id and refuses or answers a repeat.
 * - `lookup`: a label or tag carries the key and can be searched.
 * - `convergent`: setting the same state twice is harmless.
 */
export type Idempotency = 'native' | 'lookup' | 'convergent'

/** One thing a venue can be asked to do. */
export interface ActionDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly params: Schema
  readonly idempotency: Idempotency
  /**
   * Can this action only lower risk? Only then may an intent claim `reduces`. Halts and limits let it through on this word, so it must
   * not be able to go through zero: the venue refuses what would.
   */
  readonly reduces: boolean
  readonly description: string
}

export type ActionMap = Readonly<Record<string, ActionDefinition>>
