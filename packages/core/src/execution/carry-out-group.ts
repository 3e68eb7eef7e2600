import { AbortedError, AutomationError } from '../errors/automation-error.ts'
import type { Intent } from '../intent/intent.ts'
import type { SubmitResult } from './submit-result.ts'

/**
 * Sends reserved intents one after the other. As soon as one does not go through, or its owner wants no more, those after it are given back
 * unsent: what has been done already stands, and its owner decides what to do about it.
 */
export async function carryOutGroup(options: {
  readonly intents: readonly Intent[]
  readonly send: (intent: Intent) => Promise<SubmitResult>
  readonly giveBack: (intentId: string, reason: string) => Promise<void>
  readonly signal?: AbortSignal | undefined
  readonly isNextWanted?: ((done: readonly SubmitResult[]) => boolean) | undefined
}): Promise<readonly SubmitResult[]> {
  const { intents, send, giveBack, signal, isNextWanted } = options
  const results: SubmitResult[] = []
  let broken: AutomationError | undefined
  for (const intent of intents) {
    if (signal?.aborted) broken ??= new AbortedError({ cause: signal.reason })
    if (broken !== undefined) {
      await giveBack(intent.id, `${broken.code}: ${broken.shortMessage}`)
      results.push({ status: 'failed', intentId: intent.id, error: broken })
      continue
    }
    const result = await send(intent)
    results.push(result)
    if (result.status !== 'settled') broken = brokenBy(`${intent.id} of the same group ended as ${result.status}`)
    else if (results.length < intents.length && !wantsNext(results))
      broken = brokenBy(`what ${intent.id} of the same group brought was not enough to go on`)
  }
  return results

  /** An owner who fails to answer wants no more: what is done can be looked at, what is sent cannot be taken back. */
  function wantsNext(done: readonly SubmitResult[]): boolean {
    try {
      return isNextWanted?.(done) !== false
    } catch {
      return false
    }
  }
}

function brokenBy(why: string): AutomationError {
  return new AutomationError({ code: 'GROUP_BROKEN', message: `not sent, since ${why}` })
}
