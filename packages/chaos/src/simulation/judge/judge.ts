import { type Fact, type Intent, type JournalEntry, type Origin, type SubmitResult, toMicros } from '@org/core'
import type { SimProcess } from '../process/sim-process.ts'
import type { Tally } from '../tally.ts'
import type { Deal, VenueServer } from '../venues/book.ts'
import { BudgetModel } from './budget-model.ts'
import { ProtectionModel } from './protection-model.ts'

/** Where an intent stands, from the journal and the venues' books alone. */
interface Story {
  readonly intent: Intent
  readonly asks: readonly { readonly budget: string; readonly amount: number }[]
  readonly expiresAt: number
  /** How far the ledger's time was from the true time when it was reserved. */
  readonly ledgerErrorMs: number
  /** What it takes off a stake until it ends. */
  readonly reduction: number
  status: 'reserved' | 'sent' | 'settled' | 'released'
  sentSeq: number
  deal: Deal | undefined
  /** The request left when its time was over, or the deal came after the release: what no client can prevent. */
  isLate: boolean
  lateRecords: number
}

/** Codes that an intent which only reduces risk is never refused with. */
const neverReducing = new Set(['HALTED', 'REDUCING_ONLY', 'LOCKED', 'NOT_ALLOWED', 'MEASURE_MISSING'])

/** A promise that did not hold, in one line. */
export interface Violation {
  readonly step: number
  readonly promise: string
  readonly what: string
}

/**
 * Watches one world from outside: reads the journal off the disk and the venues' books, keeps accounts of its own, and names the first
 * promise that does not hold.
 */
export class Judge {
  readonly model = new BudgetModel()
  readonly protections = new ProtectionModel(this.model)
  readonly tally: Tally
  violation: Violation | undefined
  /** Set while a fault of the world excuses that a request is overtaken by its own expiry. */
  clocksDisagree = false
  hasStoreRefused = false
  /** Set once two processes have run the same strategies at a time. */
  hasTwins = false
  readonly #groups: (readonly string[])[] = []
  readonly #saved = new Map<string, number>()
  readonly #stories = new Map<string, Story>()
  readonly #rejected = new Set<string>()
  readonly #step: () => number
  readonly #trueTimeMs: () => number
  readonly #onViolation: () => void
  #ledgerTimeMs = 0

  constructor(parts: {
    readonly tally: Tally
    readonly step: () => number
    readonly trueTimeMs: () => number
    readonly onViolation: () => void
  }) {
    this.tally = parts.tally
    this.#step = parts.step
    this.#trueTimeMs = parts.trueTimeMs
    this.#onViolation = parts.onViolation
  }

  require(holds: boolean, promise: string, what: () => string): void {
    if (holds || this.violation !== undefined) return
    this.violation = { step: this.#step(), promise, what: what() }
    this.#onViolation()
  }

  /** An entry that is on the disk from now on. */
  onEntry({ seq, at, fact }: JournalEntry): void {
    this.#ledgerTimeMs = at
    switch (fact.type) {
      case 'constraint-set':
        this.model.set(fact.constraint)
        return
      case 'intent-reserved':
        this.#reserved(fact, at)
        return
      case 'intent-rejected':
        this.#refused(fact, at)
        return
      case 'intent-sent': {
        const story = this.#open(fact.reservationId, fact.type)
        if (story === undefined) return
        const isFirst = story.status === 'reserved'
        this.require(isFirst, 'an intent is sent at most once', () => `${fact.reservationId} was sent again`)
        const isInTime = at < story.expiresAt
        this.require(isInTime, 'an expired intent is not sent', () => `${fact.reservationId} was sent after its time`)
        story.status = 'sent'
        story.sentSeq = seq
        return
      }
      case 'intent-settled':
        this.#settled(fact, at)
        return
      case 'intent-released':
        this.#released(fact)
        return
      case 'result-recorded':
        this.#recorded(fact, at)
        return
      case 'state-changed':
        this.protections.setState(fact.scope, fact.state, seq)
        return
      case 'breaker-tripped':
        this.protections.trip(fact.budget, fact.untilMs ?? Number.POSITIVE_INFINITY)
        return
      case 'breaker-rearmed':
        this.protections.rearm(fact.budget)
        return
      case 'intent-in-doubt':
        this.#open(fact.reservationId, fact.type)
        return
    }
  }

  /** A request leaves a process whose clock says `nowMs`. */
  onRequest(key: string, nowMs: number): void {
    const story = this.#stories.get(key)
    const isSent = story?.status === 'sent'
    // A reservation that was released while its process slept in the last moment before the request leaves is late, and is counted.
    const isLate = story?.status === 'released' && (nowMs >= story.expiresAt || this.clocksDisagree)
    this.require(isSent || isLate, 'sent is durable before the request leaves', () => `${key} left, ${at(story)}`)
    if (story === undefined) return
    if (isLate) story.isLate = true
    const stop = story.intent.reduces ? undefined : this.protections.stopOf(story.intent)
    const isObeyed = stop === undefined || stop.seq > story.sentSeq
    this.require(
      isObeyed,
      'the kill switch is obeyed',
      () => `${key} left although ${stop?.state ?? ''} was written before`,
    )
  }

  /** A venue did something. */
  onDeal(deal: Deal): void {
    const story = this.#stories.get(deal.key)
    const isKnown = story !== undefined && story.status !== 'reserved'
    this.require(
      isKnown,
      'every effect at a venue belongs to one sent intent',
      () => `${deal.key} was done, ${at(story)}`,
    )
    if (story === undefined) return
    const isFirst = story.deal === undefined
    this.require(isFirst, 'nothing is executed twice', () => `${deal.key} was done again`)
    story.deal = deal
    if (this.clocksDisagree && story.status === 'released') story.isLate = true
    const isOpen = story.status === 'sent' || story.isLate
    this.require(isOpen, 'no intent ends while its request is under way', () => `${deal.key} was done, ${at(story)}`)
    if (story.status === 'released') this.tally.late++
  }

  /** What a strategy was told of an intent whose time was not over by the clock of its process. */
  onResult(process: SimProcess, reduces: boolean, result: SubmitResult): void {
    if (result.status === 'settled') {
      const story = this.#stories.get(result.intentId)
      const isWritten = story?.status === 'settled' || story?.lateRecords === 1
      this.require(isWritten, 'what was answered is on the disk', () => `${result.intentId}, ${at(story)}`)
    }
    if (!reduces) return
    if (result.status === 'failed') {
      // A clock that leaps ahead between reserving and sending ends every reservation once; the next scan passes.
      const ledgerErrorMs = this.#stories.get(result.intentId)?.ledgerErrorMs ?? 0
      const hasLeapt = this.#ledgerTimeMs - this.#trueTimeMs() > ledgerErrorMs + 5_000
      const isEnded = result.error.code === 'RESERVATION_ENDED'
      this.require(
        !isEnded || hasLeapt || process.isReplaced,
        'what reduces risk passes',
        () => `${result.intentId}: ${result.error.shortMessage}`,
      )
    }
    if (result.status !== 'rejected') return
    const { code, constraint = '' } = result.rejection
    const isExcused =
      (code === 'LIMIT_EXCEEDED' && this.model.constraints.get(constraint)?.bindsReducing === true) ||
      (code === 'RISK_CHECK_FAILED' && this.hasStoreRefused) ||
      code === 'NOT_REDUCING'
    this.require(isExcused, 'what reduces risk passes', () => `${result.intentId} was refused: ${code}`)
  }

  /** Somebody asks for two legs together. */
  onGroup(ids: readonly string[]): void {
    this.#groups.push(ids)
  }

  /** A strategy was told that its state is saved. */
  onSaved(key: string, value: number): void {
    this.#saved.set(key, Math.max(value, this.#saved.get(key) ?? 0))
  }

  onLoaded(key: string, value: number): void {
    const saved = this.#saved.get(key) ?? 0
    const isThere = value >= saved || this.hasTwins
    this.require(isThere, 'what was saved is there after a restart', () => `${key} saved ${saved} and loaded ${value}`)
  }

  /** When everything is over: every intent has ended, and the books agree. */
  onEnd(venues: readonly VenueServer[]): void {
    for (const [id, story] of this.#stories) {
      const isOver = story.status === 'settled' || story.status === 'released'
      this.require(isOver, 'every intent ends', () => `${id} is ${story.status} at the end`)
      if (story.deal === undefined || story.status === 'settled') continue
      if (story.lateRecords === 0) this.tally.unrecorded++
      const isRecorded = story.lateRecords === 1 || (story.isLate && story.lateRecords === 0)
      this.require(isRecorded, 'what happened is in the journal once', () => `${id}: ${story.lateRecords} late records`)
    }
    for (const ids of this.#groups) {
      const reserved = ids.filter(id => this.#stories.has(id)).length
      const isWhole = reserved === 0 || reserved === ids.length
      this.require(isWhole, 'legs are reserved together or not at all', () => `${ids.join(', ')}: ${reserved} reserved`)
    }
    for (const { id, deals } of venues) {
      const total = deals.filter(deal => this.#stories.get(deal.key)?.deal === deal).length
      this.require(total === deals.length, 'nothing is executed twice', () => `${id} has ${deals.length} deals`)
    }
  }

  #reserved(fact: Extract<Fact, { type: 'intent-reserved' }>, atMs: number): void {
    const { reservationId: id, intent } = fact
    this.tally.intents++
    const isNew = !this.#stories.has(id) && !this.#rejected.has(id)
    this.require(isNew, 'an intent is reserved at most once', () => `${id} was reserved again`)
    const stop = intent.reduces ? undefined : this.protections.stopOf(intent)
    this.require(stop === undefined, 'the kill switch is obeyed', () => `${id} was reserved while ${stop?.state ?? ''}`)
    if (!intent.reduces) {
      const lock = this.protections.lockOn(intent, atMs)
      this.require(
        lock === undefined,
        'a breaker stops new risk',
        () => `${id} was reserved though ${lock?.name} is locked`,
      )
      const fallen = this.protections.fallenFor(intent)
      this.require(
        fallen === undefined,
        'a drawdown stops until it is re-armed',
        () => `${id} was reserved after ${fallen}`,
      )
    }
    const crosses = intent.reduces && this.protections.crossesZero(intent)
    this.require(!crosses, 'what reduces never crosses zero', () => `${id} takes off more than is there`)
    const asks = this.model.asks(intent)
    const lasting = asks.filter(({ constraint }) => constraint.aggregation.kind !== 'per-intent')
    for (const { budget, amount } of lasting) {
      const taken = fact.amounts
        .filter(taking => taking.budget === budget)
        .reduce((sum, taking) => sum + taking.amount, 0)
      this.require(
        taken === amount,
        'every matching budget is reserved',
        () => `${id} took ${taken} of ${budget}, not ${amount}`,
      )
      this.model.reserve(budget, amount)
    }
    for (const { constraint, budget, amount, limit } of asks) {
      const isLone = constraint.aggregation.kind === 'per-intent'
      const total = isLone ? amount : this.model.used(budget, atMs) + this.model.reserved(budget)
      const isWithin = !constraint.enforce || limit === undefined || total <= limit
      this.require(isWithin, 'no overspend', () => `${id} brought ${budget} to ${total} of ${limit}`)
    }
    this.#stories.set(id, {
      intent,
      asks: lasting,
      expiresAt: fact.expiresAt,
      ledgerErrorMs: atMs - this.#trueTimeMs(),
      reduction: this.protections.reduce(intent),
      status: 'reserved',
      sentSeq: 0,
      deal: undefined,
      isLate: false,
      lateRecords: 0,
    })
  }

  #refused(fact: Extract<Fact, { type: 'intent-rejected' }>, atMs: number): void {
    const { intent, code, figures } = fact
    this.tally.refused++
    this.#rejected.add(intent.id)
    this.require(
      !this.#stories.has(intent.id),
      'an intent ends at most once',
      () => `${intent.id} was refused after it was reserved`,
    )
    const passes = !intent.reduces || !neverReducing.has(code)
    this.require(passes, 'what reduces risk passes', () => `${intent.id}: ${code}`)
    const isCalledFor =
      (code !== 'HALTED' && code !== 'REDUCING_ONLY' && code !== 'LOCKED' && code !== 'NOT_REDUCING') ||
      (code === 'LOCKED' && this.protections.lockOn(intent, atMs) !== undefined) ||
      (code === 'NOT_REDUCING' && this.protections.crossesZero(intent)) ||
      this.protections.stopOf(intent) !== undefined
    this.require(isCalledFor, 'nothing is refused without a reason', () => `${intent.id}: ${code}`)
    if (figures === undefined) return
    const { constraint: name, scope, limit, used, reserved, requested } = figures
    const constraint = this.model.constraints.get(name)
    const budget = `${name}@${scope}`
    this.require(
      !intent.reduces || constraint?.bindsReducing === true,
      'what reduces risk passes',
      () => `${intent.id}: ${budget}`,
    )
    // The limit of a share or a concentration follows from all others.
    const isPlain = constraint?.aggregation.kind !== 'concentration' && !scope.includes('/')
    const isReason =
      constraint?.enforce === true && used + reserved + requested > limit && (!isPlain || limit === constraint.limit)
    this.require(isReason, 'nothing is refused without a reason', () => `${intent.id}: ${JSON.stringify(figures)}`)
    const known = this.model.reserved(budget)
    // A leg is refused on top of the legs before it, which then are not written.
    const isLeg = this.#groups.some(ids => ids.includes(intent.id))
    const isTrue = (isLeg ? reserved >= known : reserved === known) && used >= this.model.used(budget, atMs)
    this.require(isTrue, 'a refusal names the true figures', () => `${intent.id}: ${JSON.stringify(figures)}`)
  }

  #settled(fact: Extract<Fact, { type: 'intent-settled' }>, atMs: number): void {
    const story = this.#open(fact.reservationId, fact.type)
    if (story === undefined) return
    this.require(story.status === 'sent', 'only what was sent is settled', () => `${fact.reservationId}, ${at(story)}`)
    this.tally.settled++
    this.#end(story, 'settled')
    this.#compare(story, fact.postings)
    this.#post(story.intent, fact.postings, atMs)
  }

  #released(fact: Extract<Fact, { type: 'intent-released' }>): void {
    const story = this.#open(fact.reservationId, fact.type)
    if (story === undefined) return
    this.tally.released++
    if (story.deal !== undefined && this.clocksDisagree) {
      story.isLate = true
      this.tally.late++
    }
    const isFree = story.deal === undefined || story.isLate
    this.require(isFree, 'what happened is never released', () => `${fact.reservationId}: ${fact.reason}`)
    this.#end(story, 'released')
  }

  #recorded(fact: Extract<Fact, { type: 'result-recorded' }>, atMs: number): void {
    this.#post(fact, fact.postings, atMs)
    if (fact.intentId === undefined) return
    const story = this.#stories.get(fact.intentId)
    const isDue = story?.status === 'released' && story.deal !== undefined && story.lateRecords === 0
    this.require(isDue, 'what happened is in the journal once', () => `${fact.intentId} was recorded, ${at(story)}`)
    if (story === undefined) return
    story.lateRecords++
    this.#compare(story, fact.postings)
  }

  /** The postings are those of the venue's books; a measure that was reserved and is not in them counts in full. */
  #compare({ intent, deal }: Story, postings: readonly { readonly measure: string; readonly amount: number }[]): void {
    const expected = new Map<string, number>()
    for (const { measure, amount } of intent.effects) expected.set(measure, toMicros(amount, 'up'))
    for (const { measure, amount } of deal?.postings ?? []) expected.set(measure, toMicros(amount, 'up'))
    const isEqual =
      deal !== undefined &&
      postings.length === expected.size &&
      postings.every(({ measure, amount }) => expected.get(measure) === amount)
    this.require(isEqual, "the venue's books agree with the journal", () => `${intent.id}: ${JSON.stringify(postings)}`)
  }

  #open(id: string, what: string): Story | undefined {
    const story = this.#stories.get(id)
    const isOpen = story?.status === 'reserved' || story?.status === 'sent'
    this.require(isOpen, 'an intent ends at most once', () => `${what} of ${id}, ${at(story)}`)
    return isOpen ? story : undefined
  }

  #post(
    origin: Origin,
    postings: readonly { readonly measure: string; readonly amount: number }[],
    atMs: number,
  ): void {
    for (const { measure, amount } of postings) {
      this.model.post(origin, measure, amount, atMs)
      this.protections.post(origin, measure, amount, atMs)
    }
  }

  #end(story: Story, status: 'settled' | 'released'): void {
    story.status = status
    this.protections.endReduction(story.intent, story.reduction)
    for (const { budget, amount } of story.asks) this.model.reserve(budget, -amount)
  }
}

function at(story: Story | undefined): string {
  return story === undefined ? 'which the journal does not know' : `which is ${story.status}`
}
