import { Worker } from 'node:worker_threads'
import type { Outcome } from './run-world.ts'
import { addTally, emptyTally, type Tally } from './tally.ts'
import { Trace } from './trace.ts'

/** Seeds given to a worker at once. */
const batchSeeds = 50

export interface SeedsSummary {
  readonly failed: number
  readonly steps: number
  readonly entries: number
  /** Over all worlds in the order of their seeds, so that two runs can be compared however many workers they had. */
  readonly fingerprint: string
  readonly tally: Tally
}

/** Plays the worlds of many seeds on several threads. */
export async function runSeeds(options: {
  readonly from: number
  readonly seeds: number
  readonly workers: number
  readonly onFailure: (line: string) => void
}): Promise<SeedsSummary> {
  const { from, seeds, onFailure } = options
  const end = from + seeds
  const outcomes = new Map<number, Outcome>()
  let next = from
  const work = async () => {
    const worker = new Worker(new URL('./seeds-worker.ts', import.meta.url), { execArgv: ['--conditions=@org/source'] })
    try {
      while (next < end) {
        const first = next
        next = Math.min(end, next + batchSeeds)
        for (const outcome of await ask(worker, { from: first, end: next })) {
          outcomes.set(outcome.seed, outcome)
          if (outcome.violation !== undefined) onFailure(describeFailure(outcome))
        }
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.workers, Math.ceil(seeds / batchSeeds)) }, work))
  return summarize(from, end, outcomes)
}

/** One line: the seed, the step, the promise, and what was seen. */
export function describeFailure({ seed, violation }: Outcome): string {
  return `seed ${seed}, step ${violation?.step}: ${violation?.promise}: ${violation?.what}`
}

function ask(worker: Worker, range: { readonly from: number; readonly end: number }): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners()
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', code => reject(new Error(`a worker ended with code ${code}`)))
    worker.postMessage(range)
  })
}

function summarize(from: number, end: number, outcomes: ReadonlyMap<number, Outcome>): SeedsSummary {
  const trace = new Trace()
  const tally = emptyTally()
  let failed = 0
  let steps = 0
  let entries = 0
  for (let seed = from; seed < end; seed++) {
    const outcome = outcomes.get(seed)
    if (outcome === undefined) throw new Error(`seed ${seed} was not played`)
    trace.add(outcome.fingerprint)
    if (outcome.violation !== undefined) failed++
    steps += outcome.steps
    entries += outcome.entries
    addTally(tally, outcome.tally)
  }
  return { failed, steps, entries, fingerprint: trace.fingerprint, tally }
}
