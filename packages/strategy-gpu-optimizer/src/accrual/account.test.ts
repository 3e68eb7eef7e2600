import { fromMicros, zeroMicros } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourMs, startMs } from '../../test/sample-market.ts'
import { type Account, accrueCost, accrueRent, estimateRent, newAccount, turnBooks, turnEpisode } from './account.ts'

const costs = { gpus: 1, runningCostPerGpuHour: 0.074, idleCostPerGpuHour: 0.0236 }
const at = (hour: number, busyGpus: number, rentedGpus = busyGpus) => ({
  nowMs: startMs + hour * hourMs,
  busyGpus,
  rentedGpus,
})

/** The account after sights at these hours with so many busy GPUs, and what was posted. */
function run(sights: readonly (readonly [hour: number, busy: number, rented?: number])[]) {
  let account = newAccount
  let posted = 0
  for (const [hour, busy, rented] of sights) {
    const next = accrueCost(account, at(hour, busy, rented), costs)
    account = next.account
    posted += next.cost
  }
  return { account, posted }
}

describe('the cost of a machine', () => {
  it('accrues by what its GPUs did since the last sight: 10 h idle, then 4 h rented', () => {
    const { account, posted } = run([
      [0, 0],
      [10, 1],
      [14, 1],
    ])
    expect(fromMicros(account.cost)).toBeCloseTo(10 * 0.0236 + 4 * 0.074, 5)
    expect(posted).toBe(account.cost)
    expect(account).toMatchObject({ gpuHours: 14, rentedGpuHours: 4 })
  })

  it('is that of load while the host uses it himself, which is no rental', () => {
    const { account } = run([
      [0, 1, 0],
      [10, 1, 0],
    ])
    expect(fromMicros(account.cost)).toBeCloseTo(0.74, 5)
    expect(account).toMatchObject({ gpuHours: 10, rentedGpuHours: 0 })
  })

  it('counts a day at most for a gap, and nothing for a clock that went back', () => {
    expect(
      run([
        [0, 0],
        [1000, 0],
      ]).account.gpuHours,
    ).toBe(24)
    expect(
      run([
        [10, 0],
        [5, 0],
      ]).account,
    ).toMatchObject({ gpuHours: 0, cost: zeroMicros })
  })

  it('is rounded against the host, never in his favour', () => {
    const tiny = { gpus: 1, runningCostPerGpuHour: 1e-9, idleCostPerGpuHour: 1e-9 }
    const first = accrueCost(newAccount, at(0, 0), tiny).account
    expect(accrueCost(first, at(1, 0), tiny).cost).toBe(1)
  })
})

describe('the rent of a machine', () => {
  const since = accrueRent(newAccount, 5).account

  it('begins with the first look into the books: what was earned before is not ours', () => {
    expect(since).toMatchObject({ revenue: 0, booksLast: 5_000_000 })
  })

  it('is what the books show more than at the last look', () => {
    const { account, rent } = accrueRent(since, 5.25)
    expect([rent, account.revenue]).toEqual([250_000, 250_000])
  })

  it('is taken back where the books take back', () => {
    expect(accrueRent(accrueRent(since, 6).account, 5.5).account.revenue).toBe(500_000)
  })

  it('is taken back in full, also when the books take back more than half, all, or more than they held', () => {
    expect(accrueRent(since, 2).rent).toBe(-3_000_000)
    expect(accrueRent(since, 0)).toMatchObject({ rent: -5_000_000, account: { booksLast: 0, revenue: -5_000_000 } })
    expect(accrueRent(since, -1.5).rent).toBe(-6_500_000)
  })

  it('begins anew when the books are read from another day on, with what was counted until then', () => {
    const { account } = accrueRent(since, 6)
    const anew = accrueRent(turnBooks(account), 40)
    expect(anew).toMatchObject({ rent: 0, account: { revenue: 1_000_000, booksLast: 40_000_000 } })
    expect(accrueRent(anew.account, 41).rent).toBe(1_000_000)
  })

  it('is what the books show beyond the first look, whatever they took back and was estimated meanwhile', () => {
    const step = fc.option(fc.integer({ min: -100_000_000, max: 100_000_000 }))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 0, max: 100_000_000 }), (steps, last) => {
        let account: Account = since
        for (const books of [...steps, last]) {
          account = { ...account, rentedGpuHours: account.rentedGpuHours + 1 }
          const next = books === null ? estimateRent(account, 0.3) : accrueRent(account, books / 1e6)
          account = next.account
        }
        expect(account.revenue).toBe(last - 5_000_000)
      }),
    )
  })

  it('is estimated while the books cannot be read, and corrected when they can', () => {
    const rented = { ...since, rentedGpuHours: 10 }
    const estimated = estimateRent(rented, 0.3)
    expect(estimated.rent).toBe(3_000_000)
    expect(estimateRent(estimated.account, 0.3).rent).toBe(0)
    const corrected = accrueRent(estimated.account, 7.5)
    expect([corrected.rent, corrected.account.revenue, corrected.account.estimated]).toEqual([-500_000, 2_500_000, 0])
  })

  it('is estimated for the hours since the books were read, not for those before', () => {
    const read = accrueRent({ ...since, rentedGpuHours: 10 }, 8).account
    expect(estimateRent({ ...read, rentedGpuHours: 12 }, 0.3).rent).toBe(600_000)
  })

  it('posted adds up to the revenue, whatever the books and the gaps', () => {
    const step = fc.record({
      books: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
      hours: fc.double({ min: 0, max: 10, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), steps => {
        let account: Account = newAccount
        let posted = 0
        for (const { books, hours } of steps) {
          account = { ...account, rentedGpuHours: account.rentedGpuHours + hours }
          const next = books === null ? estimateRent(account, 0.3) : accrueRent(account, books)
          account = next.account
          posted += next.rent
        }
        expect(posted).toBe(account.revenue)
      }),
    )
  })
})

describe('a listing decision', () => {
  it('is right when the machine earned more than it cost until the next one', () => {
    let account = turnEpisode(newAccount, { atMs: startMs })
    account = { ...account, revenue: accrueRent(accrueRent(newAccount, 0).account, 3).account.revenue }
    account = turnEpisode(account, { atMs: startMs + hourMs })
    expect([account.judged, account.right]).toEqual([1, 1])
    account = turnEpisode({ ...account, cost: accrueCost(run([[0, 0]]).account, at(10, 0), costs).cost }, undefined)
    expect([account.judged, account.right, account.episode]).toEqual([2, 1, null])
  })
})
