import { describe, expect, it } from 'vitest'
import { AutomationError } from '../errors/automation-error.ts'
import type { IntentId } from '../intent/intent.ts'
import type { Receipt } from '../intent/receipt.ts'
import { checkReceipt } from './check-receipt.ts'

const receipt: Receipt = { intentId: 'box-1' as IntentId, at: 1, postings: [{ measure: 'loss', amount: '-1.25' }] }

function problemOf(changes: object): string {
  try {
    checkReceipt({ ...receipt, ...changes }, 'box-1')
    return 'none'
  } catch (error) {
    if (!AutomationError.isInstance(error) || error.code !== 'RECEIPT_INVALID' || error.effect !== 'done') throw error
    return error.shortMessage
  }
}

describe('checkReceipt', () => {
  it('lets gains, losses and decimal text through, unchanged', () => {
    expect(checkReceipt(receipt, 'box-1')).toBe(receipt)
  })

  it.each([
    ['of another intent', { intentId: 'box-2' }, 'it is of intent box-2'],
    ['without a time', { at: undefined }, 'at: '],
    ['without postings', { postings: undefined }, 'postings: '],
    ['with an amount that is no number', { postings: [{ measure: 'loss', amount: Number.NaN }] }, 'posting loss: '],
    ['with no amount', { postings: [{ measure: 'loss' }] }, 'postings.0.amount: '],
    ['too large to count exactly', { postings: [{ measure: 'loss', amount: 1e12 }] }, 'posting loss: '],
    ['that closed a position at no ratio', { closed: { ratio: Number.NaN } }, 'closed: ratio: '],
    ['with a nameless measure', { postings: [{ measure: '', amount: 1 }] }, 'postings.0.measure: '],
  ])('says that the venue acted, but not what to post, of one %s', (_, changes, problem) => {
    expect(problemOf(changes)).toContain(problem)
  })
})
