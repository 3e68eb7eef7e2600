import type { VenueSubject } from './venue-subject.ts'

/** One numbered promise of a venue. The number keeps its meaning for ever. */
export interface VenueCheck {
  readonly id: string
  readonly promise: string
  /** What must be there before. */
  readonly prerequisite: string
  /** What is done. */
  readonly action: string
  /** What must come of it. */
  readonly passes: string
  /** Why the check says nothing of this venue; `undefined`: it does. */
  readonly skip?: (subject: VenueSubject) => string | undefined | Promise<string | undefined>
  /** Rejects when the promise is broken. */
  readonly run: (subject: VenueSubject) => Promise<void>
}
