import { z } from 'zod'
import type { BookState } from '../book-state.ts'
import { applyEnd, endStepSchema } from './end-step.ts'
import { applyFill, fillStepSchema } from './fill-step.ts'
import { applyMark, markStepSchema } from './mark-step.ts'
import { applyReceipt, receiptStepSchema } from './receipt-step.ts'
import { applyResults, resultsStepSchema } from './results-step.ts'
import { applySend, sendStepSchema } from './send-step.ts'

/** Everything that can happen to a book, as it is written down. */
export const stepSchema = z.discriminatedUnion('type', [
  sendStepSchema,
  fillStepSchema,
  endStepSchema,
  markStepSchema,
  receiptStepSchema,
  resultsStepSchema,
])
export type Step = z.output<typeof stepSchema>

/** The one way in which a book changes, when it happens and when it is read back: the same steps give the same book. */
export function applyStep(state: BookState, step: Step): void {
  switch (step.type) {
    case 'send':
      applySend(state, step)
      break
    case 'fill':
      applyFill(state, step)
      break
    case 'end':
      applyEnd(state, step)
      break
    case 'mark':
      applyMark(state, step)
      break
    case 'receipt':
      applyReceipt(state, step)
      break
    case 'results':
      applyResults(state, step)
      break
  }
}
