import { describe, expect, it } from 'vitest'
import { requireKnownChecks } from './require-known-checks.ts'

describe('requireKnownChecks', () => {
  it('lets through skips of checks that exist, and none at all', () => {
    expect(() => requireKnownChecks({ 'VC-01': 'why' }, [{ id: 'VC-01' }])).not.toThrow()
    expect(() => requireKnownChecks(undefined, [])).not.toThrow()
  })

  it('names those that do not exist', () => {
    expect(() => requireKnownChecks({ 'VC-01': 'why', 'VC-1': 'why' }, [{ id: 'VC-01' }])).toThrow(
      'skips names checks that do not exist: VC-1; take them out or mend the number',
    )
  })
})
