import { describe, expect, it } from 'vitest'
import { exposure } from '../risk/constraints/exposure.ts'
import { emptyLedger, evolve } from './evolve.ts'
import { matchingBudgets } from './matching-budgets.ts'

function ledgerWith(...constraints: ReturnType<typeof exposure>[]) {
  const state = emptyLedger()
  for (const constraint of constraints) evolve(state, { type: 'constraint-set', constraint, reason: '', by: 'test' }, 1)
  return state
}

const origin = (asset: string, venueId = 'v') => ({ domain: 'd', strategyId: 's', venueId, asset })
const keys = (state: ReturnType<typeof ledgerWith>, asset: string, venueId?: string) =>
  matchingBudgets(state, 'exposure', origin(asset, venueId)).map(({ budgetKey }) => budgetKey)

describe('matchingBudgets', () => {
  it('finds lists, stars and shares, in the order in which constraints were set', () => {
    const state = ledgerWith(
      exposure({ name: 'pair', limit: 1, scope: { asset: ['BTC', 'ETH'], venue: ['v', 'w'] } }),
      exposure({ name: 'each', limit: 1, scope: { venue: '*' } }),
      exposure({ name: 'shared', limit: 10, shares: { by: 'venue', of: { v: { guaranteed: 5 } } } }),
    )
    expect(keys(state, 'ETH')).toEqual([
      'pair@venue=v|w,asset=BTC|ETH',
      'each@venue=v',
      'shared@global',
      'shared@global/venue=v',
    ])
    expect(keys(state, 'SOL', 'z')).toEqual(['each@venue=z', 'shared@global', 'shared@global/others'])
  })

  it('looks anew when a constraint was set, and when more origins came than are remembered', () => {
    const state = ledgerWith(exposure({ limit: 1, scope: { asset: '*' } }))
    for (let i = 0; i < 10_100; i++) expect(keys(state, `a${i}`)).toEqual([`max_exposure@asset=a${i}`])
    const constraint = exposure({ name: 'new', limit: 1 })
    evolve(state, { type: 'constraint-set', constraint, reason: '', by: 'test' }, 2)
    expect(keys(state, 'a1')).toEqual(['max_exposure@asset=a1', 'new@global'])
  })
})
