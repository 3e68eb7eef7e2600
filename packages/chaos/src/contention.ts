/**
 * Many processes hammer one $500 budget on one SQLite file: `npm run -s contention -- --processes 8 --seconds 10 [--callers 8]`.
 * Ends with `N passed, N failed`; exit code 1 if a promise was broken.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judge } from './contention/judge.ts'
import { runContenders } from './contention/run-contenders.ts'

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '10' },
    callers: { type: 'string', default: '8' },
  },
})
const processes = wholeNumber('processes', values.processes, 64)
const seconds = wholeNumber('seconds', values.seconds, 3_600)
const callers = wholeNumber('callers', values.callers, 1_024)

const folder = mkdtempSync(join(tmpdir(), 'contention-'))
try {
  const path = join(folder, 'store.db')
  const reports = await runContenders({ path, processes, seconds, callers })
  for (const { name, pairs, refused, waitMsMax } of reports)
    console.log(`${name}: ${pairs} reserved and ended, ${refused} refused, longest wait ${waitMsMax.toFixed(1)} ms`)
  const verdicts = await judge(path, reports)
  for (const { promise, holds, figures } of verdicts) console.log(`${holds ? 'ok' : 'BROKEN'}  ${promise}: ${figures}`)
  const failed = verdicts.filter(verdict => !verdict.holds).length
  console.log(`${verdicts.length - failed} passed, ${failed} failed`)
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
