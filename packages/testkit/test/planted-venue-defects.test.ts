import { venueChecks } from '@org/testkit'
import { describe, expect, it } from 'vitest'
import type { Broken } from './lemon/broken.ts'
import { brokenActing } from './lemon/broken-acting.ts'
import { brokenLiving } from './lemon/broken-living.ts'
import { brokenLooking } from './lemon/broken-looking.ts'

const planted = [...brokenLooking, ...brokenActing, ...brokenLiving]

async function failedChecks(broken: Broken): Promise<string[]> {
  const failed: string[] = []
  for (const { id, run } of venueChecks) await run(broken).catch(() => failed.push(id))
  return failed
}

it('every check has a defect that it must notice', () => {
  const noticed = planted.flatMap(([checks]) => checks.split(' '))
  expect(venueChecks.map(({ id }) => id).filter(id => !noticed.includes(id))).toEqual([])
})

describe('a venue with a planted defect', () => {
  it.each(planted)('fails %s and no other check when it %s', { timeout: 60_000 }, async (checks, _what, broken) => {
    expect(await failedChecks(broken)).toEqual(checks.split(' '))
  })
})
