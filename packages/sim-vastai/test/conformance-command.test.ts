import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const program = fileURLToPath(new URL('../conformance/run.ts', import.meta.url))

it('the official client’s session is skipped, and says why, where Python is missing', { timeout: 60_000 }, async () => {
  const { stdout } = await run(process.execPath, ['--conditions=@org/source', program], { env: { PATH: '/nowhere' } })
  expect(stdout).toBe(
    'skipped: python3 is not installed, the official client cannot be installed\n0 passed, 0 failed\n',
  )
})
