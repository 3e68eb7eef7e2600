import type { Intent } from '../intent/intent.ts'
import type { Receipt } from '../intent/receipt.ts'
import type { ActionMap } from './action.ts'
import type { Holding } from './holding.ts'
import type { Observation } from './observation.ts'

/** The questions a venue answers: name → what is asked, what comes back. Written as a `type`, not an `interface`. */
export type QueryMap = { readonly [kind: string]: { readonly query: unknown; readonly result: unknown } }

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

export interface ExecuteOptions extends CallOptions {
  /** Travels with the request or can be searched for, so that the intent happens at most once. */
  readonly idempotencyKey: string
}

/** What became of an intent whose answer never came. */
export type Reconciliation =
  | { readonly status: 'done'; readonly receipt: Receipt }
  | { readonly status: 'not-done' }
  /** The venue cannot tell yet; the reservation stays and it is asked again. */
  | { readonly status: 'unknown'; readonly reason: string }

/** The half of a venue that looks and cannot act, whatever it can be asked. */
export interface AnyVenueReader {
  readonly id: string
  /** The trade it belongs to, for example `gpu`; budgets may be scoped by it. */
  readonly domain: string
  observe(kind: string, query: unknown, options?: CallOptions): Promise<Observation<unknown>>
  /** Everything that would cost money if we vanished now. */
  holdings(options?: CallOptions): Promise<Observation<readonly Holding[]>>
}

/** The half of a venue that looks and cannot act: all that strategies ever see. */
export interface VenueReader<Queries extends QueryMap> extends Omit<AnyVenueReader, 'observe'> {
  observe<K extends keyof Queries & string>(
    kind: K,
    query: Queries[K]['query'],
    options?: CallOptions,
  ): Promise<Observation<Queries[K]['result']>>
}

/** The half of a venue that acts. Only the gate holds it. */
export interface VenueHands {
  /**
   * True where acting spends real money: the mode `simulated` refuses such a venue. One that does not say counts as a stand-in.
   *
   * @default false
   */
  readonly isReal?: boolean
  readonly actions: ActionMap
  /** Checks credentials and reachability. @throws AutomationError with one line that says what to do. */
  connect(options?: CallOptions): Promise<void>
  /**
   * Carries out an intent that the gate has reserved and written down. Ends in bounded time, by the adapter's own limits: while it hangs,
   * nobody can say what became of the intent, and its strategy waits.
   *
   * @throws AutomationError `effect: 'none'` releases the reservation; `'unknown'` keeps it until {@link VenueHands.reconcile} knows.
   */
  execute(intent: Intent, options: ExecuteOptions): Promise<Receipt>
  /** Looks up by its key what became of an intent; changes nothing. */
  reconcile(intent: Intent, options: ExecuteOptions): Promise<Reconciliation>
  close(): Promise<void>
}

/** Any market, as the engine and the gate handle it. */
export interface AnyVenue extends AnyVenueReader, VenueHands {}

/**
 * A market: it is observed, and acted upon by the gate alone.
 *
 * Errors are `AutomationError`s whose `effect` says whether the side effect may have happened; the gate decides by that and by
 * nothing else. It takes everything else that is thrown, an `InvalidInputError` too, for `unknown`.
 *
 * @example
 * const rate = await venue.observe('market-rate', { model: 'RTX_4090' })
 * console.log(rate.value.median, new Date(rate.asOf))
 */
export interface Venue<Queries extends QueryMap> extends VenueReader<Queries>, VenueHands {}
