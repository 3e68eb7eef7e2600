/**
 * Real processes on one SQLite file against a simulated Vast.ai, killed and stopped at random moments:
 * `npm run -s chaos:kill -- --rounds N [--seed S]`. Ends with `N passed, N failed`; exit code 1 if a promise was broken.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { playRounds } from './play-rounds.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
})
const rounds = wholeNumber('rounds', values.rounds, 100_000)
const firstSeed = wholeNumber('seed', values.seed, 2 ** 31 - 1)
if (process.platform === 'win32') {
  console.error('chaos:kill needs SIGSTOP and ulimit: run it on Linux or macOS')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'chaos-kill-'))
try {
  const { passed, failed } = await playRounds({ rounds, firstSeed, folder, log: console.log })
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  console.error(`--${name}: expected a whole number from 1 to ${max}, was ${text}`)
  process.exit(2)
}
