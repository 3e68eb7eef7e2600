import { type AnyVenue, AutomationError, type AutomationErrorOptions } from '@org/core'
import type { VenueEnvironment, VenueSubject } from '@org/testkit'
import { LemonClient, type LemonClientOptions } from './lemon-client.ts'
import { LemonError } from './lemon-error.ts'
import { lemonFixtures } from './lemon-fixtures.ts'
import type { LemonMarket } from './lemon-market.ts'
import { LemonVenue } from './lemon-venue.ts'

export type Broken = VenueSubject<LemonMarket>

/** What never ends is told sooner than by default. */
const impatient = { ...lemonFixtures, patienceMs: 2000, shortTimeoutMs: 50 }

/** Fixtures that say something else. */
export function fixturesThat(change: Partial<Broken>): Broken {
  return { ...impatient, ...change }
}

/** A venue that does something else than the sound one, which is handed in. */
export function venueThat(
  change: (sound: AnyVenue, environment: VenueEnvironment<LemonMarket>, client: LemonClient) => Partial<AnyVenue>,
  Client: typeof LemonClient = LemonClient,
): Broken {
  return {
    ...impatient,
    create(environment) {
      const options = { ...environment, apiKey: environment.market.apiKey }
      const client = new Client(options)
      const venue: AnyVenue = new LemonVenue(options, client)
      const sound: AnyVenue = {
        id: venue.id,
        domain: venue.domain,
        isReal: venue.isReal ?? false,
        actions: venue.actions,
        connect: callOptions => venue.connect(callOptions),
        observe: (kind, query, callOptions) => venue.observe(kind, query, callOptions),
        holdings: callOptions => venue.holdings(callOptions),
        execute: (intent, executeOptions) => venue.execute(intent, executeOptions),
        reconcile: (intent, executeOptions) => venue.reconcile(intent, executeOptions),
        close: () => venue.close(),
      }
      return { ...sound, ...change(sound, environment, client) }
    },
  }
}

/** The sound venue over a client that does something else. */
export function clientThat(Client: new (options: LemonClientOptions) => LemonClient): Broken {
  return venueThat(() => ({}), Client)
}

/** Waits for `work`; an error that `test` accepts is thrown with other properties. */
export async function saying<Value>(
  work: Promise<Value> | (() => Value),
  test: (error: AutomationError) => boolean,
  change: Partial<AutomationErrorOptions>,
): Promise<Value> {
  try {
    return typeof work === 'function' ? work() : await work
  } catch (error) {
    throw AutomationError.isInstance(error) && test(error) ? withChange(error, change) : error
  }
}

/** The same error with other properties. */
export function withChange(error: AutomationError, change: Partial<AutomationErrorOptions>): AutomationError {
  const { code, message, effect, retryable, retryAfterMs, details } = error
  return new LemonError({
    code,
    message,
    effect,
    retryable,
    details,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...change,
  })
}
