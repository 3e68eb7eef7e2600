import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { venueChecks } from '@org/testkit'
import { describe, expect, it } from 'vitest'

const folder = resolve(import.meta.dirname, 'lemon')
const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/guides/write-an-adapter.md'), 'utf8')
const sound = readdirSync(folder).filter(name => name.startsWith('lemon-'))
const texts = sound.map(name => readFileSync(join(folder, name), 'utf8'))
texts.push(readFileSync(resolve(import.meta.dirname, 'lemon-venue.test.ts'), 'utf8'))

describe('the guide to adapters', () => {
  it('shows what stands in an adapter that passes', () => {
    const shown = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(match => match[1] ?? '')
    const strange = shown.filter(code => !texts.some(text => text.includes(code)))
    // The last one is the reader's own program.
    expect(strange).toEqual(shown.slice(-1))
  })

  it('names the number of checks, and only checks that exist', () => {
    expect(guide).toContain(`Then ${venueChecks.length} checks`)
    const ids = venueChecks.map(({ id }) => id)
    expect([...guide.matchAll(/VC-\d+/g)].map(([id]) => id).filter(id => !ids.includes(id))).toEqual([])
  })
})
