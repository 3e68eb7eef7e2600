import { describe, expect, it } from 'vitest'
import { accrueRent, newAccount } from './account.ts'
import { bookRent } from './book-rent.ts'

const machine = { venueId: 'vastai', machineId: 61_001 }
const earned = accrueRent(accrueRent(newAccount, 0).account, 5).account

describe('books without a row for a machine', () => {
  it('say that it has not earned, as long as they never had one', () => {
    const first = bookRent(newAccount, { booksUsd: undefined }, machine)
    expect(first).toMatchObject({ isRowLost: false, result: undefined, account: { booksLast: 0 } })
    expect(bookRent(first.account, { booksUsd: 0.25 }, machine).result?.postings).toEqual([
      { measure: 'loss', amount: -0.25 },
    ])
  })

  it('are no charge-back of all it earned: nothing is booked, and the next row makes up for it', () => {
    const lost = bookRent(earned, { booksUsd: undefined }, machine)
    expect(lost).toEqual({ account: earned, result: undefined, isRowLost: true })
    expect(bookRent(lost.account, { booksUsd: 5.5 }, machine)).toMatchObject({
      isRowLost: false,
      result: { postings: [{ measure: 'loss', amount: -0.5 }] },
    })
  })

  it('differ from a row that says 0: that one is a loss', () => {
    expect(bookRent(earned, { booksUsd: 0 }, machine)).toMatchObject({
      isRowLost: false,
      result: { postings: [{ measure: 'loss', amount: 5 }], note: 'rent' },
    })
  })
})
