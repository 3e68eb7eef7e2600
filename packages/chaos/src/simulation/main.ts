/**
 * Whole worlds under random faults on virtual time: `npm run -s chaos -- --seeds N [--from S]`. A seed that breaks a promise is named, and
 * `--from SEED --seeds 1` replays it exactly. Ends with `N passed, N failed`; exit code 1 if a seed failed.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { runSeeds } from './run-seeds.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(Math.min(4, availableParallelism())) },
  },
})
const seeds = wholeNumber('seeds', values.seeds, 1, 10_000_000)
const from = wholeNumber('from', values.from, 0, 4_000_000_000)
const workers = wholeNumber('workers', values.workers, 1, 64)

const summary = await runSeeds({ from, seeds, workers, onFailure: line => console.log(line) })
console.log(
  `${seeds} worlds, ${summary.steps} steps, ${summary.entries} journal entries; fingerprint of all ${summary.fingerprint}`,
)
console.log(
  Object.entries(summary.tally)
    .map(([what, count]) => `${what} ${count}`)
    .join(', '),
)
console.log(`${seeds - summary.failed} passed, ${summary.failed} failed`)
process.exitCode = summary.failed === 0 ? 0 : 1

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  console.error(`--${name}: expected a whole number from ${min} to ${max}, was ${text}`)
  process.exit(2)
}
