import { AutomationError, type CallOptions, type Clock } from '@org/core'
import { type BelievedMedian, believeSample } from './absurd-prices.ts'
import { MarketError } from './market-error.ts'
import { type MarketMemory, noMarketMemory, type Width, watchedMarketSchema, widthSchema } from './market-memory.ts'
import type { MarketSample } from './market-offer.ts'
import type { MarketRate } from './market-rate.ts'
import { SamplePool } from './merge-samples.ts'
import { type PeerKind, peerKindKey, type Verification } from './peer-choice.ts'
import type { HostShare } from './price.ts'
import { type RateOptions, rateOfPool } from './rate.ts'

/** What is asked of the market in one search. */
export interface MarketSearch {
  /** Name with underscores. */
  readonly model: string
  /** Only chunks of this many GPUs. */
  readonly gpus?: number | undefined
  /** Only machines with at least this many GPUs. */
  readonly machineGpusMin?: number | undefined
  readonly verification?: Verification | undefined
}

/** Whose market rate is asked for. */
export type MarketQuestion = Pick<RateOptions, 'kind' | 'ownMachineIds'>

/** One search of all offers, free and taken, on-demand prices. */
export type SearchMarket = (search: MarketSearch, options: CallOptions) => Promise<MarketSample>

/** How the market is watched. */
export interface MarketWatchSettings {
  /** Fewer peers than this are no market. @default 5 */
  readonly peersMin: number
  /** Above the search's limit, searches are repeated until this many peers are known. @default 24 */
  readonly peersWanted: number
  /** Searches of one question at most. @default 6 */
  readonly searchesMax: number
  /** Samples younger than this are merged. @default 30 minutes */
  readonly windowMs: number
  /**
   * A question asked again within this time is answered without a search and says how old its prices are: in a quarter of an hour
   * less than 1 % of asks change. @default 14 minutes, so that of scans every 5 minutes each third one searches
   */
  readonly freshMs: number
  /** When searching fails, prices up to this age still answer. @default 20 minutes */
  readonly staleMs: number
}

export const marketWatchDefaults: MarketWatchSettings = {
  peersMin: 5,
  peersWanted: 24,
  searchesMax: 6,
  windowMs: 1_800_000,
  freshMs: 840_000,
  staleMs: 1_200_000,
}

/** Kinds of machines that are remembered at one time; the one unused for longest goes first. */
export const watchedKindsMax = 512
/** Where a sample brings fewer new machines than this part of its rows, more samples would not tell more. */
const newMachinesShareMin = 0.1
/** After this time it is tried again whether there are enough peers of the exact kind. */
const narrowAgainMs = 3_600_000

interface Watched {
  readonly pool: SamplePool
  believed: BelievedMedian | undefined
  refreshes: number
  running: Promise<void> | undefined
}

/**
 * Keeps what searches have shown of the market, so that at most one more search is enough for an answer, however many machines ask.
 *
 * @example
 * const watch = new MarketWatch({ search, clock })
 * const rate = await watch.rate({ kind: { model: 'RTX_4090', gpus: 1, verification: 'verified' } })
 */
export class MarketWatch {
  readonly #search: SearchMarket
  readonly #clock: Clock
  readonly #settings: MarketWatchSettings
  readonly #memory: MarketMemory
  readonly #share: () => HostShare | undefined
  readonly #onRecalled: (share: HostShare) => void
  readonly #watched = new Map<string, Watched>()
  /** How far the search had to be widened for a kind. */
  readonly #widths = new Map<string, Width>()

  /**
   * @param options.share The host's part as the newest search told; `undefined`: nothing tells yet. Kept with what is remembered.
   * @param options.onRecalled Told of the host's part that was remembered.
   */
  constructor(options: {
    readonly search: SearchMarket
    readonly clock: Clock
    readonly settings?: Partial<MarketWatchSettings>
    readonly memory?: MarketMemory | undefined
    readonly share?: () => HostShare | undefined
    readonly onRecalled?: (share: HostShare) => void
  }) {
    this.#search = options.search
    this.#clock = options.clock
    this.#memory = options.memory ?? noMarketMemory
    this.#share = options.share ?? (() => undefined)
    this.#onRecalled = options.onRecalled ?? (() => {})
    this.#settings = { ...marketWatchDefaults, ...options.settings }
  }

  /**
   * The market rate of a kind of machine, after one search at most as a rule; `asOf` says when the newest price was seen.
   *
   * @throws {MarketError} `TOO_FEW_PEERS`, `STALE_MARKET`, `ABSURD_PRICES`
   */
  async rate(question: MarketQuestion, options: CallOptions = {}): Promise<MarketRate> {
    const key = peerKindKey(question.kind)
    const searches = widenings(question.kind)
    let steps = await this.#rememberedSteps(key, searches.length)
    for (;;) {
      const search = searches[steps]
      if (search === undefined) throw new RangeError(`no search of width ${steps}`)
      try {
        const rate = await this.#rateOf(search, question, options)
        if (steps > 0 && !this.#widths.has(key)) {
          const width = { steps, until: this.#clock.now() + narrowAgainMs }
          remember(this.#widths, key, width)
          await this.#memory.keep(widthKey(key), width)
        }
        return rate
      } catch (error) {
        const tooFew = error instanceof MarketError && error.code === 'TOO_FEW_PEERS'
        if (!tooFew || steps === searches.length - 1) throw error
        steps++
        this.#widths.delete(key)
      }
    }
  }

  async #rateOf(search: MarketSearch, question: MarketQuestion, options: CallOptions): Promise<MarketRate> {
    const { peersMin, peersWanted, staleMs } = this.#settings
    const watched = await this.#watch(search)
    const isEnough = (): boolean => watched.pool.machines.size >= peersWanted
    const failure = await this.#refresh(watched, search, isEnough, options)
    const share = this.#share()
    const known = share === undefined ? {} : { share, shareSource: 'own-offer' as const }
    const rate = rateOfPool(watched.pool, { ...question, ...known, peersMin })
    if (failure !== undefined && this.#clock.now() - rate.asOf > staleMs)
      throw new MarketError({
        code: 'STALE_MARKET',
        message: `the newest price of ${search.model} is ${minutes(this.#clock.now() - rate.asOf)} old and searching fails: ${failure.shortMessage}`,
        cause: failure,
      })
    return rate
  }

  /** Searches unless that was done just now. @returns A failure that older samples may stand in for. */
  async #refresh(
    watched: Watched,
    search: MarketSearch,
    isEnough: () => boolean,
    options: CallOptions,
  ): Promise<AutomationError | undefined> {
    try {
      // Whoever asks while a search runs shares it; when its starter gave up, the next in line searches himself.
      while (watched.running !== undefined) {
        const shared = await watched.running.then(
          () => true,
          error => {
            if (AutomationError.isInstance(error) && error.code === 'ABORTED' && options.signal?.aborted !== true)
              return false
            throw error
          },
        )
        if (shared) return undefined
      }
      watched.running = this.#sample(watched, search, isEnough, options).finally(() => {
        watched.running = undefined
      })
      await watched.running
      return undefined
    } catch (error) {
      if (AutomationError.isInstance(error) && error.retryable && watched.pool.samples > 0) return error
      throw error
    }
  }

  async #sample(watched: Watched, search: MarketSearch, isEnough: () => boolean, options: CallOptions): Promise<void> {
    const { freshMs, windowMs, searchesMax } = this.#settings
    const { pool } = watched
    const { newestAt } = pool
    const now = this.#clock.now()
    if (newestAt !== undefined && now - newestAt < freshMs) return
    pool.forgetBefore(now - windowMs)
    const turn = watched.refreshes
    // Whether a machine of several GPUs is partly rented shows in its single GPUs: every second search looks at those.
    const hasParts = (search.gpus ?? 1) > 1
    if (!hasParts || turn % 2 === 0)
      for (let searches = 0; searches < searchesMax; searches++) {
        const sample = await this.#believable(watched, search, options)
        const added = pool.merge({ ...sample, gpus: search.gpus })
        if (!sample.truncated || isEnough() || added < sample.offers.length * newMachinesShareMin) break
      }
    if (hasParts && (turn % 2 === 1 || turn === 0)) {
      const { gpus, ...rest } = search
      const sample = await this.#believable(watched, { ...rest, gpus: 1, machineGpusMin: gpus }, options)
      pool.merge({ ...sample, gpus: 1 })
    }
    watched.refreshes++
    const { believed, refreshes } = watched
    await this.#memory.keep(searchKey(search), { ...pool.remembered(), refreshes, believed, share: this.#share() })
  }

  async #believable(watched: Watched, search: MarketSearch, options: CallOptions): Promise<MarketSample> {
    const sample = await this.#search(search, options)
    watched.believed = believeSample(search.model, sample.offers, sample.takenAt, watched.believed)
    return sample
  }

  async #watch(search: MarketSearch): Promise<Watched> {
    const key = searchKey(search)
    const recalled = this.#watched.has(key) ? undefined : await this.#recall(key)
    // Whoever asked meanwhile may have come first.
    const known = this.#watched.get(key) ?? recalled
    // A clock that was set back would make every sample look as if it came from the future: begin anew.
    const isUsable = known !== undefined && (known.pool.newestAt ?? 0) <= this.#clock.now()
    const watched = isUsable ? known : { pool: new SamplePool(), believed: undefined, refreshes: 0, running: undefined }
    remember(this.#watched, key, watched)
    return watched
  }

  /** What an earlier process saw of it. */
  async #recall(key: string): Promise<Watched | undefined> {
    const kept = await this.#memory.recall(key, watchedMarketSchema)
    if (kept === undefined) return undefined
    if (kept.share !== undefined && this.#share() === undefined) this.#onRecalled(kept.share)
    return { pool: SamplePool.of(kept), believed: kept.believed, refreshes: kept.refreshes, running: undefined }
  }

  async #rememberedSteps(key: string, widths: number): Promise<number> {
    const width = this.#widths.get(key) ?? (await this.#memory.recall(widthKey(key), widthSchema))
    if (width === undefined) return 0
    if (width.until > this.#clock.now()) {
      if (!this.#widths.has(key)) remember(this.#widths, key, width)
      return Math.min(width.steps, widths - 1)
    }
    this.#widths.delete(key)
    return 0
  }
}

function searchKey({ model, gpus, verification }: MarketSearch): string {
  return JSON.stringify([model, gpus, verification])
}

function widthKey(kindKey: string): string {
  return `width:${kindKey}`
}

/** The searches that may answer for a kind, the narrowest first; each holds all that the one before it holds. */
function widenings(kind: PeerKind): readonly MarketSearch[] {
  const { model, gpus, verification } = kind
  const searches: MarketSearch[] = [{ model, gpus, verification }]
  if (gpus !== undefined) searches.push({ model, verification })
  if (verification !== undefined) searches.push({ model })
  return searches
}

/** Puts an entry last and drops the first ones beyond the limit: the map's order is the order of use. */
function remember<Value>(entries: Map<string, Value>, key: string, value: Value): void {
  entries.delete(key)
  entries.set(key, value)
  for (const oldest of entries.keys()) {
    if (entries.size <= watchedKindsMax) break
    entries.delete(oldest)
  }
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`
}
