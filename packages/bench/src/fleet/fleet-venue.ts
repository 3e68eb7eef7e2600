import {
  type Clock,
  type Holding,
  InvalidInputError,
  type Observation,
  type Receipt,
  type Reconciliation,
  type Venue,
} from '@org/core'
import {
  assumedHostShare,
  type HostPrice,
  hostPrice,
  hostToRenter,
  type MachineView,
  type MarketRate,
  type PriceBand,
  type RenterPrice,
  type VastAiQueries,
  vastAiActions,
} from '@org/venue-vastai/actions'

/** A venue of many machines that answers at once: what is left of a scan's time is the optimiser's own. */
export class FleetVenue implements Venue<VastAiQueries> {
  readonly id = 'vastai'
  readonly domain = 'gpu'
  readonly actions = vastAiActions
  /** Questions asked so far, by kind. */
  readonly asked: Record<string, number> = {}
  readonly #clock: Clock
  readonly #machines: readonly MachineView[]
  readonly #rate: MarketRate

  constructor(clock: Clock, machines: readonly MachineView[]) {
    this.#clock = clock
    this.#machines = machines
    this.#rate = marketRate(clock.now())
  }

  async connect(): Promise<void> {}
  async close(): Promise<void> {}

  async observe<Kind extends keyof VastAiQueries & string>(
    kind: Kind,
    query: VastAiQueries[Kind]['query'],
  ): Promise<Observation<VastAiQueries[Kind]['result']>> {
    this.asked[kind] = (this.asked[kind] ?? 0) + 1
    const asOf = this.#clock.now()
    const value = this.#answer(kind, query, asOf) as VastAiQueries[Kind]['result']
    return { value, asOf, source: `fleet:${kind}` }
  }

  #answer(kind: keyof VastAiQueries, query: unknown, asOf: number): unknown {
    if (kind === 'machines') return this.#machines.map(machine => ({ ...machine, asOf }))
    if (kind === 'market-rate') return { ...this.#rate, model: (query as { readonly model: string }).model, asOf }
    return { fromDay: 0, toDay: 0, machines: [] }
  }

  async holdings(): Promise<Observation<readonly Holding[]>> {
    return { value: [], asOf: this.#clock.now(), source: 'fleet' }
  }

  execute(): Promise<Receipt> {
    return Promise.reject(new InvalidInputError({ message: 'this fleet is only looked at' }))
  }

  async reconcile(): Promise<Reconciliation> {
    return { status: 'not-done' }
  }
}

function marketRate(asOf: number): MarketRate {
  const host = band(factor => hostPrice(0.3 * factor))
  const renter: PriceBand<RenterPrice> = band(factor => hostToRenter(hostPrice(0.3 * factor), assumedHostShare))
  const both = { host: host satisfies PriceBand<HostPrice>, renter }
  return {
    model: '',
    asOf,
    oldestAsOf: asOf,
    ...both,
    idle: both,
    rented: both,
    machinesCounted: 40,
    gpusCounted: 40,
    rentedShare: 0.8,
    idleGpus: 8,
    share: assumedHostShare,
    shareSource: 'assumed',
    like: { kind: { model: '' }, relaxed: [] },
    samples: 1,
    truncated: false,
    leftOut: { own: 0, withoutPrice: 0, outliers: 0, unlike: 0 },
  }
}

function band<Price extends HostPrice | RenterPrice>(at: (factor: number) => Price): PriceBand<Price> {
  return {
    min: at(0.6),
    p10: at(0.7),
    p25: at(0.85),
    median: at(1),
    p75: at(1.2),
    p90: at(1.5),
    max: at(2),
    machines: 40,
  }
}
