import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, root, sources, workspaces } from '../src/sources.ts'

const all = workspaces()
const published = all.filter(({ manifest }) => manifest.private !== true)
const named = (workspace: (typeof all)[number]) => [workspace.manifest.name, workspace] as const

describe.each(published.map(named))('%s', (_, { folder, manifest }) => {
  it('has a README with a runnable example, the licence, and says which Node it needs', () => {
    const readme = sources(folder, 'README.md').find(file => file.path === `${folder}/README.md`)
    expect(readme?.text).toMatch(/^# @org\/[\s\S]*```ts\n/)
    expect(manifest).toMatchObject({ license: 'MIT', type: 'module', sideEffects: false, engines: { node: '>=22.19' } })
    // npm packs what lies in the package's own folder.
    expect(readFileSync(join(root, folder, 'LICENSE'), 'utf8')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'))
    expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'src', '!src/**/*.test.ts']))
  })

  it('exports source, types and code for each entry, and the source is there', () => {
    const entries = Object.entries(manifest.exports ?? {}).filter(([subpath]) => subpath !== './package.json')
    expect(entries.map(([subpath]) => subpath)).toContain('.')
    for (const [, target] of entries) {
      if (typeof target === 'string') throw new Error(`expected conditions, was ${target}`)
      expect(Object.keys(target)).toEqual(['@org/source', 'types', 'default'])
      expect(existsSync(join(root, folder, target['@org/source'] ?? ''))).toBe(true)
      expect([target['types'], target['default']]).toEqual([
        target['@org/source']?.replace('/src/', '/dist/').replace(/\.ts$/, '.d.ts'),
        target['@org/source']?.replace('/src/', '/dist/').replace(/\.ts$/, '.js'),
      ])
    }
  })

  it('has a changelog, or a changeset that begins one', () => {
    const announced = sources('.changeset', '.md').some(({ text }) => text.includes(`\n"${manifest.name}": `))
    expect(announced || existsSync(join(root, folder, 'CHANGELOG.md'))).toBe(true)
  })

  it('takes core as a peer, so that there is one core', () => {
    expect(Object.keys(manifest.dependencies ?? {})).not.toContain('@org/core')
    const usesCore = sources(`${folder}/src`, '.ts').some(file => importsOf(file.text).includes('@org/core'))
    if (usesCore && manifest.name !== '@org/core')
      expect(Object.keys(manifest.peerDependencies ?? {})).toContain('@org/core')
  })
})

describe('core', () => {
  it('depends on zod, eventemitter3 and pino at run time, and on nothing else', () => {
    const core = all.find(({ manifest }) => manifest.name === '@org/core')?.manifest
    expect(Object.keys(core?.dependencies ?? {}).sort()).toEqual(['eventemitter3', 'pino', 'zod'])
    expect(core?.peerDependencies).toBeUndefined()
  })
})

describe('the top level', () => {
  it('has the licence, and examples are never published', () => {
    expect(existsSync(join(root, 'LICENSE'))).toBe(true)
    expect(all.filter(({ folder, manifest }) => folder.startsWith('examples/') && manifest.private !== true)).toEqual(
      [],
    )
  })
})
