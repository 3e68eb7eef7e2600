import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const packageRoot = resolve(import.meta.dirname, '..')

it('the README’s program runs and says what it did', { timeout: 30_000 }, async () => {
  const program = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(packageRoot, 'README.md'), 'utf8'))?.[1] ?? ''
  const { stdout } = await run(
    process.execPath,
    ['--conditions=@org/source', '--input-type=module-typescript', '--eval', program],
    { cwd: packageRoot },
  )
  expect(stdout).toMatch(/^list profitable machine 61001 \(1x RTX_4090\) is listed at \$0\.\d{4} per GPU-hour: profit/)
  expect(stdout.trim().split('\n').at(-1)).toBe('1 decision made')
})
