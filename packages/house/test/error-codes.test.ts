import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, typescript, withoutComments } from '../src/sources.ts'

/** Packages and examples whose errors reach users; the simulator's (`SIM_…`, and what it answers over the wire) speak for themselves. */
const speaking = /^(packages\/(core|backtest|cli|store-[^/]+|venue-[^/]+|strategy-[^/]+)|examples\/[^/]+)\/src\//

/** Codes as they are thrown, refused or declared: beside `code`, as the first argument of what makes an error, in a union of codes. */
function codesIn(path: string, text: string): string[] {
  const code = withoutComments(text)
  const thrown = code.matchAll(
    /(?:\bcode: (?:[\w.?]+ \?\? )?|\bsuper\(|\b\w*[eE]rror\(\s*|\brefuse\(\w+, )'([A-Z][A-Z0-9_]{3,})'/g,
  )
  const declared = /(error|errors|rejection)\.ts$/.test(path) ? code.matchAll(/\| '([A-Z][A-Z0-9_]{3,})'/g) : []
  return [...thrown, ...declared].map(match => match[1] as string)
}

describe('docs/reference/errors.md', () => {
  const page = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8')
  const documented = [...page.matchAll(/^### `(\w+)`$/gm)].map(match => match[1] as string)
  const used = typescript()
    .filter(({ path }) => speaking.test(path) && !path.includes('.test'))
    .flatMap(({ path, text }) => codesIn(path, text))

  it('explains every code that users can meet', () => {
    expect([...new Set(used)].filter(code => !documented.includes(code)).sort()).toEqual([])
  })

  it('explains none that does not exist, and none twice', () => {
    expect(documented.filter(code => !used.includes(code))).toEqual([])
    expect(new Set(documented).size).toBe(documented.length)
  })

  it('is where an error’s own link leads', () => {
    expect(page).toContain('# Errors and refusals')
    expect(readFileSync(join(root, 'packages/core/src/errors/automation-error.ts'), 'utf8')).toContain(
      'reference/errors.md#',
    )
  })
})
