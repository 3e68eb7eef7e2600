import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import { fromMicros } from '../money/micros.ts'
import { concentration } from '../risk/constraints/concentration.ts'
import { exposure } from '../risk/constraints/exposure.ts'
import { stakeKey } from './ledger-state.ts'

// A venue is of one domain.
const place = fc.constantFrom(
  ...['a', 'b'].flatMap(asset => [
    { domain: 'crypto', venueId: 'v1', asset },
    { domain: 'gpu', venueId: 'v2', asset },
  ]),
)
const posting = fc.record({ at: place, amount: fc.integer({ min: -50, max: 50 }) })

describe('exposure that is posted', () => {
  it('is the same in every book, whatever is closed that was never opened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(posting, { maxLength: 12 }), async postings => {
        const world = new RiskWorld([
          exposure({ limit: 1000, scope: { venue: '*', asset: '*' }, name: 'stake' }),
          exposure({ limit: 1000 }),
          concentration({ percent: 100, ofAtLeast: 1000 }),
        ])
        for (const { at, amount } of postings) await world.record({ exposure: amount }, at)
        const { exposure: whole, exposureByAsset, exposureByVenue, exposureByDomain } = world.risk.assessPortfolio()
        expect(whole).toBe(world.risk.remaining('max_exposure').used)
        for (const totals of [exposureByAsset, exposureByVenue, exposureByDomain])
          expect(Object.values(totals).reduce((sum, amount) => sum + amount, 0)).toBe(whole)
        for (const asset of ['a', 'b']) {
          expect(world.risk.remaining('max_concentration', { asset }).used).toBe(exposureByAsset[asset] ?? 0)
          for (const venueId of ['v1', 'v2']) {
            const stake = world.store.read().exposure.stakes.get(stakeKey(venueId, asset))
            const inLedger = stake === undefined ? 0 : fromMicros(stake.exposure)
            expect(inLedger).toBe(world.risk.remaining('stake', { venueId, asset }).used)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('can be closed whole after a close of what the ledger never saw', async () => {
    const world = new RiskWorld([exposure({ limit: 100 })])
    await world.record({ exposure: -30 })
    await world.record({ exposure: 50 })
    await world.risk.halt({}, 'smoke', 'me')
    expect(await world.ask({}, { reduces: true, reduction: 50 })).toBe('ok')
    expect(world.risk.assessPortfolio().exposure).toBe(50)
  })

  it('leaves what the ledger never saw to be closed in parts', async () => {
    const world = new RiskWorld([exposure({ limit: 100 })])
    await world.record({ exposure: -30 })
    expect(await world.ask({}, { reduces: true, reduction: 20 })).toBe('ok')
  })
})
