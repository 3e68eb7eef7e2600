import { describe, expect, it } from 'vitest'
import { gpusOf } from '../../test/sample-gpu.ts'
import { sampleMachine } from '../../test/sample-machine.ts'
import { hourMs, startMs } from '../../test/sample-market.ts'
import { machinePlans } from '../config/machine-plan.ts'
import { newAccount } from './account.ts'
import { bookCost } from './book-cost.ts'

const [plan] = machinePlans(gpusOf(61_001))
if (plan === undefined) throw new Error('expected a plan')
const at = (hour: number) => ({ nowMs: startMs + hour * hourMs, venueId: 'vastai', plan })

describe('what a machine that is not shown costs', () => {
  it('is nothing before it was seen first, and counts from then on', () => {
    const unseen = [0, 5, 10].reduce((account, hour) => {
      const booked = bookCost(account, undefined, at(hour))
      expect(booked.result).toBeUndefined()
      return booked.account
    }, newAccount)
    expect(unseen).toEqual(newAccount)
    const seen = bookCost(unseen, sampleMachine(), at(20))
    expect(seen.result).toBeUndefined()
    expect(bookCost(seen.account, sampleMachine(), at(21)).result?.postings).toEqual([
      { measure: 'operating-cost', amount: 0.0236 },
      { measure: 'loss', amount: 0.0236 },
    ])
  })

  it('is what its GPUs did last, once it was seen', () => {
    const { account } = bookCost(newAccount, sampleMachine({ rented: 1 }), at(0))
    expect(bookCost(account, undefined, at(1)).result?.postings[0]).toEqual({
      measure: 'operating-cost',
      amount: 0.074,
    })
  })
})
