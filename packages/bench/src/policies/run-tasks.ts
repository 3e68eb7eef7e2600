import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { PolicyOutcome, PolicyTask } from './task.ts'

/** Runs tasks on as many threads as the machine has cores; outcomes in the order of the tasks, whichever ended first. */
export async function runTasks(tasks: readonly PolicyTask[]): Promise<readonly PolicyOutcome[]> {
  const outcomes = new Array<PolicyOutcome | undefined>(tasks.length)
  let next = 0
  const work = async () => {
    const worker = new Worker(new URL('./policy-worker.ts', import.meta.url))
    try {
      for (let index = next++; index < tasks.length; index = next++) {
        const task = tasks[index]
        if (task !== undefined) outcomes[index] = await answerOf(worker, task)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), tasks.length) }, work))
  return outcomes.filter(outcome => outcome !== undefined)
}

function answerOf(worker: Worker, task: PolicyTask): Promise<PolicyOutcome> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      worker.off('message', onMessage).off('error', onError)
      end()
    }
    const onMessage = (outcome: PolicyOutcome) => settle(() => resolve(outcome))
    const onError = (error: unknown) => settle(() => reject(error))
    worker.on('message', onMessage).on('error', onError)
    worker.postMessage(task)
  })
}
