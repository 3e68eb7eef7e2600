import { readFileSync } from 'node:fs'
import { strategyChecks, venueChecks } from '@org/testkit'
import { describe, expect, it } from 'vitest'
import { checksPage, checksPageText } from './checks-page.ts'

describe('CHECKS.md', () => {
  it('is what the checks say of themselves', () => {
    expect(readFileSync(checksPage, 'utf8')).toBe(checksPageText())
  })

  it('names each check once, in the order of the numbers', () => {
    for (const checks of [venueChecks, strategyChecks]) {
      const numbers = checks.map(({ id }) => Number(id.slice(3)))
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
    }
  })
})
