import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { check, story } from '../src/check.ts'
import { tellInOneProcess, tellInThreeProcesses } from '../src/tell.ts'

const silently = { print: () => {} }

describe('one budget, three bots', () => {
  it('comes to every figure of the story in one process, as the guide shows it', { timeout: 120_000 }, async () => {
    const printed: string[] = []
    expect(await tellInOneProcess({ print: line => printed.push(line) })).toEqual(story)
    const guide = await readFile(new URL('../../../docs/guides/share-a-budget.md', import.meta.url), 'utf8')
    expect(guide).toContain(printed.join('\n').trim())
  })

  it('comes to the same figures in three processes on one file', { timeout: 120_000 }, async () => {
    expect(await tellInThreeProcesses(silently)).toEqual(story)
  })

  it('ends the day at midnight in Berlin in summer too, when that is 22:00 UTC', { timeout: 120_000 }, async () => {
    expect(await tellInOneProcess({ ...silently, midnightMs: Date.UTC(2026, 6, 13, 22) })).toEqual(story)
  })

  it('does not come to them on a day that ends at another hour', { timeout: 120_000 }, async () => {
    const { failed } = check(await tellInOneProcess({ ...silently, midnightMs: Date.UTC(2026, 0, 12, 22) }), 'told')
    expect(failed).toBeGreaterThan(0)
  })
})

describe('the check', () => {
  it('passes the story itself', () => {
    expect(check(story, 'told').failed).toBe(0)
  })

  it('fails each figure that differs, is missing or is too many', () => {
    for (const [i, { what }] of story.entries()) {
      expect(check(story.with(i, { what, is: '0.01' }), 'told').failed).toBe(1)
      expect(check(story.slice(0, i), 'told').failed).toBe(story.length - i)
    }
    expect(check([...story, { what: 'used', is: '0.01' }], 'told')).toMatchObject({ failed: 1 })
  })
})
