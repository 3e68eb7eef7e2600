/** A thread of `run-seeds.ts`: plays the worlds it is asked for, one after the other. */
import { parentPort } from 'node:worker_threads'
import { type Outcome, runWorld } from './run-world.ts'

parentPort?.on('message', async ({ from, end }: { readonly from: number; readonly end: number }) => {
  const outcomes: Outcome[] = []
  for (let seed = from; seed < end; seed++) outcomes.push(await runWorld(seed))
  parentPort?.postMessage(outcomes)
})
