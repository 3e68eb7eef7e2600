import { describe, expect, it } from 'vitest'
import { AutomationError } from '../errors/automation-error.ts'
import { createLogger } from './logger.ts'

function logged(secrets: readonly string[] = []) {
  const lines: string[] = []
  const logger = createLogger({ level: 'debug', secrets, destination: { write: line => lines.push(line) } })
  return { logger, lines, entries: () => lines.map(line => JSON.parse(line) as Record<string, unknown>) }
}

describe('createLogger', () => {
  it('writes one line of JSON per entry, with the fields of its parents', () => {
    const { logger, entries } = logged()
    logger.child({ strategyId: 'lemon-bot' }).warn({ code: 'SOLD_OUT' }, 'no box is left')
    expect(entries()).toMatchObject([{ level: 40, strategyId: 'lemon-bot', code: 'SOLD_OUT', msg: 'no box is left' }])
  })

  it('leaves out a key in use wherever it stands: message, field, error, name of a field, escaped or encoded', () => {
    const secret = 'p"ä$s w/rd'
    const { logger, lines } = logged([secret])
    const error = new AutomationError({ code: 'X', message: `failed with ${secret}`, cause: new Error(secret) })
    logger.info({ note: secret, error, [secret]: 1, list: [{ deep: secret }] }, `a message with ${secret}`)
    logger.child({ parent: secret }).info({ url: `https://x/?k=${encodeURIComponent(secret)}` }, 'child')
    const text = lines.join('')
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
      expect(text).not.toContain(form)
    expect(text).toContain('a message with [secret]')
  })

  it('leaves secret fields out in a child’s fields too', () => {
    const { logger, lines } = logged()
    logger.child({ apiKey: 'hunter2hunter2' }).error({ headers: { Authorization: 'hunter2hunter2' } }, 'x')
    expect(lines.join('')).not.toContain('hunter2')
  })

  it('does not blank ordinary text for an empty or tiny secret', () => {
    const { logger, entries } = logged(['', 'a'])
    logger.info({}, 'a banana')
    expect(entries()).toMatchObject([{ msg: 'a banana' }])
  })
})
