import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Clock } from '@org/core'
import type { Bot, Budget, Scan } from './bot.ts'
import type { Role } from './cast.ts'
import type { Addresses } from './stage.ts'

/** What the process of a bot is told. Keys travel by message: arguments and environments of processes can be read by others. */
export type Order =
  | {
      readonly kind: 'start'
      readonly atMs: number
      readonly role: Role
      readonly addresses: Addresses
      readonly storePath: string
    }
  | { readonly kind: 'look' | 'scan' | 'stop'; readonly atMs: number }

/** What it answers, once for each order. */
export type Reply = { readonly answer: unknown } | { readonly problem: string }

/** Starts a bot in a process of its own. The clock stands still while an answer is waited for. */
export async function engageElsewhere(
  role: Role,
  options: { readonly clock: Clock; readonly addresses: Addresses; readonly storePath: string },
): Promise<Bot & Disposable> {
  const { clock, addresses, storePath } = options
  const child = fork(new URL('./bot-process.ts', import.meta.url), { execArgv: ['--conditions=@org/source'] })
  using failing = new DisposableStack()
  failing.defer(() => child.kill())
  const ask = <Answer>(order: Order) => clock.track(answerOf<Answer>(child, role, order))
  await ask({ kind: 'start', atMs: clock.now(), role, addresses, storePath })
  const running = failing.move()
  return {
    look: atMs => ask<Budget>({ kind: 'look', atMs }),
    scan: atMs => ask<Scan>({ kind: 'scan', atMs }),
    async stop(atMs) {
      const left = await ask<Pick<Scan, 'deeds' | 'after'>>({ kind: 'stop', atMs })
      child.disconnect()
      return left
    },
    [Symbol.dispose]: () => running.dispose(),
  }
}

async function answerOf<Answer>(child: ChildProcess, role: Role, order: Order): Promise<Answer> {
  const waiting = new AbortController()
  const { signal } = waiting
  const ended = async () => {
    await once(child, 'exit', { signal })
    throw new Error(`the process of ${role} ended before it answered`)
  }
  try {
    child.send(order)
    const [reply] = (await Promise.race([once(child, 'message', { signal }), ended()])) as [Reply]
    if ('problem' in reply) throw new Error(`${role}: ${reply.problem}`)
    return reply.answer as Answer
  } finally {
    waiting.abort()
  }
}
