import { fork } from 'node:child_process'
import { once } from 'node:events'

/** What one process says of its run. */
export interface ContenderReport {
  readonly name: string
  /** Reservations granted, and then settled or released. */
  readonly pairs: number
  readonly refused: number
  /** The longest that one call waited for its answer. */
  readonly waitMsMax: number
}

export interface ContentionOptions {
  readonly path: string
  readonly processes: number
  readonly seconds: number
  readonly callers: number
}

/** Starts all processes, lets them begin together once each has the store open, and collects their reports. */
export async function runContenders(options: ContentionOptions): Promise<ContenderReport[]> {
  // Four times as much as the budget holds if all callers were let through at once, so that it binds all the time.
  const amount = Math.min(250, 2_000 / (options.processes * options.callers))
  const children = Array.from({ length: options.processes }, (_, i) =>
    fork(
      new URL('./contender.ts', import.meta.url),
      [options.path, `process ${i + 1}`, String(options.seconds), String(options.callers), String(amount)],
      { execArgv: ['--conditions=@org/source'] },
    ),
  )
  const deadline = AbortSignal.timeout(options.seconds * 1_000 + 60_000)
  try {
    await Promise.all(children.map(child => once(child, 'message', { signal: deadline })))
    for (const child of children) child.send('go')
    const answers = await Promise.all(children.map(child => once(child, 'message', { signal: deadline })))
    return answers.map(([report]) => report as ContenderReport)
  } finally {
    for (const child of children) child.kill()
  }
}
