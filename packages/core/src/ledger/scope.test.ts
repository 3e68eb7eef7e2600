import { describe, expect, it } from 'vitest'
import { describeScope, scopeCovers, scopeKey } from './scope.ts'

const origin = { domain: 'crypto', strategyId: 's', venueId: 'v', asset: 'BTC' }

describe('a scope', () => {
  it('keeps one budget for a list of assets, whatever their order, and one each for a star', () => {
    expect(scopeKey({ asset: ['ETH', 'BTC'] }, origin)).toBe('asset=BTC|ETH')
    expect(scopeKey({ asset: ['BTC', 'ETH'] }, { ...origin, asset: 'ETH' })).toBe('asset=BTC|ETH')
    expect(scopeKey({ asset: ['SOL'] }, origin)).toBeUndefined()
    expect(scopeKey({ venue: '*', asset: '*' }, origin)).toBe('venue=v,asset=BTC')
    expect(scopeKey({ asset: '*' }, { ...origin, asset: undefined })).toBeUndefined()
  })

  it('covers in words what it covers as an object, also names that hold its separators', () => {
    const odd = { ...origin, asset: 'a=b,c|d%' }
    for (const scope of [{}, { domain: 'crypto' }, { asset: ['a=b,c|d%', 'x'] }, { venue: '*', asset: 'a=b,c|d%' }])
      expect(scopeCovers(describeScope(scope), odd)).toBe(true)
    for (const scope of [{ domain: 'gpu' }, { asset: ['a', 'x'] }, { strategy: 'a=b' }])
      expect(scopeCovers(describeScope(scope), odd)).toBe(false)
    expect(scopeCovers('venue=*', { domain: 'crypto' })).toBe(false)
  })
})
