import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { canonicalJson } from '@org/core'
import type { TrialOutcome, TrialTask } from './trial.ts'

/**
 * Trials that were made before, in a file of a line each, so that a search that was broken off goes on where it was. A last line that was cut short is
 * left out; its trial is made again.
 */
export class FinishedTrials {
  readonly #path: string | undefined
  readonly #known = new Map<string, TrialOutcome>()

  /** @param path Without one nothing is kept. */
  constructor(path: string | undefined) {
    this.#path = path
    if (path === undefined || !existsSync(path)) return
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const outcome = parse(line)
      if (outcome !== undefined) this.#known.set(keyOf(outcome), outcome)
    }
  }

  find(task: TrialTask): TrialOutcome | undefined {
    return this.#known.get(keyOf(task))
  }

  add(outcome: TrialOutcome): void {
    // A trial that failed is made again next time.
    if (this.#path === undefined || outcome.error !== undefined) return
    const { score = null, ...rest } = outcome
    appendFileSync(this.#path, `${JSON.stringify({ ...rest, score })}\n`)
  }
}

function keyOf({ parameters, from, to }: TrialTask): string {
  return canonicalJson([{ ...parameters }, from ?? null, to ?? null])
}

function parse(line: string): TrialOutcome | undefined {
  try {
    const outcome = JSON.parse(line) as Omit<TrialOutcome, 'score'> & { readonly score: number | null }
    return { ...outcome, score: outcome.score ?? undefined }
  } catch {
    return undefined
  }
}
