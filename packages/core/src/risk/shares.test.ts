import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import { dailyLoss } from './constraints/daily-loss.ts'

const limit = 100
const of = {
  gpu: { guaranteed: '40%' },
  crypto: { guaranteed: 30, borrows: true },
  ads: { guaranteed: 10 },
} as const
const shared = dailyLoss({ limit, shares: { by: 'domain', of } })
const withLender = dailyLoss({
  limit,
  shares: { by: 'domain', of: { ...of, lender: { guaranteed: 20, lends: true } } },
})

describe('shares of a limit', () => {
  it('keep what is guaranteed, lend what is left to who may borrow, and never give more than the whole', async () => {
    const world = new RiskWorld([shared])
    const free = (domain: string) => world.risk.remaining('max_daily_loss', { domain }).available
    // 100 = 40 for gpu + 30 for crypto + 10 for ads + 20 for all who borrow, or have no share.
    expect(['gpu', 'crypto', 'ads', 'other'].map(free)).toEqual([40, 50, 10, 20])
    expect(await world.ask({ loss: 40.01 }, { domain: 'gpu' })).toBe('LIMIT_EXCEEDED max_daily_loss')
    expect(await world.ask({ loss: 50 }, { domain: 'crypto' })).toBe('ok')
    expect(['gpu', 'crypto', 'ads', 'other'].map(free)).toEqual([40, 0, 10, 0])
    expect(await world.ask({ loss: 40 }, { domain: 'gpu' })).toBe('ok')
    expect(await world.ask({ loss: 10 }, { domain: 'ads' })).toBe('ok')
    expect(world.risk.remaining('max_daily_loss').available).toBe(0)
  })

  it('that lend are for others as long as they are unused, and back once those have given back', async () => {
    // The whole limit is shared out: what crypto borrows is what gpu leaves unused.
    const of = { gpu: { guaranteed: '40%', lends: true }, crypto: { guaranteed: '60%', borrows: true } } as const
    const world = new RiskWorld([dailyLoss({ limit: 100, shares: { by: 'domain', of } })])
    const free = (domain: string) => world.risk.remaining('max_daily_loss', { domain }).available
    expect(['gpu', 'crypto'].map(free)).toEqual([40, 100])
    expect(await world.ask({ loss: 10 }, { domain: 'gpu' })).toBe('ok')
    expect(['gpu', 'crypto'].map(free)).toEqual([30, 90])
    expect(await world.ask({ loss: 75 }, { domain: 'crypto', id: 'large' })).toBe('ok')
    expect(['gpu', 'crypto'].map(free)).toEqual([15, 15])
    expect(await world.ask({ loss: 15.01 }, { domain: 'gpu' })).toBe('LIMIT_EXCEEDED max_daily_loss')
    await world.risk.release('large', 'nothing happened')
    expect(['gpu', 'crypto'].map(free)).toEqual([30, 90])
  })

  it('that lend and borrow may use all that is guaranteed to nobody who does not lend', async () => {
    const of = {
      gpu: { guaranteed: 40, lends: true, borrows: true },
      ads: { guaranteed: 10 },
      books: { guaranteed: 20, lends: true },
    }
    const world = new RiskWorld([dailyLoss({ limit: 100, shares: { by: 'domain', of } })])
    expect(await world.ask({ loss: 20.01 }, { domain: 'books' })).toBe('LIMIT_EXCEEDED max_daily_loss')
    expect(await world.ask({ loss: 90.01 }, { domain: 'gpu' })).toBe('LIMIT_EXCEEDED max_daily_loss')
    expect(await world.ask({ loss: 90 }, { domain: 'gpu' })).toBe('ok')
    expect(await world.ask({ loss: 10 }, { domain: 'ads' })).toBe('ok')
  })

  it('that lend break no guarantee when they want theirs back', async () => {
    const world = new RiskWorld([withLender])
    const free = (domain: string) => world.risk.remaining('max_daily_loss', { domain }).available
    expect(['gpu', 'crypto', 'ads', 'lender', 'other'].map(free)).toEqual([40, 50, 10, 20, 20])
    expect(await world.ask({ loss: 15 }, { domain: 'other' })).toBe('ok')
    expect(['gpu', 'crypto', 'ads', 'lender', 'other'].map(free)).toEqual([40, 35, 10, 5, 5])
    expect(await world.ask({ loss: 5.01 }, { domain: 'lender' })).toBe('LIMIT_EXCEEDED max_daily_loss')
    expect(await world.ask({ loss: 5 }, { domain: 'lender' })).toBe('ok')
    expect(await world.ask({ loss: 40 }, { domain: 'gpu' })).toBe('ok')
  })

  it('follow the limit where they are in per cent', async () => {
    const world = new RiskWorld([shared])
    await world.risk.setLimit('max_daily_loss', 200, 'a better month', 'me')
    expect(world.risk.remaining('max_daily_loss', { domain: 'gpu' }).available).toBe(80)
  })

  it('are exact in per cent that binary numbers do not hold', () => {
    // 1.005 · 10⁶ is a little less than 1,005,000 in binary.
    const shares = { by: 'domain', of: { gpu: { guaranteed: '1.005%' } } } as const
    const world = new RiskWorld([dailyLoss({ limit: 100, shares })])
    expect(world.risk.remaining('max_daily_loss', { domain: 'gpu' }).limit).toBe(1.005)
  })

  it('cannot guarantee more than there is', () => {
    const of = { a: { guaranteed: '60%' as const }, b: { guaranteed: 41 } }
    expect(() => dailyLoss({ limit: 100, shares: { by: 'domain', of } })).toThrow(
      'shares: guaranteed are 101.00 in all, more than the limit of 100.00',
    )
    const wrong = { a: { guaranteed: '140%' as const } }
    expect(() => dailyLoss({ limit: 100, shares: { by: 'domain', of: wrong } })).toThrow('expected 0% to 100%')
  })

  it('are never taken away by borrowers, whatever was reserved, settled and gained', async () => {
    const domain = fc.constantFrom('gpu', 'crypto', 'ads', 'lender', 'other', 'another')
    const command = fc.record({
      domain,
      loss: fc.nat(60),
      end: fc.constantFrom('open', 'settle', 'release', 'gain'),
      settled: fc.nat(100),
    })
    const guaranteed = { gpu: 40, crypto: 30, ads: 10 }
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(command, { maxLength: 12 }), async (isLent, commands) => {
        const world = new RiskWorld([isLent ? withLender : shared])
        for (const { domain: from, loss, end, settled } of commands) {
          const intent = world.intent({ loss }, { domain: from })
          const { ok } = await world.risk.reserve(intent)
          if (ok && end === 'release') await world.risk.release(intent.id, 'test')
          // Within what was reserved; a gain is a negative loss.
          const posted = end === 'gain' ? -settled : Math.floor((loss * settled) / 100)
          if (ok && end !== 'release' && end !== 'open')
            await world.risk.settle(intent.id, [{ measure: 'loss', amount: posted }])
          const whole = world.risk.remaining('max_daily_loss')
          expect(whole.used + whole.reserved).toBeLessThanOrEqual(limit)
          for (const [owner, amount] of Object.entries(guaranteed)) {
            const share = world.risk.remaining('max_daily_loss', { domain: owner })
            const left = amount - share.used - share.reserved
            expect(share.available, owner).toBeGreaterThanOrEqual(Math.min(amount, left))
          }
          // All of them can be used up, at the same time.
          const rest = Object.entries(guaranteed).flatMap(([owner, amount]) => {
            const share = world.risk.remaining('max_daily_loss', { domain: owner })
            const left = amount - share.used - share.reserved
            return left > 0 ? [world.intent({ loss: left }, { domain: owner })] : []
          })
          expect(await world.risk.reserveGroup(rest)).toMatchObject({ ok: true })
          for (const { id } of rest) await world.risk.release(id, 'only asked')
        }
      }),
      { numRuns: 300 },
    )
  }, 60_000)
})
