import type { AnyVenue, AutomationError, Intent, Observation } from '@org/core'

/** The market under test as strategies and gate see it: every call is counted, and looks can be made to fail or to be old. */
export interface WatchedVenue extends AnyVenue {
  /** Questions, holdings included. */
  readonly looks: number
  /** What was carried out, in order, by whoever called the market. */
  readonly executed: readonly Intent[]
  /** While set, every look fails with it. */
  lookTrouble: AutomationError | undefined
  /** While set, nothing is carried out and the market says this. */
  actTrouble: AutomationError | undefined
  /** What it shows is older by so much, milliseconds: every `asOf`, at any depth. */
  agedMs: number
}

/** Watches `venue`, whose own `execute` is watched too: who comes by a side door is seen. */
export function watchedVenue(venue: AnyVenue): WatchedVenue {
  const executed: Intent[] = []
  let looks = 0
  const look = async <Value>(ask: () => Promise<Observation<Value>>): Promise<Observation<Value>> => {
    looks++
    if (watched.lookTrouble !== undefined) throw watched.lookTrouble
    const seen = await ask()
    return watched.agedMs === 0 ? seen : (aged(seen, watched.agedMs) as Observation<Value>)
  }
  const act = venue.execute.bind(venue)
  venue.execute = async (intent, options) => {
    executed.push(intent)
    if (watched.actTrouble !== undefined) throw watched.actTrouble
    return act(intent, options)
  }
  const watched: WatchedVenue = {
    id: venue.id,
    domain: venue.domain,
    actions: venue.actions,
    lookTrouble: undefined,
    actTrouble: undefined,
    agedMs: 0,
    executed,
    get looks() {
      return looks
    },
    connect: options => venue.connect(options),
    observe: (kind, query, options) => look(() => venue.observe(kind, query, options)),
    holdings: options => look(() => venue.holdings(options)),
    execute: (intent, options) => venue.execute(intent, options),
    reconcile: (intent, options) => venue.reconcile(intent, options),
    close: () => venue.close(),
  }
  return watched
}

function aged(value: unknown, byMs: number): unknown {
  if (Array.isArray(value)) return value.map(item => aged(item, byMs))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === 'asOf' && typeof item === 'number' ? item - byMs : aged(item, byMs),
    ]),
  )
}
