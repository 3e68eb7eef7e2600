import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { commandLine, writeMorning } from './command-line.ts'

const { path, run } = commandLine()
const main = join(import.meta.dirname, '../src/main.ts')

const mistyped: readonly (readonly [line: string, hint: string])[] = [
  ['hlat --reason r', 'halt'],
  ['statsu', 'status'],
  ['journal tial', 'tail'],
  ['halt --resaon r', '--reason'],
  ['halt --reason r --venu lemon-market', '--venue'],
  ['status --jsno', '--json'],
  ['restore monday.db --setaside', '--set-aside'],
]

const refused = [
  'halt',
  'halt everything --reason r',
  'halt --reason',
  'halt --reason r --vneue=lemon-market',
  'resume',
  'budget set max_daily_loss --reason r',
  'budget set max_daily_loss -5 --reason r',
  'budget set max_daily_loss 5 6 --reason r',
  'journal why',
  'journal',
  'backup',
  'time-back',
]

describe('a mistyped line', () => {
  it.each(mistyped)('%s runs nothing and names %s', async (line, hint) => {
    await writeMorning(path('bot.db'))
    const before = await run(['journal', 'export'])
    const { exitCode, out, err } = await run(line.split(' '))
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toContain(`Did you mean ${hint}?`)
    expect(await run(['journal', 'export'])).toEqual(before)
  })

  it.each(refused)('%s runs nothing', async line => {
    await writeMorning(path('bot.db'))
    const before = await run(['journal', 'export'])
    expect(await run(line.split(' '))).toMatchObject({ exitCode: 2, out: '', err: expect.stringMatching(/\S/) })
    expect(await run(['journal', 'export'])).toEqual(before)
  })

  it('tells programs in an envelope', async () => {
    const { exitCode, out } = await run(['hlat', '--json'])
    expect(exitCode).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ version: 1, error: { code: 'USAGE' } })
    expect(existsSync(path('bot.db'))).toBe(false)
  })

  it('an empty reason is none', async () => {
    await writeMorning(path('bot.db'))
    expect(await run(['halt', '--reason', ' '])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('REASON_REQUIRED'),
    })
  })
})

describe('help', () => {
  it('is given for every command, with an example', async () => {
    const { out } = await run(['--help'])
    const names = [...(out.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z-]+) /gm)].map(match => match[1] as string)
    expect(names.length).toBeGreaterThan(10)
    const nested = { budget: ['show', 'set', 'history'], journal: ['tail', 'why', 'verify', 'export'] }
    for (const name of names.filter(name => name !== 'help'))
      for (const rest of (nested as Record<string, string[]>)[name] ?? [''])
        expect((await run([name, ...(rest === '' ? [] : [rest]), '--help'])).out).toContain(
          `$ automate ${name}${rest === '' ? '' : ` ${rest}`}`,
        )
  })

  it('loads neither core nor the store, so that it comes at once', { timeout: 30_000 }, async () => {
    const telling = `data:text/javascript,${encodeURIComponent(
      "import { registerHooks } from 'node:module'; registerHooks({ resolve(name, context, next) { if (name.startsWith('@org/')) console.error(name); return next(name, context) } })",
    )}`
    const load = (line: readonly string[]) =>
      promisify(execFile)(process.execPath, ['--conditions=@org/source', '--import', telling, main, ...line])
    expect(await load(['--help'])).toMatchObject({ stdout: expect.stringContaining('Usage: automate'), stderr: '' })
    // The hook would tell.
    await expect(load(['status', '--store', path('none.db')])).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringContaining('@org/core'),
    })
  })
})

describe('completion', () => {
  const shell = async (...line: readonly string[]) =>
    (await promisify(execFile)(process.execPath, ['--conditions=@org/source', main, ...line])).stdout

  it('offers commands and flags', { timeout: 30_000 }, async () => {
    expect(await shell('complete', '--', 'journal', '')).toMatch(/^tail\t[\s\S]*^why\t/m)
    expect(await shell('complete', '--', 'halt', '--v')).toMatch(/^--venue\t/m)
  })

  it('has a script for four shells, and for no other', { timeout: 30_000 }, async () => {
    expect(await shell('completion', 'bash')).toContain('complete -F')
    expect(await run(['completion', 'zhs'])).toMatchObject({ exitCode: 2, out: '' })
  })
})
