import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { InvalidInputError } from '../errors/automation-error.ts'
import { parseConfig, strategyConfigSchema } from './config.ts'

function problemOf(input: unknown): string {
  try {
    parseConfig(strategyConfigSchema, input, 'bot.json')
    return 'none'
  } catch (error) {
    if (!(error instanceof InvalidInputError) || error.code !== 'INVALID_CONFIG') throw error
    return error.shortMessage
  }
}

describe('a strategy’s config', () => {
  it('may be empty: everything has a default', () => {
    expect(parseConfig(strategyConfigSchema, {}, 'bot.json')).toEqual({
      scanIntervalMs: 300_000,
      minExpectedProfit: 0.1,
      minRoi: 0.25,
      enableAutoExecution: true,
      dryRunMode: false,
    })
  })

  it.each([
    ['a misspelt field', { minROI: 0.3 }, 'Unrecognized key: "minROI"'],
    ['text for a number', { minRoi: '0.3' }, 'minRoi: Invalid input: expected number, received string'],
    ['NaN', { minRoi: Number.NaN }, 'minRoi: Invalid input: expected number, received NaN'],
    ['a negative threshold', { minExpectedProfit: -1 }, 'minExpectedProfit: '],
    ['a hammering interval', { scanIntervalMs: 10 }, 'scanIntervalMs: '],
    ['text for a switch', { dryRunMode: 'yes' }, 'dryRunMode: Invalid input: expected boolean, received string'],
    ['nothing', undefined, 'expected object, received undefined'],
    ['a list', [], 'expected object, received array'],
  ])('says in one line what is wrong with %s', (_, input, problem) => {
    const message = problemOf(input)
    expect(message).toContain(problem)
    expect(message).toMatch(/^bot\.json is not usable: [^\n]+$/)
  })

  it('names every problem of a half-written one at once, with its path', () => {
    const schema = strategyConfigSchema.extend({
      machines: z.array(z.strictObject({ id: z.number(), powerWatts: z.number() })),
    })
    const input = { minRoi: '1', machines: [{ id: 1, powerWatts: 450 }, { id: 2 }], extra: 1 }
    expect(() => parseConfig(schema, input, 'bot.json')).toThrow(
      /minRoi: .*; machines\.1\.powerWatts: .*received undefined; Unrecognized key: "extra"/,
    )
  })
})
