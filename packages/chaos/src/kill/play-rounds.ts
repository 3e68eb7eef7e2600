import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describeError, seededRandom } from '@org/core'
import { sqliteStoreFiles } from '@org/store-sqlite'
import { playRound, type RoundReport } from './play-round.ts'
import { planRound, type RoundKind, roundKinds } from './round-plan.ts'
import { startSimulator } from './simulator-books.ts'

/** Plays rounds with the seeds from `firstSeed` on, one after the other, each on a new store. */
export async function playRounds(options: {
  readonly rounds: number
  readonly firstSeed: number
  readonly folder: string
  readonly log: (line: string) => void
}): Promise<{ readonly passed: number; readonly failed: number }> {
  const { rounds, firstSeed, folder, log } = options
  const totals = new Map<RoundKind, Total>(roundKinds.map(kind => [kind, emptyTotal()]))
  let failed = 0
  await using simulator = await startSimulator(join(folder, 'rentals.txt'))
  for (let round = 0; round < rounds; round++) {
    const seed = firstSeed + round
    const plan = planRound(seed, seededRandom(seed))
    const path = join(folder, `${seed}.db`)
    const report = await playRound(plan, simulator, path).catch(error => brokenRound(describeError(error)))
    add(totals.get(plan.kind) as Total, report)
    for (const problem of report.problems) log(`seed ${seed} (${plan.kind}): ${problem}`)
    if (report.problems.length > 0) failed++
    for (const file of sqliteStoreFiles(path)) rmSync(file, { force: true })
  }
  for (const [kind, total] of totals)
    log(
      `${kind}: ${total.rounds} rounds, ${total.killed} processes killed, ${total.refused} starts refused, ` +
        `${total.unwritten} lives in which a write failed, ${total.entries} journal entries, ${total.reconciled} open intents ended at a start`,
    )
  return { passed: rounds - failed, failed }
}

interface Total {
  rounds: number
  entries: number
  killed: number
  refused: number
  unwritten: number
  reconciled: number
}

function emptyTotal(): Total {
  return { rounds: 0, entries: 0, killed: 0, refused: 0, unwritten: 0, reconciled: 0 }
}

function add(total: Total, report: RoundReport): void {
  total.rounds++
  for (const key of ['entries', 'killed', 'refused', 'unwritten', 'reconciled'] as const) total[key] += report[key]
}

function brokenRound(problem: string): RoundReport {
  return { problems: [problem], entries: 0, killed: 0, refused: 0, unwritten: 0, reconciled: 0 }
}
