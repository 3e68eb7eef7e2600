import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { HammerResult } from './hammer.ts'

/** Runs `hammer` in several processes on one file at the same time. */
export async function hammerTogether(options: {
  readonly path: string
  readonly processes: number
  readonly callers: number
  readonly seconds: number
}): Promise<HammerResult[]> {
  const children = Array.from({ length: options.processes }, (_, i) =>
    fork(
      new URL('./hammer-process.ts', import.meta.url),
      [options.path, `p${i}-${options.processes}`, String(options.callers), String(options.seconds)],
      { execArgv: ['--conditions=@org/source'] },
    ),
  )
  const signal = AbortSignal.timeout(options.seconds * 1_000 + 30_000)
  try {
    await Promise.all(children.map(child => once(child, 'message', { signal })))
    for (const child of children) child.send('go')
    const answers = await Promise.all(children.map(child => once(child, 'message', { signal })))
    return answers.map(([result]) => result as HammerResult)
  } finally {
    for (const child of children) child.kill()
  }
}
