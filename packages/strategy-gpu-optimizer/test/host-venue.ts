import {
  AutomationError,
  type Clock,
  type Holding,
  type Intent,
  type Observation,
  type Receipt,
  type Reconciliation,
  type Venue,
} from '@org/core'
import {
  differingTerms,
  type ListingTerms,
  type MachineView,
  type MarketRate,
  type UnlistParams,
  type VastAiQueries,
  vastAiActions,
  type WriteListingParams,
} from '@org/venue-vastai/actions'
import { sampleRate } from './sample-market.ts'

/** A venue whose machines, market and books a test writes by hand, and which does what it is asked. */
export class HostVenue implements Venue<VastAiQueries> {
  readonly id = 'vastai'
  readonly domain = 'gpu'
  readonly actions = vastAiActions
  readonly machines = new Map<number, MachineView>()
  /** What the books credit each machine since the beginning of time, USD; `undefined`: they cannot be read. */
  books: Map<number, number> | undefined = new Map()
  /** The market's answer to each kind of question. */
  rateFor: (model: string) => MarketRate = model => sampleRate({ model, asOf: this.#clock.now() })
  /** While set, every look fails with it. */
  trouble: AutomationError | undefined
  /** While set, every write ends with it. */
  writeTrouble: AutomationError | undefined
  readonly asked: string[] = []
  /** First days of the books that were asked for, days since 1970-01-01 UTC. */
  readonly booksAskedFrom: number[] = []
  readonly written: { readonly action: string; readonly machineId: number; readonly terms: ListingTerms | null }[] = []
  readonly #clock: Clock

  constructor(clock: Clock, machines: readonly MachineView[]) {
    this.#clock = clock
    for (const machine of machines) this.machines.set(machine.machineId, machine)
  }

  async connect(): Promise<void> {
    if (this.trouble !== undefined) throw this.trouble
  }
  async close(): Promise<void> {}

  /** How often a question was asked. */
  count(kind: string): number {
    return this.asked.filter(asked => asked === kind).length
  }

  /** Somebody (a renter, the host by hand, a fault) changes what the market shows of a machine. */
  change(machineId: number, change: Partial<MachineView>): void {
    const machine = this.machines.get(machineId)
    if (machine !== undefined) this.machines.set(machineId, { ...machine, ...change })
  }

  /** Clients hold so many of its GPUs from now on. */
  rent(machineId: number, gpus: number): void {
    const numGpus = this.machines.get(machineId)?.numGpus ?? 0
    this.change(machineId, {
      occupancy: { onDemand: gpus, reserved: 0, interruptible: 0, free: numGpus - gpus },
      rentals: { running: gpus, runningOnDemand: gpus, runningReserved: 0, resident: gpus },
    })
  }

  async observe<Kind extends keyof VastAiQueries & string>(
    kind: Kind,
    query: VastAiQueries[Kind]['query'],
  ): Promise<Observation<VastAiQueries[Kind]['result']>> {
    this.asked.push(kind)
    if (this.trouble !== undefined) throw this.trouble
    const value = this.#answer(kind, query) as VastAiQueries[Kind]['result']
    return { value, asOf: this.#clock.now(), source: `vastai:${kind}` }
  }

  async holdings(): Promise<Observation<readonly Holding[]>> {
    return { value: [], asOf: this.#clock.now(), source: 'vastai:machines' }
  }

  async execute(intent: Intent): Promise<Receipt> {
    if (this.writeTrouble?.effect === 'none') throw this.writeTrouble
    const { machineId } = intent.params as UnlistParams
    if (intent.action === 'unlist') {
      this.#put(intent.action, machineId, null)
    } else {
      const { terms, expected } = intent.params as WriteListingParams
      const actual = this.machines.get(machineId)?.listing ?? null
      const isExpected =
        expected === null || actual === null ? expected === actual : differingTerms(expected, actual).length === 0
      if (!isExpected)
        throw new AutomationError({
          code: 'LISTING_CHANGED',
          message: `machine ${machineId}: somebody changed the listing meanwhile`,
        })
      this.#put(intent.action, machineId, terms)
    }
    if (this.writeTrouble !== undefined) throw this.writeTrouble
    return { intentId: intent.id, at: this.#clock.now(), postings: nothing(intent) }
  }

  async reconcile(): Promise<Reconciliation> {
    return { status: 'unknown', reason: 'not asked' }
  }

  #put(action: string, machineId: number, terms: ListingTerms | null): void {
    this.written.push({ action, machineId, terms })
    this.change(machineId, { listed: terms !== null, listing: terms ?? undefined })
  }

  #answer(kind: string, query: unknown): unknown {
    switch (kind) {
      case 'machines':
        return [...this.machines.values()].map(machine => ({ ...machine, asOf: this.#clock.now() }))
      case 'market-rate':
        return this.rateFor((query as { readonly model: string }).model)
      case 'earnings': {
        this.booksAskedFrom.push((query as VastAiQueries['earnings']['query']).fromDay)
        if (this.books === undefined)
          throw new AutomationError({ code: 'VASTAI_PERMISSION', message: 'the key may not read earnings' })
        const machines = [...this.books].map(([machineId, total]) => ({
          machineId,
          gpu: total,
          storage: 0,
          upload: 0,
          download: 0,
          total,
        }))
        return { fromDay: 0, toDay: 0, machines }
      }
      default:
        throw new Error(`nobody asks ${kind}`)
    }
  }
}

/** A listing costs nothing to write. */
function nothing(intent: Intent) {
  return intent.effects.filter(effect => effect.measure !== 'count').map(({ measure }) => ({ measure, amount: 0 }))
}
