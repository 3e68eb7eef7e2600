import type { AnyVenue, Effect, Intent, Logger, Random, VirtualClock } from '@org/core'
import type { RequestPattern } from '../proxy/fault.ts'

/** A server on 127.0.0.1 that stands in for the market: a simulator, or a few lines of `node:http`. */
export interface StandIn {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  close(): Promise<void>
}

/** What a venue under test is made from. */
export interface VenueEnvironment<Market extends StandIn = StandIn> {
  /** Where the market is to be reached: a fault proxy in front of `market.url`. */
  readonly baseUrl: string
  readonly market: Market
  /** All waiting goes by it; what the venue does on the network it tracks (`clock.track`). */
  readonly clock: VirtualClock
  readonly random: Random
  /** Keeps every line, at every level, for the checks of secrets. */
  readonly logger: Logger
  /** No answer within this real time is an error. 60,000, but for the checks of time-outs. */
  readonly timeoutMs: number
}

/** An intent that shows an action: what the context adds to a draft is added here as well. */
export interface IntentExample extends Partial<Pick<Intent, 'asset' | 'side' | 'reduction'>> {
  readonly params: unknown
  /** @default one `count` */
  readonly effects?: readonly Effect[]
}

/** A question that the venue answers, and how it can be asked wrongly. */
export interface QueryFixture<Market extends StandIn = StandIn> {
  /** Brings the market to where the question has an answer, and says the query. The same market each time: the same answer. */
  query(market: Market): unknown
  /** Queries that are refused before anything is asked. */
  readonly wrong: readonly unknown[]
  /**
   * Fields of the market's answers without which there is no answer: a name, or the tail of a path without places in lists, such as
   * `machines.num_gpus`.
   */
  readonly matters: readonly string[]
  /** The time that the market's answer itself states. @default none: the answer is as of when it was asked for */
  asOf?(market: Market): number
}

/** An action of the venue, shown by one intent. */
export interface ActionFixture<Market extends StandIn = StandIn> {
  /** Brings the market to where it can be done (behind the venue's back), and says the intent. Nothing of it is done yet. */
  prepare(market: Market): IntentExample | Promise<IntentExample>
  /** How often the market has done what the intent asks for; of what converges: 1 when it stands, else 0. Asked of the market itself. */
  effectCount(market: Market, example: IntentExample): number | Promise<number>
  /** Params that are refused. */
  readonly wrong: readonly unknown[]
  /** The requests that change something. @default those that are neither GET nor HEAD */
  readonly sends?: RequestPattern
}

/** A venue, its market, and what shows its promises. */
export interface VenueSubject<Market extends StandIn = StandIn> {
  /** Starts a market; each check gets one of its own, and all begin alike. */
  market(environment: { readonly clock: VirtualClock }): Promise<Market>
  /** A venue that owns all that it opens. */
  create(environment: VenueEnvironment<Market>): AnyVenue | Promise<AnyVenue>
  /** Keys and passwords that the venue is given. @default it needs none */
  secrets?(market: Market): readonly string[]
  /** By kind. */
  readonly queries: { readonly [kind: string]: QueryFixture<Market> }
  /** Fields of the market's answers without which nobody knows what is held; as `matters` of a query. @default not checked */
  readonly holdingsMatter?: readonly string[]
  /** By name; every action that the venue declares, unless it is shown elsewhere. */
  readonly actions: { readonly [action: string]: ActionFixture<Market> }
  /** Actions that fixtures for another key or account show, in another call. @default none */
  readonly actionsShownElsewhere?: readonly string[]
  /** The limit that the checks of time-outs give, real milliseconds: enough to connect. @default 250 */
  readonly shortTimeoutMs?: number
  /**
   * How long a venue may go on waiting for what never comes, after it was told to stop or its short limit has passed, repetitions
   * included; real milliseconds. @default 15000
   */
  readonly patienceMs?: number
  /** The venue as it is made for real money. Nothing is asked of it. @default not checked */
  real?(): AnyVenue | Promise<AnyVenue>
}
