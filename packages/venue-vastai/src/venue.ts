import {
  type CallOptions,
  type Clock,
  type ExecuteOptions,
  type Holding,
  type Intent,
  InvalidInputError,
  type Observation,
  type Receipt,
  type Reconciliation,
  type Store,
  systemClock,
  type Venue,
} from '@org/core'
import { vastAiActions } from './actions/action-map.ts'
import { listingImpact } from './actions/listing-impact.ts'
import { type MachineView, peerKindOf } from './actions/machine-view.ts'
import type { EarningsView, VastAiQueries } from './actions/queries.ts'
import type { VastAiClientOptions } from './client/client-options.ts'
import { VastAiClient } from './client/vast-ai-client.ts'
import { findGpuModel } from './gpu/gpu-model.ts'
import { checkOwnOffers } from './market/absurd-prices.ts'
import { learnHostShare } from './market/host-share.ts'
import { storedMarketMemory } from './market/market-memory.ts'
import type { MarketRate } from './market/market-rate.ts'
import { MarketWatch } from './market/market-watch.ts'
import type { PeerKind } from './market/peer-choice.ts'
import type { HostShare } from './market/price.ts'
import { allHoldings } from './venue/all-holdings.ts'
import { execute } from './venue/execute.ts'
import type { Hands } from './venue/hands.ts'
import { OwnMachines } from './venue/own-machines.ts'
import { parseQuery } from './venue/query-schemas.ts'
import { reconcile } from './venue/reconcile.ts'
import { searchMarket } from './venue/search-market.ts'

export type VastAiVenueOptions = {
  readonly id?: string
  /** Where it remembers what searches have shown, so that a restart sees the market as before. @default nowhere */
  readonly store?: Pick<Store, 'loadState' | 'saveState'>
} & (
  | { readonly client: VastAiClient; readonly clock?: Clock }
  | (VastAiClientOptions & { readonly client?: undefined })
)

/** A market rate in the short form: renter USD per GPU-hour. */
export interface MarketPrices {
  readonly median: number
  readonly min: number
  readonly max: number
  /** Machines it rests on. */
  readonly count: number
}

/**
 * Vast.ai as a venue: what comparable machines ask, one's own machines and instances, and the actions of a host and a renter.
 *
 * @example
 * await using venue = new VastAiVenue({ apiKey: process.env['VAST_AI_API_KEY'] })
 * const rate = await venue.getMarketRate('RTX 4090')
 * console.log(rate.renter.median, rate.host.median, rate.machinesCounted)
 */
export class VastAiVenue implements Venue<VastAiQueries>, AsyncDisposable {
  readonly id: string
  readonly domain = 'gpu'
  readonly actions = vastAiActions
  /** True unless its client speaks to a simulator on this machine. */
  readonly isReal: boolean
  readonly client: VastAiClient
  readonly #ownsClient: boolean
  readonly #clock: Clock
  readonly #machines: OwnMachines
  readonly #market: MarketWatch
  readonly #hands: Hands
  readonly #toldUnseen = new Set<string>()
  #share: HostShare | undefined

  constructor(options: VastAiVenueOptions) {
    this.id = options.id ?? 'vastai'
    this.#clock = options.clock ?? systemClock
    this.#ownsClient = options.client === undefined
    this.client = options.client ?? new VastAiClient(options)
    this.isReal = !this.client.isLocal
    this.#machines = new OwnMachines(this.client, this.#clock)
    const search = searchMarket(this.client, this.#clock)
    this.#market = new MarketWatch({
      clock: this.#clock,
      search: async (question, callOptions) => {
        const sample = await search(question, callOptions)
        checkOwnOffers(this.#machines.listed, sample.offers)
        this.#share = learnHostShare(this.#machines.listed, sample.offers) ?? this.#share
        return sample
      },
      memory: options.store === undefined ? undefined : storedMarketMemory(options.store, this.id, this.#clock),
      share: () => this.#share,
      onRecalled: share => {
        this.#share = share
      },
    })
    this.#hands = { client: this.client, machines: this.#machines, clock: this.#clock }
  }

  /** @throws {VastAiError} when Vast.ai cannot be reached or refuses the key. */
  async connect(options: CallOptions = {}): Promise<void> {
    await this.#machines.ids(options)
  }

  async close(): Promise<void> {
    if (this.#ownsClient) await this.client.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /**
   * What comparable machines of other hosts ask, in renter and in host terms.
   *
   * @param options.like One of one's own machines: machines like it are compared.
   * @throws {MarketError} `TOO_FEW_PEERS`, `STALE_MARKET`, `ABSURD_PRICES`: decide nothing.
   * @throws {InvalidInputError} for an unknown model, with the nearest known names; `INVALID_QUERY` for a machine of another model.
   */
  async getMarketRate(
    model: string,
    options: CallOptions & { readonly like?: MachineView | Omit<PeerKind, 'model'> } = {},
  ): Promise<MarketRate> {
    const { like, signal } = options
    const kind = await this.#kindOf(model, like, signal)
    const ownMachineIds = await this.#machines.ids({ signal })
    return this.#market.rate({ kind, ownMachineIds }, { signal })
  }

  /** The market rate in the short form of renters. */
  async getMarketPrices(model: string, options: CallOptions = {}): Promise<MarketPrices> {
    const { renter, machinesCounted } = await this.getMarketRate(model, options)
    return { median: renter.median, min: renter.min, max: renter.max, count: machinesCounted }
  }

  async observe<Kind extends keyof VastAiQueries & string>(
    kind: Kind,
    query: VastAiQueries[Kind]['query'],
    options: CallOptions = {},
  ): Promise<Observation<VastAiQueries[Kind]['result']>> {
    const answer = await this.#answer(kind, query, options)
    return answer as Observation<VastAiQueries[Kind]['result']>
  }

  /**
   * Listings and contracts on own machines, and own instances. `source` names what was looked at; what the key may not read is missing and
   * a warning names the permission group, once.
   *
   * @throws {VastAiPermissionError} when the key may read neither.
   */
  async holdings(options: CallOptions = {}): Promise<Observation<readonly Holding[]>> {
    const { holdings, seen, unseen } = await allHoldings(this.#hands, options)
    for (const line of unseen)
      if (!this.#toldUnseen.has(line)) {
        this.#toldUnseen.add(line)
        this.client.logger.warn({ code: 'VASTAI_PERMISSION' }, line)
      }
    return this.#observed(holdings, seen)
  }

  async execute(intent: Intent, options: ExecuteOptions): Promise<Receipt> {
    return execute(this.#hands, intent, options)
  }

  async reconcile(intent: Intent, options: ExecuteOptions): Promise<Reconciliation> {
    return reconcile(this.#hands, intent, options)
  }

  async #answer(kind: keyof VastAiQueries, query: unknown, options: CallOptions): Promise<Observation<unknown>> {
    switch (kind) {
      case 'market-rate': {
        const { model, like } = parseQuery(kind, query)
        const peers =
          like !== undefined && 'machineId' in like ? await this.#machines.recent(like.machineId, options) : like
        const rate = await this.getMarketRate(model, { ...options, ...(peers === undefined ? {} : { like: peers }) })
        return { value: rate, asOf: rate.asOf, source: `${this.id}:bundles` }
      }
      case 'machines':
        parseQuery(kind, query)
        return this.#observed(await this.#machines.list(options), 'machines')
      case 'machine':
        return this.#observed(await this.#machines.get(parseQuery(kind, query).machineId, options), 'machines')
      case 'earnings': {
        const { fromDay, toDay, machineId } = parseQuery(kind, query)
        const { per_machine: rows } = await this.client.earnings.get({ fromDay, toDay, machineId }, options)
        const machines = rows.map(row => ({
          machineId: row.machine_id,
          gpu: row.gpu_earn,
          storage: row.sto_earn,
          upload: row.bwu_earn,
          download: row.bwd_earn,
          total: row.gpu_earn + row.sto_earn + row.bwu_earn + row.bwd_earn,
        }))
        return this.#observed({ fromDay, toDay, machines } satisfies EarningsView, 'machine-earnings')
      }
      case 'listing-impact': {
        const { machineId, terms } = parseQuery(kind, query)
        return this.#observed(listingImpact(await this.#machines.get(machineId, options), terms), 'machines')
      }
      default:
        return parseQuery(kind, query)
    }
  }

  async #kindOf(
    model: string,
    like: MachineView | Omit<PeerKind, 'model'> | undefined,
    signal: AbortSignal | undefined,
  ): Promise<PeerKind> {
    if (like === undefined || !('machineId' in like)) return { ...like, model: await this.#modelOf(model, signal) }
    if (like.model !== model && like.model !== (await this.#modelOf(model, signal)))
      throw new InvalidInputError({
        code: 'INVALID_QUERY',
        message: `question market-rate: machine ${like.machineId} holds ${like.model}, but the price of ${model} was asked`,
      })
    return peerKindOf(like)
  }

  /** The name with underscores. A model that is newer than this package is looked for in Vast.ai's own list. */
  async #modelOf(name: string, signal: AbortSignal | undefined): Promise<string> {
    return findGpuModel(name)?.model ?? (await this.client.gpuNames.resolve(name, { signal })).replaceAll(' ', '_')
  }

  #observed<Value>(value: Value, answer: string): Observation<Value> {
    return { value, asOf: this.#clock.now(), source: `${this.id}:${answer}` }
  }
}
