import { describe, expect, it } from 'vitest'
import { mutations } from '../src/simulation/mutations/mutations.ts'
import { describeFailure } from '../src/simulation/run-seeds.ts'
import { runWorld } from '../src/simulation/run-world.ts'

/** A planted bug is found within so many worlds. */
const seedsMax = 60

describe('a world under random faults', () => {
  it('keeps every promise, whatever fails and whoever dies', async () => {
    const broken: string[] = []
    for (let seed = 1; seed <= 60; seed++) {
      const outcome = await runWorld(seed)
      if (outcome.violation !== undefined) broken.push(describeFailure(outcome))
    }
    expect(broken).toEqual([])
  }, 300_000)

  it.each([
    ['that does not trade', 7],
    ['that trades', 9],
  ])(
    'is the same world again under the same seed, step by step: one %s',
    async (_, seed) => {
      const first = await runWorld(seed)
      expect(await runWorld(seed)).toEqual(first)
      expect((await runWorld(seed + 1)).fingerprint).not.toBe(first.fingerprint)
      expect(first.tally.trades > 0).toBe(seed % 3 === 0)
    },
    60_000,
  )

  it('fails at the same step again under the same seed', async () => {
    const [bug] = mutations
    const first = await runWorld(1, bug?.decorations)
    expect(first.violation?.promise).toBe('an intent ends at most once')
    expect(await runWorld(1, bug?.decorations)).toEqual(first)
  }, 60_000)
})

describe('a planted bug is found', () => {
  it.each(mutations)(
    '$bug',
    async ({ decorations }) => {
      for (let seed = 1; seed <= seedsMax; seed++)
        if ((await runWorld(seed, decorations)).violation !== undefined) return
      expect.fail(`not found within ${seedsMax} seeds`)
    },
    300_000,
  )
})
