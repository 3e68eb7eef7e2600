import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { storeChecks } from '@org/testkit'
import { describe, expect, it } from 'vitest'

const packageRoot = resolve(import.meta.dirname, '..')
const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8')
const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(match => match[1] ?? '')

describe('the README', () => {
  it('shows first what the test of the memory store is', () => {
    expect(programs[0]).toBe(readFileSync(join(import.meta.dirname, 'memory-store.test.ts'), 'utf8'))
  })

  it('shows a program that runs the checks without vitest', { timeout: 30_000 }, async () => {
    const flags = [
      '--conditions=@org/source',
      '--input-type=module-typescript',
      '--eval',
      programs.find(text => text.includes('of storeChecks')) ?? '',
    ]
    const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: packageRoot })
    const names = storeChecks
      .filter(({ needsReopen }) => needsReopen !== true)
      .map(({ id, promise }) => `${id} ${promise}`)
    expect(stdout.trim().split('\n')).toEqual(names)
  })
})
