import { commitChecks } from './commit-checks.ts'
import { readingChecks } from './reading-checks.ts'
import { sharingChecks } from './sharing-checks.ts'
import type { StoreSubject } from './store-subject.ts'

/** One numbered promise of a store. The number keeps its meaning for ever. */
export interface StoreCheck {
  readonly id: string
  readonly promise: string
  /** True for checks that need {@link StoreSubject.reopen}. */
  readonly needsReopen?: true
  /** Rejects when the promise is broken. */
  readonly run: (subject: StoreSubject) => Promise<void>
}

/** Every check, in the order of the numbers. */
export const storeChecks: readonly StoreCheck[] = [...commitChecks, ...readingChecks, ...sharingChecks]
