import { availableParallelism } from 'node:os'
import { AutomationError, type Clock, seededRandom, systemClock } from '@org/core'
import { FinishedTrials } from './finished-trials.ts'
import { gridOf, type ParameterSpace, randomPointsOf } from './parameter-space.ts'
import type { TrialOutcome, TrialTask } from './trial.ts'
import { runTrials } from './trial-threads.ts'

export interface SearchProgress {
  readonly done: number
  readonly total: number
  readonly best: TrialOutcome | undefined
  /** Milliseconds that are still needed, by the pace so far. */
  readonly remainingMs: number | undefined
}

export interface SearchOptions {
  /** The module that exports a {@link Trial} as `trial`: `new URL('./ema-trial.ts', import.meta.url)`. */
  readonly trial: URL
  readonly space: ParameterSpace
  /** Every combination, or so many at random. @default 'grid' */
  readonly method?: 'grid' | { readonly random: number }
  /** Given to each thread once, copied: prices, for instance. */
  readonly data?: unknown
  /** History that the trials may use; see `TrialTask`. */
  readonly from?: number
  readonly to?: number
  /** @default one for each processor */
  readonly threads?: number
  /** A file of finished trials: what stands there is not tried again. */
  readonly finished?: string
  /** @default 1 */
  readonly seed?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: SearchProgress) => void
  /** For the time that remains. */
  readonly clock?: Clock
  /** Options of Node for the threads. @default those of this process */
  readonly execArgv?: readonly string[]
}

export interface SearchResult {
  /** Best first; those without a score last, in the order of the space. */
  readonly outcomes: readonly TrialOutcome[]
  readonly best: TrialOutcome
  readonly failed: number
}

/**
 * Tries points of a parameter space on threads. The same space and seed give the same result, however many threads there are.
 *
 * The best of many is better than it is: judge it by {@link walkForward} and {@link deflatedSharpe}.
 *
 * @throws AutomationError `NO_SCORE` when no trial came to one, with what the first failure said; `ABORTED` by `signal`.
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const { space, method = 'grid', seed = 1, clock = systemClock, onProgress } = options
  const points = method === 'grid' ? gridOf(space) : randomPointsOf(space, method.random, seededRandom(seed))
  const range = {
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.to === undefined ? {} : { to: options.to }),
  }
  const tasks = points.map((parameters): TrialTask => ({ parameters, ...range }))
  const finished = new FinishedTrials(options.finished)
  const known = new Map(tasks.flatMap(task => entryOf(task, finished.find(task))))
  const open = tasks.filter(task => !known.has(task))

  const startMs = clock.now()
  let made = 0
  let best: TrialOutcome | undefined
  const note = (outcome: TrialOutcome) => {
    finished.add(outcome)
    made++
    if (best === undefined || isBetter(outcome, best)) best = outcome
    const remainingMs = ((clock.now() - startMs) / made) * (open.length - made)
    onProgress?.({ done: known.size + made, total: tasks.length, best, remainingMs })
  }
  const { threads = availableParallelism(), trial, data, execArgv, signal } = options
  const outcomes = await runTrials(open, { trial, data, threads, execArgv, signal }, note)
  for (const [i, task] of open.entries()) known.set(task, outcomes[i] as TrialOutcome)
  return resultOf(tasks.map(task => known.get(task) as TrialOutcome))
}

function entryOf(task: TrialTask, outcome: TrialOutcome | undefined): [TrialTask, TrialOutcome][] {
  return outcome === undefined ? [] : [[task, outcome]]
}

function resultOf(all: readonly TrialOutcome[]): SearchResult {
  const outcomes = all.toSorted((a, b) => (isBetter(a, b) ? -1 : isBetter(b, a) ? 1 : 0))
  const failures = all.filter(({ error }) => error !== undefined)
  const [best] = outcomes
  if (best?.score === undefined)
    throw new AutomationError({
      code: 'NO_SCORE',
      message: `none of ${all.length} trials came to a score${failures[0] === undefined ? '' : `: ${failures[0].error}`}`,
    })
  return { outcomes, best, failed: failures.length }
}

function isBetter(a: TrialOutcome, b: TrialOutcome): boolean {
  return (a.score ?? Number.NEGATIVE_INFINITY) > (b.score ?? Number.NEGATIVE_INFINITY)
}
