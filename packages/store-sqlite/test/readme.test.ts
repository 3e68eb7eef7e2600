import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { temporaryFiles } from './temporary-files.ts'

const packageRoot = resolve(import.meta.dirname, '..')
const files = temporaryFiles()

it('the README’s programs run: what is left, a backup, and the backup brought back', { timeout: 60_000 }, async () => {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8')
  const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(match => match[1] ?? '')
  const [store, backup, restored] = [files.newPath(), files.newPath(), files.newPath()]
  const run = async (program: string, path: string) => {
    const placed = program
      .replaceAll("'automation.db'", JSON.stringify(path))
      .replace("'monday.db'", JSON.stringify(backup))
    const flags = ['--conditions=@org/source', '--input-type=module-typescript', '--eval', placed]
    return (await promisify(execFile)(process.execPath, flags, { cwd: packageRoot })).stdout
  }
  expect(programs).toHaveLength(2)
  expect(await run(programs[0] ?? '', store)).toMatch(
    /^200 left to lose today\nbackup of 2 entries, the last is \w{64}\n$/,
  )
  await run(programs[1] ?? '', restored)
  expect(existsSync(restored)).toBe(true)
})
