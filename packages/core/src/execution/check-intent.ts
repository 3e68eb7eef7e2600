import { z } from 'zod'
import { describeError } from '../errors/automation-error.ts'
import type { Effect } from '../intent/effect.ts'
import type { Intent } from '../intent/intent.ts'
import { type Amount, toMicros } from '../money/micros.ts'
import type { RejectionCode } from '../risk/rejection.ts'
import type { AnyVenue } from '../venue/venue.ts'

const text = z.string().min(1)

const intentSchema = z.object({
  id: text,
  strategyId: text,
  venueId: text,
  domain: text,
  asset: z.string().optional(),
  side: text.optional(),
  action: text,
  effects: z.array(z.object({ measure: text, amount: z.unknown() })),
  reduces: z.boolean(),
  observedAt: z.number().optional(),
  expiresAt: z.number(),
  rationale: z.object({ reason: z.string(), summary: z.string() }),
})

export interface IntentProblem {
  readonly code: RejectionCode
  readonly message: string
}

/**
 * The first thing that is wrong with an intent in itself, or `undefined`. In order of precedence: its form, its venue, its action, what it
 * claims, its parameters, its age.
 */
export function checkIntent(
  intent: Intent,
  venues: ReadonlyMap<string, Pick<AnyVenue, 'id' | 'domain' | 'actions'>>,
  nowMs: number,
): IntentProblem | undefined {
  const form = intentSchema.safeParse(intent)
  if (!form.success) return invalid(firstIssue(form.error))
  for (const { measure, amount } of intent.effects) {
    const problem = amountProblem(amount)
    if (problem !== undefined) return invalid(`effect ${measure}: ${problem}`)
  }
  const reduction = intent.reduction === undefined ? undefined : amountProblem(intent.reduction)
  if (reduction !== undefined) return invalid(`reduction: ${reduction}`)
  const venue = venues.get(intent.venueId)
  if (venue === undefined)
    return {
      code: 'UNKNOWN_VENUE',
      message: `no venue is named ${intent.venueId}; known: ${[...venues.keys()].join(', ') || 'none'}`,
    }
  const action = Object.hasOwn(venue.actions, intent.action) ? venue.actions[intent.action] : undefined
  if (action === undefined)
    return {
      code: 'UNKNOWN_ACTION',
      message: `${venue.id} has no action ${JSON.stringify(intent.action)}; known: ${Object.keys(venue.actions).join(', ')}`,
    }
  // Budgets are scoped by it: a wrong one would pass by those of its own domain.
  if (intent.domain !== venue.domain) return invalid(`domain: expected ${venue.domain}, was ${intent.domain}`)
  if (intent.reduces && !action.reduces)
    return invalid(`${intent.action} can add risk, so an intent for it cannot claim that it only reduces`)
  const added = intent.reduces ? intent.effects.find(addsToStake) : undefined
  if (added !== undefined)
    return invalid(`effect ${added.measure}: expected 0 of what only reduces, was ${added.amount}`)
  const params = action.params.safeParse(intent.params)
  if (!params.success) return invalid(`params of ${intent.action}: ${firstIssue(params.error)}`)
  // Written so that a clock that says NaN counts as too late.
  if (!(nowMs < intent.expiresAt))
    return {
      code: 'EXPIRED',
      message: `expired ${Math.round((nowMs - intent.expiresAt) / 1000)} s ago; look again and propose anew`,
    }
  return undefined
}

/** What is at stake is what "reducing" is about; a loss of closing at a bad price is not. */
function addsToStake({ measure, amount }: Effect): boolean {
  return (measure === 'exposure' || measure === 'position') && toMicros(amount, 'up') > 0
}

function amountProblem(amount: Amount): string | undefined {
  try {
    return toMicros(amount, 'up') >= 0 ? undefined : `expected at least 0, was ${String(amount)}`
  } catch (error) {
    return describeError(error)
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  const path = issue?.path.join('.') ?? ''
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'not usable'}`
}

function invalid(message: string): IntentProblem {
  return { code: 'INVALID_INTENT', message }
}
