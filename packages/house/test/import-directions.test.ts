import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, type Source, sources, typescript, workspaces } from '../src/sources.ts'

/** Who may import whom: the floors of the house. The first pattern that fits a package's folder counts; `anything` also means anybody. */
const floors: readonly (readonly [folder: RegExp, mayImport: RegExp | 'anything'])[] = [
  [/^packages\/core$/, /^$/],
  [/^packages\/(testkit|indicators|create-adapter)$/, /^@org\/core$/],
  [/^packages\/(venue|store)-/, /^@org\/core$/],
  [/^packages\/sim-/, /^@org\/core$/],
  [/^packages\/strategy-/, /^@org\/(core|indicators|venue-[a-z]+\/actions)$/],
  [/^packages\/workflow$/, /^@org\/(core|indicators)$/],
  [/^packages\/backtest$/, /^@org\/(core|indicators|venue-trading\/(actions|book)|store-[a-z]+)$/],
  [/^packages\/nodes-/, /^@org\/(core|indicators|workflow|strategy-[a-z-]+|venue-[a-z]+\/actions)$/],
  [/^packages\/(chaos|bench|house|cli)$|^examples\//, 'anything'],
]

/** A simulator must not share a misunderstanding of the wire with a client: of core it knows time, money and errors. */
const simulatorsKnow =
  /^(Clock|VirtualClock|systemClock|Random|seededRandom|systemRandom|Duration|durationMs|\w*Error|describeError|\w*Micros|Amount|Rounding)$/

/**
 * The floors of core/src, highest first: a folder imports only from folders above it. Two pairs look at each other, both for types alone:
 * the ledger speaks of facts, which hold a constraint as the ledger keeps it.
 */
const coreFloors = [
  'errors',
  'money',
  'time',
  'intent',
  'ledger',
  'journal',
  'store',
  'venue',
  'telemetry',
  'risk',
  'execution',
  'strategy',
  'engine',
]
const coreTypesUpwards = new Set(['ledger → journal/fact.ts'])

const folderOf = (path: string) => path.split('/').slice(0, 2).join('/')

/** What stands in src/ and is shipped; tests may also use the simulators and the test kit. */
const shipped = (file: Source) => file.path.includes('/src/') && !/\.(test|test-d|bench)\.ts$/.test(file.path)

function wrongImports(files: readonly Source[]): string[] {
  const names = new Map(workspaces().map(({ folder, manifest }) => [folder, manifest.name]))
  return files.flatMap(file => {
    const folder = folderOf(file.path)
    const rule = floors.find(([pattern]) => pattern.test(folder))
    if (rule === undefined) return [`${folder} has no floor: add it to the table`]
    const [, mayImport] = rule
    return importsOf(file.text)
      .filter(specifier => specifier.startsWith('@org/') && specifier !== names.get(folder))
      .filter(specifier => mayImport !== 'anything' && !mayImport.test(specifier))
      .map(specifier => `${file.path} imports ${specifier}`)
  })
}

function wrongFloors(files: readonly Source[]): string[] {
  return files.flatMap(file => {
    const [from = '', ...inside] = file.path.replace('packages/core/src/', '').split('/')
    if (inside.length === 0) return []
    return importsOf(file.text)
      .filter(specifier => specifier.startsWith('.'))
      .flatMap(specifier => {
        const target = posix.join(posix.dirname(file.path), specifier).replace('packages/core/src/', '')
        const to = target.split('/')[0] ?? ''
        if (to === from || coreFloors.indexOf(to) < coreFloors.indexOf(from)) return []
        const isTypeOnly = new RegExp(`import type [^;]*'${specifier.replaceAll('.', '\\.')}'`).test(file.text)
        if (coreTypesUpwards.has(`${from} → ${target}`) && isTypeOnly) return []
        return [`${file.path} imports ${target}`]
      })
  })
}

describe('import directions', () => {
  it('between packages follow the floors of the house', () => {
    expect(wrongImports(typescript().filter(shipped))).toEqual([])
  })

  it('of core’s tests too: they know nothing of ours but core', () => {
    expect(wrongImports(sources('packages/core', '.ts'))).toEqual([])
  })

  it('between the folders of core/src go upwards only', () => {
    const files = sources('packages/core/src', '.ts').filter(shipped)
    const folders = new Set(files.map(file => file.path.split('/')[3]).filter(name => !name?.endsWith('.ts')))
    expect([...folders].sort()).toEqual([...coreFloors].sort())
    expect(wrongFloors(files)).toEqual([])
  })

  it('keep simulators to core’s time, money and errors', () => {
    const wrong = typescript()
      .filter(file => file.path.startsWith('packages/sim-') && shipped(file))
      .flatMap(file =>
        [...file.text.matchAll(/import (?:type )?\{([^}]*)\} from '@org\/core'/g)].flatMap(match =>
          (match[1] ?? '')
            .split(',')
            .map(name => name.replace('type ', '').trim())
            .filter(name => name !== '' && !simulatorsKnow.test(name))
            .map(name => `${file.path} imports ${name}`),
        ),
      )
    expect(wrong).toEqual([])
  })

  it('never leave a package by a relative path, nor enter one past its exports', () => {
    const open = new Set(
      workspaces().flatMap(({ manifest }) =>
        Object.keys(manifest.exports ?? {}).map(subpath => posix.join(manifest.name, subpath)),
      ),
    )
    const wrong = typescript().flatMap(file =>
      importsOf(file.text)
        .filter(specifier =>
          specifier.startsWith('.')
            ? folderOf(posix.join(posix.dirname(file.path), specifier)) !== folderOf(file.path)
            : specifier.startsWith('@org/') && !open.has(specifier),
        )
        .map(specifier => `${file.path} imports ${specifier}`),
    )
    expect(wrong).toEqual([])
  })

  it('are checked by rules that would notice', () => {
    const file = (path: string, specifier: string) => ({ path, text: `import { x } from '${specifier}'\n` })
    expect(wrongImports([file('packages/core/src/engine/engine.ts', '@org/testkit')])).toHaveLength(1)
    expect(wrongImports([file('packages/venue-vastai/src/venue.ts', '@org/sim-vastai')])).toHaveLength(1)
    expect(wrongImports([file('packages/strategy-x/src/x.ts', '@org/venue-vastai')])).toHaveLength(1)
    expect(wrongImports([file('packages/strategy-x/src/x.ts', '@org/venue-vastai/actions')])).toEqual([])
    expect(wrongImports([file('packages/new/src/x.ts', '@org/core')])).toHaveLength(1)
    expect(wrongFloors([file('packages/core/src/ledger/evolve.ts', '../risk/constraint.ts')])).toHaveLength(1)
    expect(wrongFloors([file('packages/core/src/ledger/evolve.ts', '../journal/fact.ts')])).toHaveLength(1)
    expect(wrongFloors([file('packages/core/src/risk/constraint.ts', '../ledger/evolve.ts')])).toEqual([])
  })
})
