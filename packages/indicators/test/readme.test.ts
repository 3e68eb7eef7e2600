import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

it('the README’s example prints what its comments say', { timeout: 30_000 }, () => {
  const text = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8')
  const code = /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
  const promised = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(match => match[1])
  const printed = execFileSync(
    process.execPath,
    ['--conditions=@org/source', '--input-type=module-typescript', '--eval', code],
    { cwd: resolve(import.meta.dirname, '..'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  )
  expect(promised.length).toBeGreaterThan(1)
  expect(printed.trim().split('\n')).toEqual(promised)
})
