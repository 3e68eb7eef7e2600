import { z } from 'zod'
import { AutomationError, describeError } from '../errors/automation-error.ts'
import type { Receipt } from '../intent/receipt.ts'
import { type Amount, toMicros } from '../money/micros.ts'

const receiptSchema = z.object({
  intentId: z.string(),
  at: z.number(),
  postings: z.array(z.object({ measure: z.string().min(1), amount: z.unknown() })),
  closed: z
    .object({
      ratio: z.unknown(),
      isStop: z.boolean().optional(),
      side: z.string().optional(),
      at: z.number().optional(),
    })
    .optional(),
})

/**
 * The receipt, if budgets can be posted from it.
 *
 * @throws AutomationError `RECEIPT_INVALID` with `effect: 'done'`: the venue acted, only its word is unusable.
 */
export function checkReceipt(receipt: Receipt, intentId: string): Receipt {
  const parsed = receiptSchema.safeParse(receipt)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw invalid(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }
  if (receipt.intentId !== intentId) throw invalid(`it is of intent ${receipt.intentId}`)
  for (const { measure, amount } of receipt.postings) requireAmount(`posting ${measure}`, amount)
  if (receipt.closed !== undefined) requireAmount('closed: ratio', receipt.closed.ratio)
  return receipt
}

function requireAmount(what: string, amount: Amount): void {
  try {
    toMicros(amount, 'up')
  } catch (error) {
    throw invalid(`${what}: ${describeError(error)}`)
  }
}

function invalid(problem: string): AutomationError {
  return new AutomationError({
    code: 'RECEIPT_INVALID',
    message: `the venue's receipt is not usable (${problem}); the reservation stays until the venue was asked again`,
    effect: 'done',
  })
}
