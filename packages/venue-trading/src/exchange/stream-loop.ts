import { AutomationError, type Clock, type Logger } from '@org/core'
import type { CcxtClient } from './ccxt-client.ts'

/** A stream that says nothing for this long counts as silent; what it would have said is asked for. */
export const quietMsMax = 10_000
const backoffMsMin = 1_000
const backoffMsMax = 60_000

/** One thing that ccxt streams. */
export interface StreamTask<T> {
  /** For logs: `tickers of BTC/USDT`. */
  readonly name: string
  /** Resolves with the next message. */
  readonly next: () => Promise<T>
  readonly onMessage: (message: T) => void
  /** The stream is silent or broken: look in another way. What it throws is logged. */
  readonly onQuiet: () => Promise<void>
}

/** Listens until `signal` aborts. A broken stream is opened again, ever later; it is told when it breaks and when it is back. */
export async function listen<T>(
  task: StreamTask<T>,
  tools: { readonly client: CcxtClient; readonly clock: Clock; readonly logger: Logger; readonly signal: AbortSignal },
): Promise<void> {
  const { client, clock, logger, signal } = tools
  let pending: Promise<T> | undefined
  let backoffMs = 0
  while (!signal.aborted) {
    try {
      pending ??= task.next()
      const heard = await withinQuiet(pending, clock, signal)
      if (signal.aborted) return
      if (heard === undefined) {
        await quietly(task, logger)
        continue
      }
      pending = undefined
      if (backoffMs > 0) logger.info({}, `${client.exchange.id}: the stream of ${task.name} is back`)
      backoffMs = 0
      task.onMessage(heard.message)
    } catch (failure) {
      pending = undefined
      if (signal.aborted) return
      const error = AutomationError.isInstance(failure) ? failure : client.describe(task.name, failure)
      if (backoffMs === 0)
        logger.warn({ code: error.code }, `the stream broke, it is asked instead: ${error.shortMessage}`)
      backoffMs = Math.min(backoffMsMax, Math.max(backoffMsMin, backoffMs * 2))
      await quietly(task, logger)
      await clock.sleep(backoffMs, { signal }).catch(() => {})
    }
  }
}

/** @returns `undefined` when nothing came in time. */
async function withinQuiet<T>(
  pending: Promise<T>,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ readonly message: T } | undefined> {
  const heard = new AbortController()
  const quiet = clock.sleep(quietMsMax, { signal: AbortSignal.any([signal, heard.signal]) }).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([pending.then(message => ({ message })), quiet])
  } finally {
    heard.abort()
  }
}

async function quietly<T>(task: StreamTask<T>, logger: Logger): Promise<void> {
  try {
    await task.onQuiet()
  } catch (error) {
    const code = AutomationError.isInstance(error) ? error.code : undefined
    logger.debug({ code }, `${task.name} could not be asked for either`)
  }
}
