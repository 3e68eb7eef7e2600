import type { AnyVenue, AutomationError, Intent, Observation } from '@org/core'

/** The venues under test as strategies and gate see them: every call is counted, and looks can be made to fail or to be old. */
export class WatchedVenues {
  readonly all: readonly AnyVenue[]
  /** What was carried out, in order, by whoever called a venue. */
  readonly executed: Intent[] = []
  /** While set, every look fails with it. */
  lookTrouble: AutomationError | undefined
  /** While set, nothing is carried out and the market says this. */
  actTrouble: AutomationError | undefined
  /** What is shown is older by so much, milliseconds: every `asOf`, at any depth. */
  agedMs = 0
  #looks = 0

  constructor(venues: readonly AnyVenue[]) {
    this.all = venues.map(venue => this.#watch(venue))
  }

  /** Questions, holdings included. */
  get looks(): number {
    return this.#looks
  }

  /** What was carried out and may add risk. */
  get risky(): readonly Intent[] {
    return this.executed.filter(({ reduces }) => !reduces)
  }

  /** The venue's own `execute` is watched: who comes by a side door is seen as well. */
  #watch(venue: AnyVenue): AnyVenue {
    const act = venue.execute.bind(venue)
    venue.execute = async (intent, options) => {
      this.executed.push(intent)
      if (this.actTrouble !== undefined) throw this.actTrouble
      return act(intent, options)
    }
    return {
      id: venue.id,
      domain: venue.domain,
      actions: venue.actions,
      connect: options => venue.connect(options),
      observe: (kind, query, options) => this.#look(() => venue.observe(kind, query, options)),
      holdings: options => this.#look(() => venue.holdings(options)),
      execute: (intent, options) => venue.execute(intent, options),
      reconcile: (intent, options) => venue.reconcile(intent, options),
      close: () => venue.close(),
    }
  }

  async #look<Value>(ask: () => Promise<Observation<Value>>): Promise<Observation<Value>> {
    this.#looks++
    if (this.lookTrouble !== undefined) throw this.lookTrouble
    const seen = await ask()
    return this.agedMs === 0 ? seen : (aged(seen, this.agedMs) as Observation<Value>)
  }
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
