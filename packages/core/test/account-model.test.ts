import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type AccountOperationInput, compareWithReplay, defineConstraint } from '../src/index.ts'
import { AccountModel } from './account-model.ts'
import { RiskWorld } from './risk-world.ts'

const limit = 50
const unit = defineConstraint({ type: 'UNITS', name: 'units', measure: 'unit', limit, aggregation: { kind: 'level' } })

// Few ids, so that they meet.
const id = fc.constantFrom(...'abcdefgh')
const amount = fc.nat(30)
const upTo = fc.boolean()
const operation: fc.Arbitrary<AccountOperationInput> = fc.oneof(
  fc.record({ op: fc.constant('spend' as const), id, amount, upTo }),
  fc.record({ op: fc.constant('reserve' as const), id, amount, upTo, ttl: fc.constantFrom(0, 1_000, 60_000) }),
  fc.record({ op: fc.constant('reserve' as const), id, amount, upTo, ttl: fc.constant(0) }),
  fc.record({ op: fc.constant('commit' as const), id, of: id, amount: fc.oneof(amount, fc.constant('all' as const)) }),
  fc.record({ op: fc.constant('release' as const), id, of: id }),
  fc.record({ op: fc.constant('release' as const), id, of: id, amount }),
)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.array(operation, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(operation, { minLength: 2, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(500, 1_000, 59_000) },
)

it('an account does what the obvious model does, in any order of operations, groups and time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
      const model = new AccountModel(limit)
      const world = new RiskWorld([unit])
      const account = world.risk.account('unit', { domain: 'd', strategyId: 's', venueId: 'v' })
      model.nowMs = world.nowMs
      for (const next of steps) {
        if (typeof next === 'number') {
          world.nowMs += next
          model.nowMs += next
          continue
        }
        expect(await account.group(next)).toEqual(model.group(next))
        const { used, reserved } = world.risk.remaining('units')
        expect({ used, reserved }).toEqual({ used: model.committed, reserved: model.reserved })
        expect(used + reserved).toBeLessThanOrEqual(limit)
      }
      expect(await compareWithReplay(world.store)).toEqual([])
    }),
    { numRuns: 1000 },
  )
}, 60_000)
