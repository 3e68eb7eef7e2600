import assert from 'node:assert/strict'
import {
  type ActionDefinition,
  type AnyVenue,
  type CallOptions,
  type Holding,
  type Intent,
  type IntentId,
  type Observation,
  type Receipt,
  type Reconciliation,
  seededRandom,
  type VirtualClock,
} from '@org/core'
import { matchesRequest, type RequestPattern } from '../proxy/fault.ts'
import type { PlannedFault } from '../proxy/fault-plan.ts'
import { type FaultProxy, startFaultProxy } from '../proxy/fault-proxy.ts'
import type { SeenRequest } from '../proxy/seen-request.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { recordingLogger } from './recording-logger.ts'
import type { ActionFixture, IntentExample, QueryFixture, StandIn, VenueSubject } from './venue-subject.ts'

/** A question with its query, in a world. */
export interface AskedQuery {
  readonly kind: string
  readonly query: unknown
  readonly fixture: QueryFixture
  ask(options?: CallOptions, venue?: AnyVenue): Promise<Outcome<Observation<unknown>>>
}

/** An action with its intent, in a world. */
export interface ShownAction {
  readonly name: string
  readonly definition: ActionDefinition
  readonly fixture: ActionFixture
  readonly intent: Intent
  /** Which of the requests change something. */
  readonly sends: RequestPattern
  /** How often the market has done it. */
  count(): Promise<number>
  /** Requests that could change something, so far. */
  sent(): readonly SeenRequest[]
  execute(options?: CallOptions, venue?: AnyVenue): Promise<Outcome<Receipt>>
  reconcile(options?: CallOptions, venue?: AnyVenue): Promise<Outcome<Reconciliation>>
}

/** A market of its own behind a fault proxy, on virtual time, with a venue that is connected to it. */
export class VenueWorld {
  readonly subject: VenueSubject
  readonly clock: VirtualClock
  readonly market: StandIn
  readonly proxy: FaultProxy
  /** What was logged. */
  readonly lines: string[] = []
  readonly #timeoutMs: number
  readonly #venues: AnyVenue[] = []
  #intents = 0

  constructor(subject: VenueSubject, clock: VirtualClock, market: StandIn, proxy: FaultProxy, timeoutMs: number) {
    this.subject = subject
    this.clock = clock
    this.market = market
    this.proxy = proxy
    this.#timeoutMs = timeoutMs
  }

  /** The venue under test. */
  get venue(): AnyVenue {
    const [venue] = this.#venues
    assert.ok(venue !== undefined)
    return venue
  }

  /** Another venue on the same market, as another process or a later start has it. */
  async newVenue(baseUrl = this.proxy.url): Promise<AnyVenue> {
    const venue = await this.subject.create({
      baseUrl,
      market: this.market,
      clock: this.clock,
      random: seededRandom(7),
      logger: recordingLogger(this.lines),
      timeoutMs: this.#timeoutMs,
    })
    this.#venues.push(venue)
    return venue
  }

  /** An address on this machine at which nobody listens any more. */
  async deadUrl(): Promise<string> {
    const gone = await startFaultProxy({ target: this.market.url })
    await this.clock.track(gone.close())
    return gone.url
  }

  async closeVenues(): Promise<void> {
    for (const venue of this.#venues) await venue.close().catch(() => {})
  }

  /** An intent for an action, as the gate would hand it over. */
  intent(action: string, example: IntentExample): Intent {
    const id = `conformance-${++this.#intents}` as IntentId
    return {
      effects: [{ measure: 'count', amount: 1 }],
      ...example,
      id,
      strategyId: 'conformance',
      venueId: this.venue.id,
      domain: this.venue.domain,
      action,
      reduces: this.venue.actions[action]?.reduces ?? false,
      expiresAt: this.clock.now() + 300_000,
      rationale: { reason: 'conformance', summary: 'does the venue keep its promises?' },
    }
  }

  async query(kind: string): Promise<AskedQuery> {
    const fixture = this.subject.queries[kind]
    assert.ok(fixture !== undefined)
    const query = await fixture.query(this.market)
    return {
      kind,
      query,
      fixture,
      ask: (options, venue = this.venue) => outcomeOf(() => venue.observe(kind, query, options)),
    }
  }

  async action(name: string): Promise<ShownAction> {
    const fixture = this.subject.actions[name]
    const definition = this.venue.actions[name]
    assert.ok(fixture !== undefined)
    assert.ok(definition !== undefined, `the venue declares no action ${name}`)
    const example = await fixture.prepare(this.market)
    const intent = this.intent(name, example)
    const before = this.proxy.requests.length
    const sends = fixture.sends ?? { method: ['POST', 'PUT', 'PATCH', 'DELETE'] }
    const count = async () => fixture.effectCount(this.market, example)
    assert.equal(await count(), 0, `fixture: expected effectCount 0 before ${name}`)
    const idempotencyKey = intent.id
    return {
      name,
      definition,
      fixture,
      intent,
      sends,
      count,
      sent: () => this.proxy.requests.slice(before).filter(seen => matchesRequest(sends, seen)),
      execute: (options, venue = this.venue) => outcomeOf(() => venue.execute(intent, { ...options, idempotencyKey })),
      reconcile: (options, venue = this.venue) =>
        outcomeOf(() => venue.reconcile(intent, { ...options, idempotencyKey })),
    }
  }

  /**
   * Waits until a request has met `planned`, or `call` has ended without one. Time may go on meanwhile, for a venue that has to wait for its turn.
   *
   * @returns True when one has.
   */
  async untilMet(planned: PlannedFault, call: Promise<unknown>): Promise<boolean> {
    let isOver = false
    const end = () => {
      isOver = true
    }
    planned.reached.then(end)
    call.then(end, end)
    while (!isOver) await nextTurn()
    return planned.hits > 0
  }

  holdings(options?: CallOptions): Promise<Outcome<Observation<readonly Holding[]>>> {
    return outcomeOf(() => this.venue.holdings(options))
  }
}

/** Lets everything go first that the event loop has to do. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
