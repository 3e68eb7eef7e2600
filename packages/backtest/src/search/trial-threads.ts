import { Worker } from 'node:worker_threads'
import { AbortedError, AutomationError } from '@org/core'
import type { TrialOutcome, TrialResult, TrialTask } from './trial.ts'

/** Text rather than a file, so that bundling the package cannot lose it. */
const program = `
  const { parentPort, workerData } = require('node:worker_threads')
  const loading = import(workerData.trial)
  parentPort.on('message', async ({ index, task }) => {
    try {
      const { trial } = await loading
      parentPort.postMessage({ index, result: await trial(task, workerData.data) })
    } catch (error) {
      parentPort.postMessage({ index, error: String(error?.message ?? error).split('\\n', 1)[0] })
    }
  })
`

type Answer =
  | { readonly index: number; readonly result: TrialResult }
  | { readonly index: number; readonly error: string }

export interface ThreadOptions {
  /** The module that exports a {@link Trial} as `trial`. */
  readonly trial: URL
  /** Given to each thread once, copied. */
  readonly data?: unknown
  readonly threads: number
  /** Options of Node for the threads. @default those of this process */
  readonly execArgv?: readonly string[] | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes trials on several threads, each taking the next when it is done. `onOutcome` hears of them as they end; the outcomes come in the order of the
 * tasks, however the threads ran.
 *
 * @throws AutomationError `TRIAL_THREAD_DIED` when a thread ends by itself; `ABORTED`.
 */
export async function runTrials(
  tasks: readonly TrialTask[],
  options: ThreadOptions,
  onOutcome: (outcome: TrialOutcome) => void,
): Promise<TrialOutcome[]> {
  const outcomes = new Array<TrialOutcome>(tasks.length)
  let next = 0

  const work = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      const takeNext = () => {
        if (options.signal?.aborted === true) throw new AbortedError({ cause: options.signal.reason })
        const index = next++
        const task = tasks[index]
        if (task === undefined) resolve()
        else worker.postMessage({ index, task })
      }
      worker.on('message', (answer: Answer) => {
        const outcome = outcomeOf(tasks[answer.index] as TrialTask, answer)
        outcomes[answer.index] = outcome
        try {
          onOutcome(outcome)
          takeNext()
        } catch (error) {
          reject(error)
        }
      })
      worker.on('error', error => reject(threadDied(error)))
      worker.on('exit', code => reject(threadDied(`exit code ${code}`)))
      takeNext()
    })

  const workers: Worker[] = []
  try {
    const { trial, data, threads, execArgv } = options
    for (let i = 0; i < Math.min(threads, tasks.length); i++)
      workers.push(
        new Worker(program, {
          eval: true,
          workerData: { trial: trial.href, data },
          ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
        }),
      )
    await Promise.all(workers.map(work))
  } finally {
    await Promise.all(workers.map(worker => worker.terminate()))
  }
  return outcomes
}

function outcomeOf(task: TrialTask, answer: Answer): TrialOutcome {
  if ('error' in answer) return { ...task, score: undefined, figures: {}, error: answer.error }
  const { score, figures = {} } = answer.result
  // A score that is no number would win or lose every comparison.
  return { ...task, score: score === undefined || Number.isNaN(score) ? undefined : score, figures }
}

function threadDied(cause: unknown): AutomationError {
  return new AutomationError({
    code: 'TRIAL_THREAD_DIED',
    message: `a thread of the search ended by itself: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  })
}
