import { describe, expect, it } from 'vitest'
import { chooseMode } from '../src/mode.ts'
import { parseOptions } from '../src/options.ts'

describe('options', () => {
  it('have defaults: 30 days, seed 7, expected income, not live', () => {
    expect(parseOptions([])).toEqual({ days: 30, seed: 7, policy: 'expected-income', live: false, help: false })
  })

  it.each([
    [['--lvie'], /--lvie/],
    [['--days', '0'], /--days: .*was "0"/],
    [['--days', '1.5'], /whole days/],
    [['--seed', 'seven'], /--seed: expected a number, was "seven"/],
    [['--policy', 'greedy'], /--policy: .*was "greedy"/],
    [['extra'], /extra/],
  ])('refuse %j in one line and run nothing', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message)
  })
})

describe('mode', () => {
  it('is the simulator without a key', () => {
    expect(chooseMode({ live: false, apiKey: undefined })).toBe('sandbox')
    expect(chooseMode({ live: false, apiKey: '  ' })).toBe('sandbox')
  })

  it('only looks with a key, and acts with a key and --live', () => {
    expect(chooseMode({ live: false, apiKey: 'k' })).toBe('dry-run')
    expect(chooseMode({ live: true, apiKey: 'k' })).toBe('live')
  })

  it('refuses --live without a key', () => {
    expect(() => chooseMode({ live: true, apiKey: undefined })).toThrow(/VAST_AI_API_KEY/)
  })
})
