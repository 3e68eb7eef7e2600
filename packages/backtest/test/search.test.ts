import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  bootstrapInterval,
  deflatedSharpe,
  gridOf,
  overfittingProbability,
  type SearchOptions,
  search,
  walkForward,
} from '@org/backtest'
import { seededRandom } from '@org/core'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'search-'))
afterAll(() => rmSync(folder, { recursive: true }))

const options: SearchOptions = {
  trial: new URL('./sum-trial.ts', import.meta.url),
  space: { a: [1, 2, 3], b: { from: 10, to: 30, step: 10 } },
  data: { offset: 100 },
  threads: 2,
  execArgv: ['--conditions=@org/source'],
}

describe('a grid', () => {
  it('holds every combination, and steps without the dust of fractions', () => {
    expect(gridOf({ x: [1, 2], y: ['a', 'b'] })).toEqual([
      { x: 1, y: 'a' },
      { x: 1, y: 'b' },
      { x: 2, y: 'a' },
      { x: 2, y: 'b' },
    ])
    expect(gridOf({ x: { from: 0.1, to: 0.3, step: 0.1 } }).map(({ x }) => x)).toEqual([0.1, 0.2, 0.3])
  })

  it.each([
    ['no value', { x: [] }],
    ['a step that leads nowhere', { x: { from: 1, to: 2, step: 0 } }],
    ['too many', { x: { from: 0, to: 2000, step: 1 }, y: { from: 0, to: 2000, step: 1 } }],
  ])('is refused with %s', (_, space) => {
    expect(() => gridOf(space)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })
})

describe('a search', () => {
  it('finds the best on threads, the same as on one, and says what failed', async () => {
    const two = await search(options)
    expect(two.best).toMatchObject({ parameters: { a: 3, b: 20 }, score: 100 })
    expect(two.failed).toBe(1)
    expect(two.outcomes.slice(-2).map(({ parameters, error }) => [parameters, error])).toEqual([
      [{ a: 1, b: 30 }, undefined],
      [{ a: 2, b: 10 }, 'a trial that fails'],
    ])
    expect(await search({ ...options, threads: 1 })).toEqual(two)
  })

  it('goes on where it was broken off', async () => {
    const finished = join(folder, 'finished.jsonl')
    let done = 0
    const stop = new AbortController()
    const onProgress = () => {
      done++
      if (done === 4) stop.abort()
    }
    await expect(search({ ...options, threads: 1, finished, signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    // A crash may cut the last line short.
    writeFileSync(finished, `${readFileSync(finished, 'utf8')}{"parameters":{"a":3`)
    const totals: string[] = []
    const result = await search({
      ...options,
      finished,
      onProgress: ({ done, total }) => totals.push(`${done}/${total}`),
    })
    // Three of the first four have a result: the one that threw is tried again.
    expect(totals).toHaveLength(6)
    expect(totals.at(-1)).toBe('9/9')
    expect(result).toEqual(await search(options))
  })

  it('at random tries different points, the same for the same seed', async () => {
    const random = { ...options, method: { random: 5 } as const, seed: 3 }
    const { outcomes } = await search(random)
    expect(new Set(outcomes.map(({ parameters }) => JSON.stringify(parameters))).size).toBe(5)
    expect((await search(random)).outcomes).toEqual(outcomes)
  })

  it('says what is wrong when nothing came to a score', async () => {
    const space = { a: [2], b: [10] }
    await expect(search({ ...options, space })).rejects.toMatchObject({
      code: 'NO_SCORE',
      message: 'none of 1 trials came to a score: a trial that fails',
    })
  })
})

describe('walking forward', () => {
  it('judges the best of each stretch on the next, which its search has not seen', async () => {
    const day = 86_400_000
    const steps = await walkForward({ ...options, from: 0, to: 10 * day, train: '4d', test: '2d', gap: '1d' })
    expect(
      steps.map(({ trainFrom, trainTo, testFrom, testTo }) =>
        [trainFrom, trainTo, testFrom, testTo].map(at => at / day),
      ),
    ).toEqual([
      [0, 4, 5, 7],
      [2, 6, 7, 9],
    ])
    for (const { trained, tested, trainTo, testFrom, testTo } of steps) {
      expect(trained.figures['to']).toBe(trainTo)
      expect(tested).toMatchObject({ parameters: trained.parameters, figures: { from: testFrom, to: testTo } })
    }
  })
})

describe('doubt', () => {
  const random = seededRandom(5)
  const noise = (count: number, drift = 0) => Array.from({ length: count }, () => random.next() - 0.5 + drift)
  const sharpeOf = (returns: readonly number[]) => {
    const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length
    return mean / Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (returns.length - 1))
  }

  it('takes the best of many worthless trials for what it is, and lets a real one stand', () => {
    const trials = Array.from({ length: 200 }, () => noise(250))
    const sharpes = trials.map(sharpeOf)
    const best = trials[sharpes.indexOf(Math.max(...sharpes))] ?? []
    expect(deflatedSharpe(best, sharpes)).toBeLessThan(0.9)
    expect(deflatedSharpe(noise(250, 0.2), sharpes)).toBeGreaterThan(0.99)
    expect(deflatedSharpe([0.1], sharpes)).toBeUndefined()
  })

  it('finds the probability of overfitting high among worthless trials, and nothing where one is good', () => {
    const worthless = Array.from({ length: 20 }, () => noise(200))
    const probability = overfittingProbability(worthless, { blocks: 8 }) ?? 0
    expect(probability).toBeGreaterThan(0.25)
    expect(overfittingProbability([...worthless, noise(200, 0.3)], { blocks: 8 })).toBe(0)
    expect(overfittingProbability([noise(200)], { blocks: 8 })).toBeUndefined()
    expect(() => overfittingProbability(worthless, { blocks: 5 })).toThrow('blocks: expected an even number')
  })

  it('gives an interval that holds the figure, wider with fewer returns', () => {
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length
    const many = bootstrapInterval(noise(2_000), sum)
    const few = bootstrapInterval(noise(50), sum)
    expect(many?.low).toBeLessThan(0)
    expect(many?.high).toBeGreaterThan(0)
    expect((few?.high ?? 0) - (few?.low ?? 0)).toBeGreaterThan(3 * ((many?.high ?? 0) - (many?.low ?? 0)))
    expect(bootstrapInterval([0.1], sum)).toBeUndefined()
  })
})
