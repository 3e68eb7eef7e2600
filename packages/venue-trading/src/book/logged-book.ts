import type { Logged } from '../log/step-log.ts'
import { type BookState, emptyBookState } from './book-state.ts'
import { fillWindowMax } from './fill-window.ts'
import { snapshotOf, snapshotSchema } from './snapshot.ts'
import { applyStep, type Step, stepSchema } from './steps/step.ts'

/** How an account book is written down. */
export const loggedBook: Logged<BookState, Step> = {
  kind: 'account-book',
  isShared: true,
  empty: emptyBookState,
  apply: applyStep,
  stepSchema: stepSchema as unknown as Logged<BookState, Step>['stepSchema'],
  snapshotSchema,
  snapshotOf,
  sizeOf: ({ orders, receipts, books }) => orders.size + receipts.size + books.size * (1 + fillWindowMax),
}
