import type { Intent } from '../intent/intent.ts'
import type { ReserveRefusal } from '../ledger/decide-reserve.ts'
import { formatMicros, type Micros } from '../money/micros.ts'
import type { RiskRejection } from './rejection.ts'

/**
 * A refusal in figures and in one line.
 *
 * @example
 * // daily loss limit 500.00: used 300.00, reserved 0.00, asked 200.01, free 200.00 (max_daily_loss, global)
 */
export function explainRefusal(decision: ReserveRefusal, intent: Intent): RiskRejection {
  switch (decision.kind) {
    case 'duplicate':
      return {
        code: 'DUPLICATE_INTENT',
        shortMessage: `intent ${intent.id} has ended already; a new action needs a new id`,
      }
    case 'halted':
      return {
        code: 'HALTED',
        scope: decision.scope,
        shortMessage: `halted (${decision.scope}): ${decision.reason}; only what reduces risk passes until resume()`,
      }
    case 'reducing-only':
      return {
        code: 'REDUCING_ONLY',
        scope: decision.scope,
        shortMessage: `reducing only (${decision.scope}): ${decision.reason}; ${intent.action} adds risk`,
      }
    case 'not-reducing':
      return {
        code: 'NOT_REDUCING',
        shortMessage: `expected to take at most ${formatMicros(subtract(decision.exposure, decision.reducing))} off the exposure of ${[intent.venueId, intent.asset].filter(Boolean).join(' ')}, was ${formatMicros(decision.reduction)}: it would cross zero (exposure ${formatMicros(decision.exposure)}, being reduced ${formatMicros(decision.reducing)})`,
      }
    case 'locked':
    case 'not-allowed':
    case 'measure-missing': {
      const { constraint, scope, type, reason, untilMs } = decision
      return {
        code: codes[decision.kind],
        constraint,
        scope,
        shortMessage: `${wordsOf(type)}: ${reason} (${constraint}, ${scope})`,
        ...(untilMs === undefined ? {} : { untilMs }),
      }
    }
    case 'limit-exceeded': {
      const { constraint, scope, limit, used, reserved, requested, available } = decision.figures
      const text = {
        limit: formatMicros(limit),
        used: formatMicros(used),
        reserved: formatMicros(reserved),
        requested: formatMicros(requested),
        available: formatMicros(available),
      }
      return {
        code: 'LIMIT_EXCEEDED',
        constraint,
        scope,
        ...text,
        shortMessage: `${wordsOf(decision.type)} limit ${text.limit}: used ${text.used}, reserved ${text.reserved}, asked ${text.requested}, free ${text.available} (${constraint}, ${scope})`,
      }
    }
  }
}

const codes = { locked: 'LOCKED', 'not-allowed': 'NOT_ALLOWED', 'measure-missing': 'MEASURE_MISSING' } as const

function wordsOf(type: string): string {
  return type.toLowerCase().replaceAll('_', ' ')
}

function subtract(exposure: Micros, reducing: Micros): Micros {
  return Math.max(0, exposure - reducing) as Micros
}
