import { AbortedError, AutomationError } from '../errors/automation-error.ts'
import type { Intent } from '../intent/intent.ts'
import type { SubmitResult } from './submit-result.ts'

/**
 * Sends reserved intents one after the other. As soon as one does not go through, those after it are given back unsent: what has been done
 * already stands, and its owner decides what to do about it.
 */
export async function carryOutGroup(options: {
  readonly intents: readonly Intent[]
  readonly send: (intent: Intent) => Promise<SubmitResult>
  readonly giveBack: (intentId: string, reason: string) => Promise<void>
  readonly signal?: AbortSignal | undefined
}): Promise<readonly SubmitResult[]> {
  const { intents, send, giveBack, signal } = options
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
    if (result.status !== 'settled')
      broken = new AutomationError({
        code: 'GROUP_BROKEN',
        message: `not sent, since ${intent.id} of the same group ended as ${result.status}`,
      })
  }
  return results
}
