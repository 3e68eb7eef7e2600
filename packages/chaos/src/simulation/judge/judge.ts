import { type Fact, type JournalEntry, type Origin, type SubmitResult, toMicros } from '@org/core'
import type { Tally } from '../tally.ts'
import type { ExchangeFill } from '../trading/exchange-account.ts'
import type { TradingFloor } from '../trading/trading-floor.ts'
import type { Deal, VenueServer } from '../venues/book.ts'
import { BudgetModel } from './budget-model.ts'
import { checkEnd } from './check-end.ts'
import { checkGrant, checkRefusal, type Require } from './check-grants.ts'
import { checkResult } from './check-result.ts'
import { ProtectionModel } from './protection-model.ts'
import { at, type Story } from './story.ts'
import { TradingModel } from './trading-model.ts'

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
  readonly trading = new TradingModel()
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

  readonly require: Require = (holds, promise, what) => {
    if (holds || this.violation !== undefined) return
    this.violation = { step: this.#step(), promise, what: what() }
    this.#onViolation()
  }

  /** An entry that is on the disk from now on. */
  onEntry({ seq, at, fact }: JournalEntry): void {
    const aheadMs = this.#ledgerTimeMs - at
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
        this.#released(fact, at)
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
      case 'time-set-back':
        this.#setTimeBack(at, aheadMs)
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
    // Who slept in the last moment before a request leaves cannot know that its time is over.
    const isOver = story !== undefined && nowMs >= story.expiresAt
    const isLate = story?.status === 'released' && (isOver || this.clocksDisagree)
    this.require(isSent || isLate, 'sent is durable before the request leaves', () => `${key} left, ${at(story)}`)
    if (story === undefined) return
    if (isLate || isOver) story.isLate = true
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

  /** A trade at an exchange. */
  onFill(venueId: string, fill: ExchangeFill, key: string): void {
    this.tally.trades++
    this.trading.onFill(venueId, fill, this.#stories.get(key), this.require)
  }

  /**
   * What a strategy was told.
   *
   * @param mustPass It only reduces risk, and its time was not over by the clock of its process.
   */
  onResult(mustPass: boolean, result: SubmitResult): void {
    const { model, require, hasTwins, hasStoreRefused } = this
    const aheadMs = this.#ledgerTimeMs - this.#trueTimeMs()
    checkResult(mustPass, result, { model, require, stories: this.#stories, aheadMs, hasTwins, hasStoreRefused })
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
  onEnd(venues: readonly VenueServer[], floor: TradingFloor | undefined): void {
    if (floor !== undefined) this.trading.checkEnd(floor, this.require)
    checkEnd([...venues, ...(floor?.accounts ?? [])], {
      stories: this.#stories,
      groups: this.#groups,
      tally: this.tally,
      require: this.require,
    })
  }

  #setTimeBack(toMs: number, aheadMs: number): void {
    this.tally.timesSetBack++
    this.require(aheadMs > 0, 'nothing is written without a reason', () => `time was set ahead by ${-aheadMs} ms`)
    this.protections.setTimeBack(toMs)
    for (const story of this.#stories.values()) {
      story.expiresAt -= aheadMs
      story.ledgerErrorMs -= aheadMs
    }
  }

  #reserved(fact: Extract<Fact, { type: 'intent-reserved' }>, atMs: number): void {
    const { reservationId: id, intent } = fact
    this.tally.intents++
    const isNew = !this.#stories.has(id) && !this.#rejected.has(id)
    this.require(isNew, 'an intent is reserved at most once', () => `${id} was reserved again`)
    const asks = checkGrant(fact, atMs, this)
    this.#stories.set(id, {
      intent,
      asks,
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
    const { intent } = fact
    this.tally.refused++
    this.#rejected.add(intent.id)
    this.require(
      !this.#stories.has(intent.id),
      'an intent ends at most once',
      () => `${intent.id} was refused after it was reserved`,
    )
    const isLeg = this.#groups.some(ids => ids.includes(intent.id))
    checkRefusal(fact, atMs, isLeg, this)
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

  #released(fact: Extract<Fact, { type: 'intent-released' }>, atMs: number): void {
    const story = this.#open(fact.reservationId, fact.type)
    if (story === undefined) return
    this.tally.released++
    if (story.deal !== undefined && (this.clocksDisagree || story.isLate)) {
      story.isLate = true
      this.tally.late++
    }
    const isFree = story.deal === undefined || story.isLate
    this.require(isFree, 'what happened is never released', () => `${fact.reservationId}: ${fact.reason}`)
    if (story.status === 'sent') this.model.attempted(story.intent, atMs)
    this.#end(story, 'released')
  }

  #recorded(fact: Extract<Fact, { type: 'result-recorded' }>, atMs: number): void {
    this.#post(fact, fact.postings, atMs)
    if (fact.intentId === undefined) return
    const story = this.#stories.get(fact.intentId)
    if (fact.domain === 'trading') {
      // What comes later of a trade names its intent; that nothing is booked twice is seen when the exchanges' books are compared.
      if (story?.status === 'released') story.lateRecords = 1
      return
    }
    const isDue = story?.status === 'released' && story.deal !== undefined && story.lateRecords === 0
    this.require(isDue, 'what happened is in the journal once', () => `${fact.intentId} was recorded, ${at(story)}`)
    if (story === undefined) return
    story.lateRecords++
    this.#compare(story, fact.postings)
  }

  /** The postings are those of the venue's books; a measure that was reserved and is not in them counts in full. */
  #compare({ intent, deal }: Story, postings: readonly { readonly measure: string; readonly amount: number }[]): void {
    if (intent.domain === 'trading') {
      // Repeating a cancel does no harm, and it makes no order.
      const hasHappened = deal !== undefined || intent.action === 'cancel-order'
      this.require(
        hasHappened,
        "the exchange's books agree with the journal",
        () => `${intent.id} is not at the exchange`,
      )
      return
    }
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
      if (origin.domain === 'trading') this.trading.post(origin, measure, amount)
    }
  }

  #end(story: Story, status: 'settled' | 'released'): void {
    story.status = status
    this.protections.endReduction(story.intent, story.reduction)
    for (const { budget, amount } of story.asks) this.model.reserve(budget, -amount)
  }
}
