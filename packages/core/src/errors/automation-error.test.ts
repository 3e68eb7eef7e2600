import { describe, expect, it } from 'vitest'
import { AbortedError, AutomationError, describeError, InvalidInputError } from './automation-error.ts'
import { cutSecrets } from './cut-secrets.ts'

describe('AutomationError', () => {
  it('errs on the side of nothing having happened only where it is told nothing else', () => {
    const error = new AutomationError({ code: 'NO_ROOM', message: 'no room' })
    expect([error.effect, error.retryable, error.retryAfterMs, error.docs]).toEqual([
      'none',
      false,
      undefined,
      'reference/errors.md#no_room',
    ])
  })

  it('is recognised across two copies of core, by its mark and not by its class', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('@org/core/AutomationError')]: true })
    expect(AutomationError.isInstance(foreign)).toBe(true)
    expect([new Error('x'), null, undefined, 'x', {}].some(AutomationError.isInstance)).toBe(false)
  })

  it('finds a cause deep down, and ends in a ring of causes', () => {
    const root = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    const error = new AutomationError({ code: 'A', message: 'a', cause: new Error('b', { cause: root }) })
    expect(error.walk(cause => (cause as { code?: string }).code === 'ECONNRESET')).toBe(root)
    Object.assign(root, { cause: root })
    expect(error.walk(() => false)).toBeUndefined()
  })

  it('names its class, also for subclasses', () => {
    expect(new AbortedError().name).toBe('AbortedError')
    expect(new InvalidInputError({ message: 'x' }).code).toBe('INVALID_INPUT')
  })

  it('does not repeat a key that stands in its message', () => {
    expect(new AutomationError({ code: 'X', message: 'GET /offers?api_key=3f9a1c77d2&limit=5 failed' }).message).toBe(
      'GET /offers?api_key=[secret]&limit=5 failed',
    )
  })
})

describe('describeError', () => {
  it('gives one line for whatever was thrown', () => {
    const refused = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' })
    expect(
      [new Error('a\nb'), refused, new TypeError(''), 'text', '', undefined, Object.create(null)].map(describeError),
    ).toEqual([
      'a',
      'ECONNREFUSED',
      'TypeError',
      'text',
      'an empty value was thrown',
      'undefined',
      'a value that has no text was thrown',
    ])
  })

  it('leaves out what looks like a key', () => {
    expect(describeError(new Error('fetch of https://x/?token=ab12cd34ef failed'))).toBe(
      'fetch of https://x/?token=[secret] failed',
    )
  })
})

describe('cutSecrets', () => {
  it.each([
    ['Authorization: Bearer abc.123-def', 'Authorization: Bearer [secret]'],
    ['{"api_key":"0123456789abcdef"}', '{"api_key":"[secret]"}'],
    ['apiKey=deadbeef01; password: hunter2000', 'apiKey=[secret]; password: [secret]'],
  ])('cuts %s', (text, expected) => {
    expect(cutSecrets(text)).toBe(expected)
  })

  it.each([
    'apiKey: expected text, was undefined',
    'token: Invalid input',
    'basic configuration of bearer instruments',
    'daily loss limit 500.00: used 300.00',
  ])('leaves the sentence alone: %s', text => {
    expect(cutSecrets(text)).toBe(text)
  })
})
