import { describeError } from '../errors/automation-error.ts'
import type { Intent } from '../intent/intent.ts'
import { toMicros } from '../money/micros.ts'
import type { RejectionCode } from '../risk/rejection.ts'
import type { Venue } from '../venue/venue.ts'

/** The first thing that is wrong with an intent in itself, or `undefined`. */
export function checkIntent(
  intent: Intent,
  venue: Pick<Venue, 'id' | 'actions'>,
  nowMs: number,
): { readonly code: RejectionCode; readonly message: string } | undefined {
  const action = venue.actions[intent.action]
  if (action === undefined)
    return {
      code: 'UNKNOWN_ACTION',
      message: `${venue.id} has no action ${JSON.stringify(intent.action)}; known: ${Object.keys(venue.actions).join(', ')}`,
    }
  if (nowMs > intent.expiresAt)
    return {
      code: 'EXPIRED',
      message: `expired ${Math.round((nowMs - intent.expiresAt) / 1000)} s ago; look again and propose anew`,
    }
  if (intent.reduces && !action.reduces)
    return {
      code: 'INVALID_INTENT',
      message: `${intent.action} can add risk, so an intent for it cannot claim that it only reduces`,
    }
  const params = action.params.safeParse(intent.params)
  if (!params.success) {
    const issue = params.error.issues[0]
    return {
      code: 'INVALID_INTENT',
      message: `params of ${intent.action}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not usable'}`,
    }
  }
  for (const effect of intent.effects) {
    try {
      if (toMicros(effect.amount, 'up') >= 0) continue
    } catch (error) {
      return { code: 'INVALID_INTENT', message: `effect ${effect.measure}: ${describeError(error)}` }
    }
    return {
      code: 'INVALID_INTENT',
      message: `effect ${effect.measure}: expected at least 0, was ${String(effect.amount)}`,
    }
  }
  return undefined
}
