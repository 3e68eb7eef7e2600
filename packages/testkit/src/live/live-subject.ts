import type { AnyVenue, Clock, Logger } from '@org/core'

/** A venue on the real market, and questions that may be asked there. Nothing is ever carried out. */
export interface LiveSubject {
  /** A venue that owns all that it opens. The logger keeps what is said, for the check of secrets. */
  create(environment: { readonly clock: Clock; readonly logger: Logger }): AnyVenue | Promise<AnyVenue>
  /** By kind. */
  readonly queries: { readonly [kind: string]: unknown }
  /** Keys and passwords that the venue is given. @default it needs none */
  readonly secrets?: readonly string[]
  /** Older answers are not accepted, nor such from the future; milliseconds. @default 60000 */
  readonly ageMsMax?: number
}
