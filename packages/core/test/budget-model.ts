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
  /** Result of the one drawdown, its peak as a loss, and whether it has tripped. */
  readonly #fall = { sum: 0, trough: 0, isTripped: false }
  readonly #closed: { readonly at: number; readonly origin: Origin; readonly ratio: number }[] = []
  readonly #streaks = new Map<string, number>()
  readonly #posted: {
    readonly at: number
    readonly origin: Origin
    readonly posting: Posting
    readonly isAttempt?: boolean
  }[] = []

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

  /** All or nothing: each sees what those before it took. */
  reserveGroup(intents: readonly Intent[]): string {
    this.sweep()
    for (const intent of intents) {
      const refusal = this.#refusal(intent)
      if (refusal !== undefined) {
        for (const { id } of intents) {
          this.open.delete(id)
          this.ended.add(id)
        }
        return refusal
      }
      this.open.set(intent.id, { intent, isSent: false })
    }
    return 'ok'
  }

  /** What is cut to nothing is refused, unless something comes first. */
  refuse(intent: Intent, why: string): string {
    this.ended.add(intent.id)
    const other = this.#refusal(intent)
    return other === undefined || other.startsWith('LIMIT') ? why : other
  }

  /** How much of `intent`'s loss is free, and the constraint that leaves the least. */
  freeLoss(intent: Intent): { readonly amount: number; readonly binds: string | undefined } {
    this.sweep()
    const loss = Number(intent.effects.find(({ measure }) => measure === 'loss')?.amount ?? 0)
    let amount = loss
    let binds: string | undefined
    for (const constraint of this.constraints.values()) {
      if (!counts(constraint, 'loss') || !constraint.enforce || !covers(constraint.scope, intent)) continue
      const free = Math.max(0, this.#free(constraint, intent))
      if (free < amount) {
        amount = free
        binds = constraint.name
      }
    }
    return { amount, binds }
  }

  close(origin: Origin, ratio: number): void {
    this.#closed.push({ at: this.nowMs, origin, ratio })
    for (const constraint of this.constraints.values()) {
      if (constraint.aggregation.kind !== 'breaker' || constraint.aggregation.rule.kind !== 'streak') continue
      const seen = this.#closesOf(constraint, origin).slice(-2)
      if (seen.length === 2 && seen.every(closed => closed.ratio < 0))
        this.#streaks.set(origin.venueId, this.nowMs + constraint.aggregation.stopMs)
    }
  }

  rearm(): void {
    this.#fall.trough = this.#fall.sum
    this.#fall.isTripped = false
  }

  end(id: string, postings: readonly Posting[] | undefined): void {
    const reservation = this.open.get(id)
    if (reservation === undefined) return
    this.open.delete(id)
    this.ended.add(id)
    if (postings === undefined) {
      const { intent, isSent } = reservation
      for (const posting of isSent ? intent.effects.filter(({ measure }) => measure === 'count') : [])
        this.#posted.push({ at: this.nowMs, origin: intent, posting, isAttempt: true })
      return
    }
    const unnamed = reservation.intent.effects.filter(effect =>
      postings.every(({ measure }) => measure !== effect.measure),
    )
    this.post(reservation.intent, [...postings, ...unnamed])
    if (!reservation.isSent) return
    // What was sent counts for how often at least as reserved; the model's limits on how often are gross.
    const counted = sum(
      postings.filter(({ measure }) => measure === 'count').map(({ amount }) => Math.max(0, Number(amount))),
    )
    const asked = sum(
      reservation.intent.effects.filter(({ measure }) => measure === 'count').map(({ amount }) => Number(amount)),
    )
    if (postings.some(({ measure }) => measure === 'count') && counted < asked)
      this.#posted.push({
        at: this.nowMs,
        origin: reservation.intent,
        posting: { measure: 'count', amount: asked - counted },
        isAttempt: true,
      })
  }

  post(origin: Origin, postings: readonly Posting[]): void {
    for (const posting of postings) {
      this.#posted.push({ at: this.nowMs, origin, posting })
      if (posting.measure === 'loss' || posting.measure === 'unrealised-loss') this.#addResult(Number(posting.amount))
    }
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

  #addResult(loss: number): void {
    const fall = this.#fall
    fall.sum += loss
    fall.trough = Math.min(fall.trough, fall.sum)
    for (const { aggregation, limit } of this.constraints.values())
      if (aggregation.kind === 'drawdown' && fall.sum > fall.trough && fall.sum - fall.trough >= limit / 1e6)
        fall.isTripped = true
  }

  used(constraint: ConstraintSpec, origin: Origin): number {
    const { aggregation, scope } = constraint
    if (aggregation.kind === 'per-intent' || aggregation.kind === 'breaker') return 0
    if (aggregation.kind === 'drawdown') return this.#fall.sum - this.#fall.trough
    const fromMs =
      aggregation.kind === 'rolling'
        ? this.nowMs - aggregation.lengthMs + 1
        : aggregation.kind === 'calendar'
          ? this.nowMs - (this.nowMs % 86_400_000)
          : 0
    const posted = this.#posted
      .filter(({ at, posting }) => counts(constraint, posting.measure) && at >= fromMs)
      .filter(({ isAttempt }) => isAttempt !== true || constraint.bindsReducing)
      .filter(posted => inSameBudget(scope, posted.origin, origin))
    if (aggregation.kind === 'level') {
      const stakes = new Map<string, number>()
      for (const { origin: at, posting } of posted) {
        const stake = JSON.stringify([at.venueId, at.asset])
        stakes.set(stake, Math.max(0, (stakes.get(stake) ?? 0) + Number(posting.amount)))
      }
      return sum([...stakes.values()])
    }
    const amounts = posted
      .map(({ posting }) => Number(posting.amount))
      .filter(amount => !('basis' in aggregation) || aggregation.basis === 'net' || amount > 0)
    return Math.max(0, sum(amounts))
  }

  reserved(constraint: ConstraintSpec, origin: Origin): number {
    if (['per-intent', 'breaker'].includes(constraint.aggregation.kind)) return 0
    const intents = [...this.open.values()]
      .filter(({ intent, isSent }) => isSent || this.nowMs < intent.expiresAt)
      .map(({ intent }) => intent)
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
    if (!intent.reduces)
      for (const constraint of this.constraints.values())
        if (covers(constraint.scope, intent) && this.#isLocked(constraint, intent)) return `LOCKED ${constraint.name}`
    for (const constraint of this.constraints.values()) {
      const amount = asked(constraint, intent)
      if (constraint.aggregation.kind === 'breaker' || !constraint.enforce || !covers(constraint.scope, intent))
        continue
      if (intent.reduces && !constraint.bindsReducing) continue
      const isNamed = intent.effects.some(({ measure }) => counts(constraint, measure))
      if (isNamed && amount > this.#free(constraint, intent)) return `LIMIT_EXCEEDED ${constraint.name}`
      if (!intent.reduces && this.#isSpent(constraint, intent)) return `LIMIT_EXCEEDED ${constraint.name}`
    }
    return undefined
  }

  /** Nothing is left of it: no new risk, whatever it names. */
  #isSpent(constraint: ConstraintSpec, origin: Origin): boolean {
    const used = this.used(constraint, origin)
    const limit = constraint.limit / 1e6
    if (constraint.aggregation.kind === 'per-intent') return limit === 0
    return limit === 0 || (constraint.aggregation.kind === 'level' ? used > limit : used >= limit)
  }

  #free(constraint: ConstraintSpec, origin: Origin): number {
    return constraint.limit / 1e6 - this.used(constraint, origin) - this.reserved(constraint, origin)
  }

  #isLocked(constraint: ConstraintSpec, origin: Origin): boolean {
    const { aggregation } = constraint
    if (aggregation.kind === 'drawdown') return this.#fall.isTripped
    if (aggregation.kind !== 'breaker') return false
    if (aggregation.rule.kind === 'streak') return this.nowMs < (this.#streaks.get(origin.venueId) ?? 0)
    return this.#closesOf(constraint, origin).some(({ at }) => this.nowMs < at + aggregation.stopMs)
  }

  #closesOf({ scope, aggregation }: ConstraintSpec, origin: Origin) {
    const fromMs = this.nowMs - ((aggregation.kind === 'breaker' ? aggregation.lookbackMs : undefined) ?? 0)
    return this.#closed.filter(closed => closed.at >= fromMs && inSameBudget(scope, closed.origin, origin))
  }
}

function counts({ measure, alsoMeasures = [] }: ConstraintSpec, wanted: string): boolean {
  return measure === wanted || alsoMeasures.includes(wanted)
}

function asked(constraint: ConstraintSpec, intent: Intent): number {
  if (intent.reduces && !constraint.bindsReducing) return 0
  return sum(intent.effects.filter(({ measure }) => counts(constraint, measure)).map(effect => Number(effect.amount)))
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
