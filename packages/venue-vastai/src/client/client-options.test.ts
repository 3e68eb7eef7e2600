import { inspect } from 'node:util'
import { createLogger, VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { type Reply, startServer } from '../../test/scripted-server.ts'
import { VastAiClient } from './vast-ai-client.ts'

const apiKey = 'f00dfeed0123456789abcdef0123456789abcdef0123456789abcdef01234567'

describe('a key that cannot be right', () => {
  it.each([
    ['', 'VASTAI_NO_API_KEY'],
    [undefined, 'VASTAI_NO_API_KEY'],
    [`${apiKey}\n`, 'VASTAI_BAD_API_KEY'],
    [` ${apiKey}`, 'VASTAI_BAD_API_KEY'],
    [`${apiKey}\r\nx-evil: 1`, 'VASTAI_BAD_API_KEY'],
    ['ключ', 'VASTAI_BAD_API_KEY'],
    ['k'.repeat(600), 'VASTAI_BAD_API_KEY'],
  ])('%j is refused in one line that says what to do, before any request', (key, code) => {
    const make = () => new VastAiClient({ apiKey: key as string })
    expect(make).toThrow(expect.objectContaining({ code, effect: 'none' }))
    expect(make).toThrow(/set VAST_AI_API_KEY/)
    expect(make).not.toThrow(/\n|f00dfeed/)
  })
})

describe('an address that cannot be right', () => {
  it.each([
    'console.vast.ai',
    'ftp://console.vast.ai',
    'http://console.vast.ai',
    'https://user:pass@console.vast.ai',
    'https://a/?b=c',
  ])('%s is refused: the key must not travel in clear, or elsewhere', baseUrl => {
    const make = () => new VastAiClient({ apiKey, baseUrl })
    expect(make).toThrow(expect.objectContaining({ code: 'VASTAI_BAD_BASE_URL' }))
    expect(make).not.toThrow(/pass|f00dfeed/)
  })
})

describe('options that cannot be right', () => {
  it.each([
    { timeoutMs: Number.NaN },
    { timeoutMs: -1 },
    { attemptsMax: 0 },
    { attemptsMax: 1000 },
    { connectionsMax: 1.5 },
    { responseBytesMax: Number.POSITIVE_INFINITY },
    { spacing: { createInstance: { calls: 0, perMs: 1 } } },
    { spacing: { nothing: { calls: 1, perMs: 1 } } as object },
  ])('%o are refused', options => {
    expect(() => new VastAiClient({ apiKey, ...options })).toThrow(/^expected /)
  })
})

describe('the key', () => {
  /** Everything that an error or a client shows of itself. */
  const shown = (value: unknown) =>
    [inspect(value, { depth: 12, showHidden: true, getters: true }), JSON.stringify(value), String(value)].join('\n')

  it('is not in the client, however it is printed', async () => {
    await using client = new VastAiClient({ apiKey, baseUrl: 'https://127.0.0.1:1' })
    expect(shown(client)).not.toContain(apiKey)
    expect(shown(client.instances)).not.toContain(apiKey)
  })

  it('is in no error, message, detail or cause, also when the server repeats it, and in no log', async () => {
    const echo = { success: false, msg: `key ${apiKey} is wrong`, error: apiKey }
    const replies: Reply[] = [
      { status: 401, body: echo },
      { status: 403, body: echo },
      { status: 404, body: echo },
      { status: 400, body: echo },
      { status: 429, body: `too frequent ${apiKey}` },
      { status: 500, body: `trouble ${apiKey}` },
      { status: 200, body: echo },
      { status: 200, body: `{"id": "${apiKey}` },
      { status: 200, body: { id: apiKey } },
      'reset',
    ]
    for (const reply of replies) {
      await using server = await startServer([reply])
      const lines: string[] = []
      const logger = createLogger({ level: 'debug', destination: { write: line => void lines.push(line) } })
      const clock = new VirtualClock()
      await using client = new VastAiClient({ apiKey, baseUrl: server.url, clock, logger })
      const calls: readonly (() => Promise<unknown>)[] = [
        () => client.users.current(),
        () => client.instances.prepay(1, 1),
      ]
      for (const call of calls) {
        const error = await clock.run(call).catch((caught: unknown) => caught)
        expect(error).toBeInstanceOf(Error)
        expect(shown(error)).not.toContain(apiKey)
      }
      expect(lines.join('')).not.toContain(apiKey)
    }
  })
})
