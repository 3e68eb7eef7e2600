import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { CompareOptions, ModelComparison } from './compare.ts'

/** {@link compareOnSameRenters} on another core, while the run itself goes on. Ends with the block that holds it. */
export function compareInBackground(options: CompareOptions): AsyncDisposable & {
  readonly result: Promise<readonly ModelComparison[]>
} {
  const worker = new Worker(new URL('./compare-worker.ts', import.meta.url), {
    workerData: options,
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 6 },
  })
  const result = once(worker, 'message').then(([comparison]) => comparison as readonly ModelComparison[])
  // Whoever waits for it is told; until then it must not end the process.
  result.catch(() => {})
  return {
    result,
    [Symbol.asyncDispose]: async () => {
      await worker.terminate()
    },
  }
}
