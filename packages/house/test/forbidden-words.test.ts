import { describe, expect, it } from 'vitest'
import { type Source, sources, typescript, withoutComments } from '../src/sources.ts'

/** The outside world comes in by parameter: time, chance, network and the process's surroundings. */
const world =
  /\bDate\.now\b|\bnew Date\(\)|\bset(?:Timeout|Interval|Immediate)\b|\bMath\.random\b|\bperformance\.now\b|(?<![.\w#])fetch\(|\bprocess\.(?:env|exit|on)\b|\bconsole\./

/** Where the world is let in, and why. */
const doors = new Map([
  ['packages/core/src/time/system-clock.ts', 'real time, as a Clock'],
  ['packages/core/src/time/random.ts', 'real chance, as a Random'],
  ['packages/core/src/time/virtual-clock.ts', 'lets pending work of the event loop go first'],
])

/** What only a domain's packages may speak of. */
const domainWords =
  /gpu|vast|renter|rental|\bhost(?:s|ing)?\b|candle|ticker|order-?book|\borders?Id\b|(?<!node:)crypto|binance|campaign|\bloan|machine(?!\w*state)/i

const isShipped = ({ path }: Source) => /\/src\//.test(path) && !/\.(test|test-d|bench)\.ts$/.test(path)

function linesThatMatch(files: readonly Source[], words: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    withoutComments(text)
      .split('\n')
      .flatMap((line, i) => (words.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [])),
  )
}

describe('core and strategies', () => {
  const files = typescript().filter(
    file => isShipped(file) && /^packages\/(core|strategy-[^/]+|workflow|nodes-[^/]+)\//.test(file.path),
  )

  it('take time, chance, network and environment from outside', () => {
    const wrong = linesThatMatch(files, world).filter(line => !doors.has(line.split(':')[0] ?? ''))
    expect(wrong).toEqual([])
  })

  it('let the world in only where it is needed', () => {
    for (const path of doors.keys())
      expect(
        linesThatMatch(
          sources('packages/core/src', '.ts').filter(file => file.path === path),
          world,
        ),
      ).not.toEqual([])
  })
})

describe('core', () => {
  it('speaks of no domain', () => {
    expect(linesThatMatch(sources('packages/core/src', '.ts').filter(isShipped), domainWords)).toEqual([])
  })

  it('is read by a rule that would notice', () => {
    const file = (text: string) => [{ path: 'x.ts', text }]
    expect(linesThatMatch(file("if (venue.id === 'vastai') return"), domainWords)).toHaveLength(1)
    expect(linesThatMatch(file('// for a gpu\nconst x = 1'), domainWords)).toEqual([])
    expect(linesThatMatch(file('await fetch(url)\nvenue.fetch(url)'), world)).toHaveLength(1)
    expect(linesThatMatch(file('const at = Date.now()'), world)).toHaveLength(1)
  })
})
