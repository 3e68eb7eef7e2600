import type { ConstraintSpec, Intent, Origin, Posting, Scope } from '../src/index.ts'

/**
 * What the shared budget promises, in the most obvious way: remember everything, add it up anew for every question. Amounts are whole
 * numbers, so ordinary arithmetic is exact.
 */
export class BudgetModel {
  nowMs = 0
  readonly constraints: Map<string, ConstraintSpec>
  readonly open = new Map<string, { readonly intent: Intent; isSent: boolean }>()
  readonly ended = new Set<string>()
  readonly stops = new Map<string, { readonly scope: Scope; readonly kind: 'halted' | 'reducing' }>()
  readonly #posted: { readonly at: number; readonly origin: Origin; readonly posting: Posting }[] = []

  constructor(constraints: readonly ConstraintSpec[]) {
    this.constraints = new Map(constraints.map(constraint => [constraint.name, constraint]))
  }

  reserve(intent: Intent): string {
    if (this.open.has(intent.id)) return 'exists'
    if (this.ended.has(intent.id)) return 'DUPLICATE_INTENT'
    this.sweep()
    const refusal = this.#refusal(intent)
    if (refusal === undefined) this.open.set(intent.id, { intent, isSent: false })
    else this.ended.add(intent.id)
    return refusal ?? 'ok'
  }

  end(id: string, postings: readonly Posting[] | undefined): void {
    const reservation = this.open.get(id)
    if (reservation === undefined) return
    this.open.delete(id)
    this.ended.add(id)
    if (postings === undefined) return
    const unnamed = reservation.intent.effects.filter(effect =>
      postings.every(({ measure }) => measure !== effect.measure),
    )
    this.post(reservation.intent, [...postings, ...unnamed])
  }

  post(origin: Origin, postings: readonly Posting[]): void {
    for (const posting of postings) this.#posted.push({ at: this.nowMs, origin, posting })
  }

  /** Reservations that were never sent go back when their time is up. */
  sweep(): void {
    for (const [id, { intent, isSent }] of this.open)
      if (!isSent && this.nowMs >= intent.expiresAt) this.end(id, undefined)
  }

  /** In time, and nobody has pulled the kill switch since. */
  maySend(intent: Intent): boolean {
    return this.nowMs < intent.expiresAt && (intent.reduces || this.#stopFor(intent) === undefined)
  }

  used({ measure, aggregation, scope }: ConstraintSpec, origin: Origin): number {
    if (aggregation.kind === 'per-intent') return 0
    const fromMs =
      aggregation.kind === 'rolling'
        ? this.nowMs - aggregation.lengthMs + 1
        : aggregation.kind === 'calendar'
          ? this.nowMs - (this.nowMs % 86_400_000)
          : 0
    const amounts = this.#posted
      .filter(({ at, posting }) => posting.measure === measure && at >= fromMs)
      .filter(posted => inSameBudget(scope, posted.origin, origin))
      .map(({ posting }) => Number(posting.amount))
      .filter(amount => !('basis' in aggregation) || aggregation.basis === 'net' || amount > 0)
    return Math.max(0, sum(amounts))
  }

  reserved(constraint: ConstraintSpec, origin: Origin): number {
    if (constraint.aggregation.kind === 'per-intent') return 0
    const intents = [...this.open.values()].map(({ intent }) => intent)
    return sum(
      intents.filter(intent => inSameBudget(constraint.scope, intent, origin)).map(intent => asked(constraint, intent)),
    )
  }

  #stopFor(intent: Intent): string | undefined {
    const kinds = [...this.stops.values()].filter(({ scope }) => covers(scope, intent)).map(({ kind }) => kind)
    return kinds.includes('halted') ? 'HALTED' : kinds.includes('reducing') ? 'REDUCING_ONLY' : undefined
  }

  #refusal(intent: Intent): string | undefined {
    const stop = intent.reduces ? undefined : this.#stopFor(intent)
    if (stop !== undefined) return stop
    for (const constraint of this.constraints.values()) {
      const amount = asked(constraint, intent)
      if (!constraint.enforce || !covers(constraint.scope, intent)) continue
      if (intent.reduces && !constraint.bindsReducing) continue
      if (intent.effects.every(({ measure }) => measure !== constraint.measure)) continue
      const free = constraint.limit / 1e6 - this.used(constraint, intent) - this.reserved(constraint, intent)
      if (amount > free) return `LIMIT_EXCEEDED ${constraint.name}`
    }
    return undefined
  }
}

function asked({ measure, bindsReducing }: ConstraintSpec, intent: Intent): number {
  if (intent.reduces && !bindsReducing) return 0
  return sum(intent.effects.filter(effect => effect.measure === measure).map(effect => Number(effect.amount)))
}

function fieldsOf(scope: Scope, origin: Origin) {
  return [
    [scope.domain, origin.domain],
    [scope.strategy, origin.strategyId],
    [scope.venue, origin.venueId],
    [scope.asset, origin.asset],
  ] as const
}

function covers(scope: Scope, origin: Origin): boolean {
  return fieldsOf(scope, origin).every(
    ([wanted, actual]) => wanted === undefined || (actual !== undefined && (wanted === '*' || wanted === actual)),
  )
}

function inSameBudget(scope: Scope, a: Origin, b: Origin): boolean {
  const others = fieldsOf(scope, b)
  const agree = fieldsOf(scope, a).every(([wanted, actual], i) => wanted === undefined || actual === others[i]?.[1])
  return covers(scope, a) && covers(scope, b) && agree
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
