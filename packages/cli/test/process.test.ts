import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { commandLine, writeMorning } from './command-line.ts'

const { path } = commandLine()
const main = join(import.meta.dirname, '../src/main.ts')
const shell = (line: string) =>
  promisify(execFile)('bash', ['-o', 'pipefail', '-c', line], {
    env: { ...process.env, NODE: process.execPath, MAIN: main, STORE: path('bot.db'), USER: 'ada' },
  })

describe('automate as a process', { timeout: 30_000 }, () => {
  it('ends quietly when its reader has gone', async () => {
    await writeMorning(path('bot.db'))
    const line = '"$NODE" --conditions=@org/source "$MAIN" journal export --store "$STORE" | true'
    expect(await shell(line)).toEqual({ stdout: '', stderr: '' })
  })

  it('ends with the code of what happened, and signs with who is at the keyboard', async () => {
    await writeMorning(path('bot.db'))
    await shell('"$NODE" --conditions=@org/source "$MAIN" halt --reason r --store "$STORE"')
    const { stdout } = await shell('"$NODE" --conditions=@org/source "$MAIN" journal tail -n 1 --store "$STORE"')
    expect(stdout).toMatch(/ ada@\S+ via automate halted everything: r\n$/)
    await expect(
      shell('"$NODE" --conditions=@org/source "$MAIN" journal why nothing --store "$STORE"'),
    ).rejects.toMatchObject({
      code: 1,
    })
    await expect(shell('"$NODE" --conditions=@org/source "$MAIN" hlat')).rejects.toMatchObject({ code: 2 })
  })
})
