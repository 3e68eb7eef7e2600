import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const packageRoot = resolve(import.meta.dirname, '..')

it('the README’s program runs and prints what the README says', { timeout: 30_000 }, async () => {
  const program = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(packageRoot, 'README.md'), 'utf8'))?.[1] ?? ''
  const { stdout } = await run(
    process.execPath,
    ['--conditions=@org/source', '--input-type=module-typescript', '--eval', program],
    { cwd: packageRoot },
  )
  expect(stdout).toMatch(/: settled$[\s\S]*reserved 4\.00 of max_daily_loss@global$[\s\S]*settled: loss 1\.20/m)
  expect(stdout.trim().split('\n').at(-1)).toBe(
    'daily loss limit 10.00: used 1.20, reserved 0.00, asked 8.81, free 8.80 (max_daily_loss, global)',
  )
})
