import {
  type AnyVenue,
  AutomationError,
  BaseStrategy,
  type ExecutionResult,
  type Logger,
  type Opportunity,
  type RunMode,
  type VenueReader,
} from '@org/core'
import {
  type Balance,
  type Candle,
  type Instrument,
  type OrderView,
  ownResults,
  type Position,
  type Ticker,
  type TickFeed,
  type TradingQueries,
} from '@org/venue-trading/actions'
import { type MomentumParams, parseMomentumConfig } from './config.ts'
import { barMs, decide, type Verdict } from './decide.ts'
import { type Memory, memorySchema, newMemory } from './memory.ts'
import { TickBars } from './tick-bars.ts'
import { Trend } from './trend.ts'

export interface MomentumOptions {
  readonly id?: string
  /** Where it trades: the id of a venue of the engine, or a venue to use on its own. */
  readonly venue: string | AnyVenue
  /** As in `momentumConfigSchema`. */
  readonly config: unknown
  /** On its own: what submitting does. @default 'dry-run' */
  readonly mode?: RunMode
  readonly logger?: Logger
}

/** What is known of one symbol between two looks. */
interface Followed {
  trend: Trend
  readonly bars: TickBars
  instrument: Instrument | undefined
  position: Position | undefined
  openOrders: readonly OrderView[]
  free: string | undefined
  /** Between a decision and the next look at the account nothing more is decided. */
  isAwaited: boolean
  reason: string
}

/** Asked beyond what the averages need, so that they have forgotten how they began. */
const warmUpPeriods = 5
const candlesMax = 1_000

/**
 * Follows trends: buys when the fast average goes up through the slow one, sells when it goes back or the stop is reached; short the other way round
 * where that is allowed. Stops wait at the venue.
 *
 * @example
 * const bot = new MomentumStrategy({ venue: 'paper', config: { customParams: { symbols: ['BTC/USDT'], riskPerTrade: 50, notionalMax: 5_000 } } })
 * const engine = new Engine({ venues: [paper], strategies: [bot], risk, mode: 'simulated' })
 */
export class MomentumStrategy extends BaseStrategy {
  readonly #params: MomentumParams
  readonly #venueId: string
  readonly #barMs: number
  readonly #followed = new Map<string, Followed>()
  #memory: Memory = newMemory

  /** @throws InvalidInputError `INVALID_CONFIG` */
  constructor({ id = 'momentum', venue, config, mode, logger }: MomentumOptions) {
    const parsed = parseMomentumConfig(config)
    super({ id, config: parsed, venue: typeof venue === 'string' ? undefined : venue, mode, logger })
    this.#params = parsed.customParams
    this.#venueId = typeof venue === 'string' ? venue : venue.id
    this.#barMs = barMs(this.#params.timeframe)
    for (const symbol of new Set(this.#params.symbols)) this.#followed.set(symbol, this.#newFollowed())
  }

  /** Why each symbol was left alone, or what was last proposed for it: `no-cross`, `crossed-up`, `stale-candles`, or the code of an error. */
  get reasons(): ReadonlyMap<string, string> {
    return new Map([...this.#followed].map(([symbol, { reason }]) => [symbol, reason]))
  }

  async findOpportunities(): Promise<readonly Opportunity[]> {
    await this.#book()
    const { value: positions } = await this.#venue.observe('positions', { strategyId: this.id })
    const { value: orders } = await this.#venue.observe('open-orders', {})
    const { value: balances } = await this.#venue.observe('balances', {})
    const found: Opportunity[] = []
    const positionOf = new Map(positions.map(position => [position.symbol, position]))
    const ordersOf = Map.groupBy(
      orders.filter(({ strategyId }) => strategyId === this.id),
      ({ symbol }) => symbol,
    )
    for (const [symbol, followed] of this.#followed) {
      followed.position = positionOf.get(symbol)
      followed.openOrders = ordersOf.get(symbol) ?? []
      followed.isAwaited = false
      const opportunity = await this.#look(symbol, followed, balances)
      if (opportunity !== undefined) found.push(opportunity)
    }
    return found
  }

  /**
   * A price as it comes. Bars are made of ticks; one that ends may give an opportunity at once. Needs a scan first, for what is held and what
   * the instrument demands. Costs the same for every tick, however many symbols are followed.
   */
  onTick(tick: Ticker): Opportunity | undefined {
    const followed = this.#followed.get(tick.symbol)
    if (followed === undefined) return undefined
    const ended = followed.bars.update(tick)
    if (ended === undefined || followed.trend.update(ended) === undefined || followed.isAwaited) return undefined
    return this.#decide(followed, tick)
  }

  /**
   * Acts on ticks as they come, beside the scans. Returns the way to stop, which resolves when nothing is under way any more.
   *
   * @example
   * const stop = bot.follow(paper)
   */
  follow(feed: TickFeed): () => Promise<void> {
    let underWay: Promise<unknown> = Promise.resolve()
    const act = async (opportunity: Opportunity): Promise<void> => {
      const isWanted = this.config.enableAutoExecution && (await this.validateOpportunity(opportunity))
      if (isWanted) await this.executeOpportunity(opportunity)
    }
    const stop = feed.subscribe(this.#params.symbols, tick => {
      const opportunity = this.onTick(tick)
      if (opportunity === undefined) return
      underWay = Promise.all([underWay, act(opportunity)]).catch(error =>
        this.context.logger.warn({ symbol: tick.symbol, error: String(error) }, 'acting on a tick failed'),
      )
    })
    return async () => {
      stop()
      await underWay
    }
  }

  override async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
    const followed = this.#followed.get(opportunity.asset ?? '')
    if (followed !== undefined) followed.isAwaited = true
    const result = await super.executeOpportunity(opportunity)
    const isEntry = opportunity.intents.some(({ reduces }) => reduces !== true)
    const mayHold = isEntry && result.results.some(({ status }) => status !== 'rejected' && status !== 'failed')
    const point = followed?.trend.point
    if (mayHold && opportunity.asset !== undefined && point !== undefined) {
      this.#memory = {
        ...this.#memory,
        actedOn: { ...this.#memory.actedOn, [opportunity.asset]: point.openTime },
      }
      await this.context.state.save(this.#memory)
    }
    return result
  }

  protected override async onInitialize(): Promise<void> {
    this.#memory = (await this.context.state.load(memorySchema)) ?? newMemory
  }

  protected override async onShutdown(): Promise<void> {
    await this.#book()
  }

  get #venue(): VenueReader<TradingQueries> {
    return this.context.venue(this.#venueId) as VenueReader<TradingQueries>
  }

  /** What the venue says happened since: booked once, together with how far we are. */
  async #book(): Promise<void> {
    const { bookedSeq } = this.#memory
    const { value: news } = await this.#venue.observe('results', { strategyId: this.id, after: bookedSeq })
    const last = news.at(-1)
    if (last === undefined) return
    const memory = { ...this.#memory, bookedSeq: last.seq }
    await this.context.recordAll(ownResults(this.#venueId, news), memory)
    this.#memory = memory
  }

  async #look(symbol: string, followed: Followed, balances: readonly Balance[]): Promise<Opportunity | undefined> {
    try {
      followed.instrument = (await this.#venue.observe('instrument', { symbol })).value
      const { quoteAsset } = followed.instrument
      followed.free = balances.find(({ asset }) => asset === quoteAsset)?.free ?? '0'
      await this.#takeInCandles(symbol, followed)
      const { value: ticker } = await this.#venue.observe('ticker', { symbol })
      return this.#decide(followed, ticker)
    } catch (error) {
      // One symbol that cannot be read must not stop the others.
      if (!AutomationError.isInstance(error)) throw error
      if (followed.reason !== error.code)
        this.context.logger.warn({ symbol, code: error.code }, `${symbol} is left alone: ${error.shortMessage}`)
      followed.reason = error.code
      return undefined
    }
  }

  async #takeInCandles(symbol: string, followed: Followed): Promise<void> {
    const now = this.context.clock.now()
    const next = followed.trend.lastOpenTime + this.#barMs
    // Its end is not reached yet.
    if (now < next + this.#barMs) return
    const runningBar = now - (now % this.#barMs)
    const warmUp = runningBar - this.#warmUpBars * this.#barMs
    let bars = next > warmUp ? await this.#closedBars(symbol, next) : []
    if (bars[0]?.openTime !== next) {
      // The first look, or bars are missing between the last one and these: the averages are made anew.
      if (next > warmUp && bars.length === 0) return
      bars = await this.#closedBars(symbol, warmUp)
      followed.trend = this.#newTrend()
    }
    for (const bar of bars) followed.trend.update(bar)
  }

  get #warmUpBars(): number {
    const { slowPeriod, atrPeriod } = this.#params
    return Math.min(candlesMax - 1, (Math.max(slowPeriod, atrPeriod) + 1) * warmUpPeriods)
  }

  async #closedBars(symbol: string, since: number): Promise<readonly Candle[]> {
    const { timeframe } = this.#params
    const { value } = await this.#venue.observe('candles', { symbol, timeframe, since, limit: candlesMax })
    const closed = value.filter(({ isClosed }) => isClosed)
    for (const candle of closed) requireReadable(symbol, candle)
    return closed
  }

  #decide(followed: Followed, ticker: Ticker): Opportunity | undefined {
    const verdict = this.#verdict(followed, ticker)
    followed.reason = verdict.reason
    return verdict.opportunity
  }

  #verdict(followed: Followed, ticker: Ticker): Verdict {
    const { trend, instrument, position, openOrders, free } = followed
    const { point } = trend
    if (point === undefined || instrument === undefined) return { reason: 'not-enough-bars', opportunity: undefined }
    const now = this.context.clock.now()
    // A bar that has just begun is not closed yet; one more may be late.
    if (now - (point.openTime + this.#barMs) > 2 * this.#barMs)
      return { reason: 'stale-candles', opportunity: undefined }
    if (now - ticker.at > Math.max(2 * this.config.scanIntervalMs, this.#barMs))
      return { reason: 'stale-ticker', opportunity: undefined }
    return decide({
      strategyId: this.id,
      venueId: this.#venueId,
      params: this.#params,
      instrument,
      ticker,
      point,
      position,
      openOrders,
      risk: this.#riskNow(),
      free: instrument.canShort ? undefined : free,
      actedOn: this.#memory.actedOn[instrument.symbol],
    })
  }

  #riskNow(): number {
    const { riskPerTrade, sizeByBudget } = this.#params
    if (sizeByBudget === undefined) return riskPerTrade
    return Math.min(riskPerTrade, this.context.risk.remaining(sizeByBudget).available)
  }

  #newFollowed(): Followed {
    return {
      trend: this.#newTrend(),
      bars: new TickBars(this.#barMs),
      instrument: undefined,
      position: undefined,
      openOrders: [],
      free: undefined,
      isAwaited: false,
      reason: 'not-looked-at',
    }
  }

  #newTrend(): Trend {
    return new Trend(this.#params)
  }
}

function requireReadable(symbol: string, { open, high, low, close, openTime }: Candle): void {
  if ([open, high, low, close].every(price => Number.isFinite(price) && price > 0) && high >= low) return
  throw new AutomationError({
    code: 'BAD_CANDLE',
    message: `the bar of ${symbol} at ${new Date(openTime).toISOString()} holds what is no price: nothing is decided from it`,
    effect: 'none',
    retryable: true,
  })
}
