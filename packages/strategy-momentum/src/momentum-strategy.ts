import {
  type AnyVenue,
  AutomationError,
  BaseStrategy,
  Decimal,
  type ExecutionResult,
  type Logger,
  type Opportunity,
  type RunMode,
  type SubmitResult,
  type VenueReader,
} from '@org/core'
import type { Position, Ticker, TickFeed, TradingQueries } from '@org/venue-trading/actions'
import { barLengthMs } from './bar-length.ts'
import { type MomentumParams, parseMomentumConfig } from './config.ts'
import { decide } from './decide.ts'
import { isBeyond, isCovered, protect } from './decide-held.ts'
import { costOf } from './entry-cost.ts'
import { Followed } from './followed.ts'
import { Memory } from './memory.ts'
import { readBars } from './read-bars.ts'
import { heldOf, type SymbolView, type Verdict } from './symbol-view.ts'

export interface MomentumOptions {
  /** @default 'momentum' */
  readonly id?: string
  /** Where it trades: the id of a venue of the engine, or a venue to use on its own. */
  readonly venue: string | AnyVenue
  /** As in `momentumConfigSchema`. */
  readonly config: unknown
  /** On its own: what submitting does. @default 'dry-run' */
  readonly mode?: RunMode
  /** On its own: where warnings go. @default silent */
  readonly logger?: Logger
}

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
  readonly #orphans = new Set<string>()
  /** By asset, as seen last, less what was proposed since. */
  #free = new Map<string, Decimal>()
  #memory: Memory | undefined

  /** @throws InvalidInputError `INVALID_CONFIG` */
  constructor({ id = 'momentum', venue, config, mode, logger }: MomentumOptions) {
    const parsed = parseMomentumConfig(config)
    super({ id, config: parsed, venue: typeof venue === 'string' ? undefined : venue, mode, logger })
    this.#params = parsed.customParams
    this.#venueId = typeof venue === 'string' ? venue : venue.id
    this.#barMs = barLengthMs(this.#params.timeframe)
    for (const symbol of new Set(this.#params.symbols))
      this.#followed.set(symbol, new Followed(symbol, this.#params, this.#barMs))
  }

  /** Why each symbol was left alone, or what was last proposed for it: `no-cross`, `crossed-up`, `stale-candles`, or the code of an error. */
  get reasons(): ReadonlyMap<string, string> {
    return new Map([...this.#followed].map(([symbol, { reason }]) => [symbol, reason]))
  }

  async findOpportunities(): Promise<readonly Opportunity[]> {
    await this.#remembered.bookResults(this.#venue)
    await this.#lookAtAccount([...this.#followed.values()].filter(({ isUnderWay }) => !isUnderWay))
    for (const followed of this.#followed.values()) await this.#takeInBars(followed)
    const tickers = await this.#tickers()
    const found: Opportunity[] = []
    let plannedLoss = Decimal.of(0)
    for (const [symbol, followed] of this.#followed) {
      const ticker = tickers.get(symbol)
      if (ticker === undefined) continue
      const opportunity = this.#decide(followed, ticker, plannedLoss)
      if (opportunity === undefined) continue
      found.push(opportunity)
      plannedLoss = plannedLoss.plus(costOf(opportunity, this.#params.quoteRate).loss)
    }
    return found
  }

  /**
   * A price as it comes. Bars are made of ticks; one that ends may give an opportunity at once, and so may a price beyond a stop that does not wait
   * at the venue. Needs a scan first, for history and for what the instrument demands. Costs the same for every tick, however many symbols are
   * followed.
   */
  onTick(tick: Ticker): Opportunity | undefined {
    const followed = this.#followed.get(tick.symbol)
    if (followed === undefined) return undefined
    const { trend, watchedStop } = followed
    const ended = followed.tickBars.update(tick)
    // Where bars are missing in between, the next scan asks for them.
    const isNext = ended !== undefined && ended.openTime === trend.lastOpenTime + this.#barMs
    if (isNext) trend.update(ended)
    else if (watchedStop === undefined || !isBeyond(tick, watchedStop.price, watchedStop.isLong)) return undefined
    return this.#decide(followed, tick, Decimal.of(0))
  }

  /**
   * Acts on ticks as they come, beside the scans. Returns the way to stop, which resolves when nothing is under way any more.
   *
   * @example
   * const stop = bot.follow(paper)
   */
  follow(feed: TickFeed): () => Promise<void> {
    const underWay = new Set<Promise<void>>()
    // Under way from the very tick on: the next one may come before anything was sent.
    const act = (opportunity: Opportunity, followed: Followed): Promise<void> =>
      followed.acting(async () => {
        if (await this.validateOpportunity(opportunity)) await this.executeOpportunity(opportunity)
      })
    const stop = feed.subscribe([...this.#followed.keys()], tick => {
      const opportunity = this.onTick(tick)
      const followed = this.#followed.get(tick.symbol)
      if (opportunity === undefined || followed === undefined || !this.config.enableAutoExecution) return
      const work = act(opportunity, followed)
        .catch(error =>
          this.context.logger.warn({ symbol: tick.symbol, error: String(error) }, 'acting on a tick failed'),
        )
        .finally(() => underWay.delete(work))
      underWay.add(work)
    })
    return async () => {
      stop()
      await Promise.all(underWay)
    }
  }

  /** What is done about a symbol; after it, what is then held has its stop, without waiting for the next scan. */
  override async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
    const followed = this.#followed.get(opportunity.asset ?? '')
    if (followed === undefined) return super.executeOpportunity(opportunity)
    return followed.acting(async () => {
      const isEntry = opportunity.intents.some(({ reduces }) => reduces !== true)
      // Before anything leaves: whoever dies in between does not enter a second time on the same bar.
      const forget = isEntry ? await this.#noteEntry(followed, opportunity) : undefined
      const { success, results } = await super.executeOpportunity(opportunity)
      if (results.every(({ status }) => status === 'rejected' || status === 'failed')) await forget?.()
      const more = await this.#afterwards(followed, opportunity, results)
      return { success, results: [...results, ...more] }
    })
  }

  protected override async onInitialize(): Promise<void> {
    this.#memory = await Memory.open(this.context, this.id, this.#barMs)
    const { sizeByBudget, symbols } = this.#params
    // A budget that is not there is said now, not at the first trade.
    if (sizeByBudget !== undefined) this.#leftOf(sizeByBudget, symbols[0] as string)
  }

  protected override async onShutdown(): Promise<void> {
    await this.#memory?.bookResults(this.#venue)
  }

  get #venue(): VenueReader<TradingQueries> {
    return this.context.venue(this.#venueId) as VenueReader<TradingQueries>
  }

  get #remembered(): Memory {
    if (this.#memory !== undefined) return this.#memory
    throw new AutomationError({
      code: 'NOT_INITIALIZED',
      message: `strategy ${this.id} was used before initialize(): await strategy.initialize() first`,
    })
  }

  #noteEntry({ symbol, trend }: Followed, { intents }: Opportunity): Promise<() => Promise<void>> {
    const { stopPrice } = (intents[0]?.params ?? {}) as { readonly stopPrice?: string }
    const entry = { openTime: trend.lastOpenTime, ...(stopPrice === undefined ? {} : { stopPrice }) }
    return this.#remembered.noteEntry(symbol, entry, other => isHolding(this.#followed.get(other)))
  }

  async #afterwards(
    followed: Followed,
    opportunity: Opportunity,
    results: readonly SubmitResult[],
  ): Promise<readonly SubmitResult[]> {
    if (results.some(({ status }) => status === 'unknown')) {
      followed.isInDoubt = true
      return []
    }
    if (results.every(({ status }) => status === 'rejected' || status === 'dry-run')) return []
    const isProtection = opportunity.kind === 'stop-is-missing'
    if (isProtection) this.#noteRefusedStop(followed, results)
    try {
      await this.#lookAtAccount([followed])
      return isProtection ? [] : await this.#protectNow(followed)
    } catch (error) {
      // What was done is done; the next scan sees to the rest.
      if (!AutomationError.isInstance(error)) throw error
      this.context.logger.warn({ symbol: followed.symbol, code: error.code }, error.shortMessage)
      return []
    }
  }

  async #protectNow(followed: Followed): Promise<readonly SubmitResult[]> {
    const { symbol } = followed
    if (followed.position === undefined || Decimal.of(followed.position.quantity).isZero) return []
    const { value, asOf } = await this.#venue.observe('ticker', { symbol })
    const view = this.#view(followed, atMost(value, asOf), Decimal.of(0))
    if (view === undefined) return []
    const held = heldOf(view)
    const verdict = held.isZero ? undefined : protect(view, held)
    this.#watch(followed, view)
    if (verdict?.opportunity === undefined) return []
    const { results } = await super.executeOpportunity(verdict.opportunity)
    this.#noteRefusedStop(followed, results)
    await this.#lookAtAccount([followed])
    this.#watch(followed, view)
    return results
  }

  /** What is held and ordered, for one symbol or all of them. */
  async #lookAtAccount(all: readonly Followed[]): Promise<void> {
    const changes = all.map(followed => followed.changes)
    const { value: positions } = await this.#venue.observe('positions', { strategyId: this.id })
    const [only] = all
    const query = all.length === 1 && only !== undefined ? { symbol: only.symbol } : {}
    const { value: orders } = await this.#venue.observe('open-orders', query)
    const { value: balances } = await this.#venue.observe('balances', {})
    const inFlight = new Set(this.context.inFlight().map(({ asset }) => asset))
    this.#free = new Map(balances.map(({ asset, free }) => [asset, Decimal.of(free)]))
    this.#tellOrphans(positions)
    const positionOf = new Map(positions.map(position => [position.symbol, position]))
    const ownOrders = orders.filter(({ strategyId }) => strategyId === this.id)
    const ordersOf = Map.groupBy(ownOrders, ({ symbol }) => symbol)
    for (const [i, followed] of all.entries()) {
      // Acted upon while this looked around: what it saw is past.
      if (followed.changes !== changes[i]) continue
      followed.position = positionOf.get(followed.symbol)
      followed.openOrders = ordersOf.get(followed.symbol) ?? []
      followed.isInDoubt = inFlight.has(followed.symbol)
    }
  }

  /** Positions in symbols that the configuration no longer names. */
  #tellOrphans(positions: readonly Position[]): void {
    for (const { symbol, quantity } of positions) {
      if (this.#followed.has(symbol) || this.#orphans.has(symbol) || Decimal.of(quantity).isZero) continue
      this.#orphans.add(symbol)
      this.context.logger.warn(
        { symbol, quantity },
        `${this.id} holds ${quantity} of ${symbol}, which is not among its symbols: nobody looks after it; name it again or close it`,
      )
    }
  }

  /** A symbol that cannot be read is paused, with one line; the others go on. */
  async #takeInBars(followed: Followed): Promise<void> {
    const { symbol } = followed
    try {
      followed.instrument = (await this.#venue.observe('instrument', { symbol })).value
      await readBars(this.#venue, followed, this.#params, this.context.clock.now())
      followed.barsProblem = undefined
    } catch (error) {
      if (!AutomationError.isInstance(error)) throw error
      if (followed.barsProblem !== error.code)
        this.context.logger.warn({ symbol, code: error.code }, `${symbol} is paused: ${error.shortMessage}`)
      followed.barsProblem = error.code
      followed.reason = error.code
    }
  }

  /** Of all symbols at once; where the venue refuses that for the sake of one, each by itself. */
  async #tickers(): Promise<ReadonlyMap<string, Ticker>> {
    const symbols = [...this.#followed.keys()]
    const tickers = new Map<string, Ticker>()
    try {
      const { value, asOf } = await this.#venue.observe('tickers', { symbols })
      for (const ticker of value) tickers.set(ticker.symbol, atMost(ticker, asOf))
    } catch (error) {
      if (!AutomationError.isInstance(error)) throw error
      for (const followed of this.#followed.values()) await this.#tickerOf(followed, tickers)
    }
    return tickers
  }

  async #tickerOf(followed: Followed, tickers: Map<string, Ticker>): Promise<void> {
    const { symbol, barsProblem } = followed
    try {
      const { value, asOf } = await this.#venue.observe('ticker', { symbol })
      tickers.set(symbol, atMost(value, asOf))
    } catch (error) {
      if (!AutomationError.isInstance(error)) throw error
      if (followed.reason !== error.code && barsProblem === undefined)
        this.context.logger.warn({ symbol, code: error.code }, `${symbol} has no price: ${error.shortMessage}`)
      followed.reason = error.code
    }
  }

  #decide(followed: Followed, ticker: Ticker, plannedLoss: Decimal): Opportunity | undefined {
    const { reason, opportunity } = this.#verdict(followed, ticker, plannedLoss)
    followed.reason = reason
    if (opportunity === undefined) return undefined
    const { quoteAsset = '', takerFee = '0' } = followed.instrument ?? {}
    const paid = costOf(opportunity, this.#params.quoteRate).paid.times(Decimal.of(takerFee).plus(1))
    this.#free.set(quoteAsset, (this.#free.get(quoteAsset) ?? Decimal.of(0)).minus(paid))
    return opportunity
  }

  #verdict(followed: Followed, ticker: Ticker, plannedLoss: Decimal): Verdict {
    const nothing = (reason: string): Verdict => ({ reason, opportunity: undefined })
    if (followed.isUnderWay) return nothing('order-under-way')
    if (followed.isInDoubt) return nothing('order-in-doubt')
    const view = this.#view(followed, ticker, plannedLoss)
    if (view === undefined) return nothing(followed.barsProblem ?? 'not-looked-at')
    if (this.context.clock.now() - ticker.at > 2 * this.config.scanIntervalMs) return nothing('stale-ticker')
    this.#watch(followed, view)
    return decide(view)
  }

  #view(followed: Followed, ticker: Ticker, plannedLoss: Decimal): SymbolView | undefined {
    const { instrument, position, openOrders, symbol, refusedStop } = followed
    if (instrument === undefined) return undefined
    return {
      strategyId: this.id,
      venueId: this.#venueId,
      params: this.#params,
      instrument,
      ticker,
      bars: this.#bars(followed),
      position,
      stopPrice: this.#stopOf(followed),
      openOrders,
      refusedStop,
      risk: this.#riskNow(symbol, plannedLoss),
      // On margin the venue alone knows what can be paid for.
      free: instrument.canShort ? undefined : (this.#free.get(instrument.quoteAsset)?.text ?? '0'),
      actedOn: this.#remembered.entryOf(symbol)?.openTime,
    }
  }

  #bars({ trend, barsProblem }: Followed): SymbolView['bars'] {
    if (barsProblem !== undefined) return { problem: barsProblem }
    const { point } = trend
    if (point === undefined) return { problem: 'not-enough-bars' }
    // The bar after it is not closed yet, and one more may be late.
    const age = this.context.clock.now() - (point.openTime + this.#barMs)
    return age > 2 * this.#barMs ? { problem: 'stale-candles' } : { point }
  }

  /** A stop that does not wait at the venue is watched here, with every tick and scan. */
  #watch(followed: Followed, view: SymbolView): void {
    const held = heldOf(view)
    const price = this.#stopOf(followed)
    const isWatched = !held.isZero && price !== undefined && !isCovered(followed, held)
    followed.watchedStop = isWatched ? { price, isLong: held.isPositive } : undefined
  }

  #stopOf({ symbol, position }: Followed): string | undefined {
    return this.#remembered.entryOf(symbol)?.stopPrice ?? position?.stopPrice
  }

  /** Refused for good, not for the moment: this venue takes no such stop. */
  #noteRefusedStop(followed: Followed, results: readonly SubmitResult[]): void {
    const last = results.at(-1)
    const isRefused = last?.status === 'failed' && !last.error.retryable && last.error.code !== 'WOULD_CROSS_ZERO'
    if (isRefused) followed.refusedStop = this.#stopOf(followed)
  }

  #riskNow(symbol: string, plannedLoss: Decimal): string {
    const { riskPerTrade, sizeByBudget } = this.#params
    if (sizeByBudget === undefined) return Decimal.of(riskPerTrade).text
    const left = Decimal.of(this.#leftOf(sizeByBudget, symbol)).minus(plannedLoss)
    return (left.compare(riskPerTrade) < 0 ? left : Decimal.of(riskPerTrade)).text
  }

  #leftOf(budget: string, symbol: string): number {
    const { domain, id: venueId } = this.#venue
    return this.context.risk.remaining(budget, { strategyId: this.id, domain, venueId, asset: symbol }).available
  }
}

/** A price is no fresher than the answer that it came in. */
function atMost(ticker: Ticker, asOf: number): Ticker {
  return ticker.at <= asOf ? ticker : { ...ticker, at: asOf }
}

function isHolding(followed: Followed | undefined): boolean {
  const { position, instrument } = followed ?? {}
  if (position === undefined || instrument === undefined) return false
  return Decimal.of(position.quantity).abs().compare(instrument.quantityMin) >= 0
}
