import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const packageRoot = resolve(import.meta.dirname, '..')

it.each(['An exchange', 'Paper trading'])(
  'the README’s program for %s prints what the README says',
  { timeout: 60_000 },
  async title => {
    const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8')
    const [, section = ''] = readme.split(`## ${title}\n`)
    const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(section) ?? []
    const [, printed = ''] = /```text\n([\s\S]*?)```/.exec(section) ?? []
    expect(program).not.toBe('')
    const flags = ['--conditions=@org/source', '--input-type=module-typescript', '--eval', program]
    const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: packageRoot })
    expect(stdout).toBe(printed)
  },
)
