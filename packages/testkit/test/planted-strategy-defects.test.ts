import { type StrategySubject, strategyChecks } from '@org/testkit'
import { describe, expect, it } from 'vitest'
import { brokenBots } from './strategy/broken-bots.ts'
import type { LemonStall } from './strategy/lemon-stall.ts'

async function failedChecks(broken: StrategySubject<readonly [LemonStall]>): Promise<string[]> {
  const failed: string[] = []
  for (const { id, run } of strategyChecks) await run(broken).catch(() => failed.push(id))
  return failed
}

it('every check of strategies has a defect that it must notice', () => {
  expect(brokenBots.map(([check]) => check)).toEqual(strategyChecks.map(({ id }) => id))
})

describe('a strategy with a planted defect', () => {
  it.each(brokenBots)('fails %s and no other check when it %s', async (check, _what, broken) => {
    expect(await failedChecks(broken)).toEqual([check])
  })
})
