import { existsSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** All modules that `file` reaches: files of this package relative to src/, packages by name. */
function modulesBehind(file: string, seen = new Set<string>()): Set<string> {
  const name = relative(src, file)
  if (seen.has(name)) return seen
  seen.add(name)
  const text = readFileSync(file, 'utf8')
  for (const [, specifier = ''] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    if (!specifier.startsWith('.')) seen.add(specifier)
    else {
      const target = resolve(dirname(file), specifier)
      expect(existsSync(target), `${name} imports ${specifier}`).toBe(true)
      modulesBehind(target, seen)
    }
  }
  return seen
}

describe('the ./actions entry', () => {
  it('reaches no exchange, no book and no network: only schemas, types and pure functions', () => {
    const modules = [...modulesBehind(resolve(src, 'actions.ts'))]
    const packages = modules.filter(module => !module.endsWith('.ts'))
    expect(packages.sort()).toEqual(['@org/core', 'node:crypto', 'zod'])
    const folders = new Set(modules.filter(module => module.endsWith('.ts')).map(module => module.split('/')[0]))
    expect([...folders].sort()).toEqual(['actions', 'actions.ts'])
  })

  it('is a walk that would find an exchange client', () => {
    expect([...modulesBehind(resolve(src, 'index.ts'))]).toContain('ccxt')
  })
})
