import { describe, expect, it } from 'vitest'
import { chooseMode } from '../src/mode.ts'
import { parseOptions, refuseSandboxOptions } from '../src/options.ts'

describe('options', () => {
  it('have defaults: 30 days, seed 7, expected income, not live', () => {
    expect(parseOptions([])).toEqual({ days: 30, seed: 7, policy: 'expected-income', live: false, help: false })
  })

  it.each([
    [['--lvie'], /--lvie/],
    [['--days', '0'], /--days: expected whole days from 1 to 365, was "0"/],
    [['--days', '1.5'], /whole days/],
    [['--seed', 'seven'], /--seed: expected a whole number from 0 to 4294967295, was "seven"/],
    [['--policy', 'greedy'], /--policy: .*was "greedy"/],
    [['extra'], /extra/],
  ])('refuse %j in one line and run nothing', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message)
  })
})

describe('options of the sandbox', () => {
  it.each([['--days', '3'], ['--json=a.json'], ['--seed', '1']])('are refused on the real market: %s', (...args) => {
    expect(() => refuseSandboxOptions(args)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    expect(() => refuseSandboxOptions(['--gpus', 'days.json', '--live'])).not.toThrow()
  })
})

describe('mode', () => {
  const gpus = 'gpus.json'

  it('is the simulator without a key', () => {
    expect(chooseMode({ live: false, apiKey: undefined, gpus })).toBe('sandbox')
    expect(chooseMode({ live: false, apiKey: '  ', gpus: undefined })).toBe('sandbox')
  })

  it('only looks with a key, and acts with a key, --live and the machines named', () => {
    expect(chooseMode({ live: false, apiKey: 'k', gpus: undefined })).toBe('dry-run')
    expect(chooseMode({ live: true, apiKey: 'k', gpus })).toBe('live')
  })

  it('refuses --live without a key', () => {
    expect(() => chooseMode({ live: true, apiKey: undefined, gpus })).toThrow(/VAST_AI_API_KEY/)
  })

  it('refuses --live without --gpus: the sandbox’s machines are nobody’s', () => {
    expect(() => chooseMode({ live: true, apiKey: 'k', gpus: undefined })).toThrow(
      expect.objectContaining({ code: 'NO_GPUS', shortMessage: expect.stringContaining('--gpus FILE') }),
    )
  })
})
