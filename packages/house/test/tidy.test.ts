import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { typescript, withoutComments } from '../src/sources.ts'

const linesMax = 400

/** Files that are longer, and why that is better than to split them. */
const longForAReason = new Map([
  ['packages/sim-vastai/src/market/sim-world.ts', 'one market, told in the order in which its events happen'],
  [
    'packages/strategy-gpu-optimizer/src/gpu-capacity-optimizer.ts',
    'a strategy’s life from start to shutdown; what it decides stands in files of its own',
  ],
])

const files = typescript()
const isTest = (path: string) => /\.test\.ts$|\/test\//.test(path)

describe('every source file', () => {
  it(`has at most ${linesMax} lines, or stands in the list with a reason`, () => {
    const long = files.filter(({ path, text }) => !isTest(path) && text.split('\n').length - 1 > linesMax)
    expect(long.map(file => file.path).filter(path => !longForAReason.has(path))).toEqual([])
    const gone = [...longForAReason.keys()].filter(path => !files.some(file => file.path === path))
    expect(gone).toEqual([])
  })

  it('is named in kebab-case after the one thing it is about', () => {
    const wrong = files.filter(
      ({ path }) =>
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|test-d|bench|config))?\.ts$/.test(basename(path)) ||
        /^(utils?|helpers?|common|misc|types|constants)\.ts$/.test(basename(path)),
    )
    expect(wrong.map(file => file.path)).toEqual([])
  })

  it('silences no tool and postpones nothing', () => {
    const words = ['@ts-ignore', '@ts-expect-error', '@ts-nocheck', 'biome-ignore', 'TODO', 'FIXME', 'XXX']
    const pattern = new RegExp(words.map(word => `${word}\\b`).join('|'))
    const wrong = files.filter(
      ({ path, text }) =>
        path !== 'packages/house/test/tidy.test.ts' && !path.endsWith('.test-d.ts') && pattern.test(text),
    )
    expect(wrong.map(file => file.path)).toEqual([])
  })

  it('leaves no test out, and prefers none', () => {
    const wrong = files.filter(({ text }) => /\b(?:it|test|describe)\.(?:only|skip|todo)\(/.test(withoutComments(text)))
    expect(wrong.map(file => file.path)).toEqual([])
  })

  it('exports by name', () => {
    const wrong = files.filter(
      ({ path, text }) => !path.endsWith('.config.ts') && /^export default\b/m.test(withoutComments(text)),
    )
    expect(wrong.map(file => file.path)).toEqual([])
  })

  it('an index.ts is a table of contents: exports and nothing else', () => {
    const wrong = files.filter(({ path, text }) => {
      if (!/^packages\/[^/]+\/src\/index\.ts$/.test(path)) return false
      // What another entry of the package offers may be passed on whole.
      const code = withoutComments(text).replace("export * from './actions.ts'", '')
      const rest = code.replace(/export (?:type )?(?:\{[^}]*\}|\* as \w+) from '[^']+'/g, '')
      return rest.trim() !== ''
    })
    expect(wrong.map(file => file.path)).toEqual([])
  })
})
