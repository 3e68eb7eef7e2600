import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const packageRoot = resolve(import.meta.dirname, '..')

it('the README’s program prints what the README says', { timeout: 60_000 }, async () => {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8')
  const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  const [, printed = ''] = /```text\n([\s\S]*?)```/.exec(readme) ?? []
  expect(program).not.toBe('')
  const flags = ['--conditions=@org/source', '--input-type=module-typescript', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: packageRoot })
  expect(stdout).toBe(printed)
})
