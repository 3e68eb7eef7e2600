import {
  AutomationError,
  BaseStrategy,
  type ExecutionResult,
  type IntentDraft,
  newIntentId,
  type Opportunity,
  type VenueReader,
} from '@org/core'
import { clientOrderIdOf, ownResults, type TradingQueries } from '@org/venue-trading/actions'
import { parseSpreadArbitrageConfig, type SpreadArbitrageParams } from './config.ts'
import { type Memory, memorySchema, newMemory, type SpreadArbitrageKpis } from './memory.ts'
import { type Plan, planRepair, planTrade } from './plan.ts'
import { readSide, type VenueSide } from './venue-side.ts'

export interface SpreadArbitrageOptions {
  readonly id?: string
  /** The ids of the two venues, in either order; both belong to the engine that runs it. */
  readonly venues: readonly [string, string]
  /** As in `spreadArbitrageConfigSchema`. */
  readonly config: unknown
}

/**
 * Buys an asset where it is cheap and sells it where it is dear, in one step: both legs are reserved or none. Each venue needs money of its own and
 * an inventory of the asset. When only one leg fills, it is hedged while that does not lose, else taken back.
 *
 * @example
 * const bot = new SpreadArbitrageStrategy({
 *   venues: ['north', 'south'],
 *   config: { customParams: { symbol: 'BTC/USDT', netBpsMin: 10, notionalMax: 5_000 } },
 * })
 */
export class SpreadArbitrageStrategy extends BaseStrategy {
  readonly #params: SpreadArbitrageParams
  readonly #venueIds: readonly [string, string]
  #memory: Memory = newMemory
  #reason = 'not-looked-at'

  /** @throws InvalidInputError `INVALID_CONFIG` */
  constructor({ id = 'spread-arbitrage', venues, config }: SpreadArbitrageOptions) {
    const parsed = parseSpreadArbitrageConfig(config)
    super({ id, config: parsed })
    this.#params = parsed.customParams
    this.#venueIds = venues
  }

  /** Why nothing was done, or what was last proposed: `spread-does-not-pay`, `spread-pays`, `one-leg-hedge`, or the code of an error. */
  get reason(): string {
    return this.#reason
  }

  get kpis(): SpreadArbitrageKpis {
    return this.#memory.kpis
  }

  async findOpportunities(): Promise<readonly Opportunity[]> {
    try {
      for (const venueId of this.#venueIds) await this.#book(venueId)
      if (await this.#isInDoubt()) return this.#wait('leg-in-doubt')
      const sides = await this.#readSides()
      const plan = this.#plan(sides)
      if (plan.kind === 'nothing') return this.#wait(plan.reason)
      this.#reason = plan.rationale.reason
      return [this.#toOpportunity(plan, Math.min(...sides.map(({ bookAt }) => bookAt)))]
    } catch (error) {
      // A venue that cannot be read is a reason not to trade; the other one goes on holding what it holds.
      if (!AutomationError.isInstance(error)) throw error
      if (this.#reason !== error.code)
        this.context.logger.warn({ code: error.code }, `no arbitrage of ${this.#params.symbol}: ${error.shortMessage}`)
      return this.#wait(error.code)
    }
  }

  /** Accepts what only lowers risk, what makes up for a missing leg, and a trade whose edge meets `minExpectedProfit` and `minRoi`; on fresh books. */
  override async validateOpportunity(opportunity: Opportunity): Promise<boolean> {
    const ageMs = this.context.clock.now() - opportunity.asOf
    if (!(Math.abs(ageMs) <= this.#params.bookAgeMaxMs)) return false
    if (opportunity.kind !== 'trade') return true
    const { minExpectedProfit, minRoi } = this.config
    return edgeOf(opportunity) >= minExpectedProfit && opportunity.expectedRoi >= minRoi
  }

  override async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
    const intents = opportunity.intents.map(intent => ({ ...intent, id: intent.id ?? this.#newId() }))
    const result = await super.executeOpportunity({ ...opportunity, intents })
    const went = result.results.filter(({ status }) => status === 'settled').length
    const doubtful = result.results.find(({ status }) => status === 'unknown')
    const leg = intents.find(({ id }) => id === doubtful?.intentId)
    const { kpis } = this.#memory
    const isTrade = opportunity.kind === 'trade'
    this.#memory = {
      ...this.#memory,
      inDoubt: leg === undefined ? undefined : { venueId: leg.venueId, clientOrderId: clientOrderIdOf(leg.id) },
      kpis: {
        trades: kpis.trades + (isTrade && went === intents.length ? 1 : 0),
        oneLegged: kpis.oneLegged + (isTrade && went > 0 && went < intents.length ? 1 : 0),
        hedged: kpis.hedged + (opportunity.kind === 'hedge' ? went : 0),
        unwound: kpis.unwound + (opportunity.kind === 'unwind' ? went : 0),
        expectedEdge: kpis.expectedEdge + (isTrade && went === intents.length ? edgeOf(opportunity) : 0),
      },
    }
    await this.context.state.save(this.#memory)
    return result
  }

  protected override async onInitialize(): Promise<void> {
    this.#memory = (await this.context.state.load(memorySchema)) ?? newMemory
  }

  protected override async onShutdown(): Promise<void> {
    for (const venueId of this.#venueIds) await this.#book(venueId)
  }

  #venue(venueId: string): VenueReader<TradingQueries> {
    return this.context.venue(venueId) as VenueReader<TradingQueries>
  }

  #newId() {
    return newIntentId(this.id, this.context.clock.now(), this.context.random)
  }

  async #book(venueId: string): Promise<void> {
    const after = this.#memory.bookedSeq[venueId] ?? 0
    const { value: news } = await this.#venue(venueId).observe('results', { strategyId: this.id, after })
    const last = news.at(-1)
    if (last === undefined) return
    const memory = { ...this.#memory, bookedSeq: { ...this.#memory.bookedSeq, [venueId]: last.seq } }
    await this.context.recordAll(ownResults(venueId, news), memory)
    this.#memory = memory
  }

  /** Until the venue knows the order, or nothing of anybody's is in doubt any more, a second order could be one too many. */
  async #isInDoubt(): Promise<boolean> {
    const { inDoubt } = this.#memory
    if (inDoubt === undefined) return false
    const { clientOrderId, venueId } = inDoubt
    const { value: order } = await this.#venue(venueId).observe('order', { symbol: this.#params.symbol, clientOrderId })
    if (order === undefined && this.context.risk.assessPortfolio().openReservations > 0) return true
    this.#memory = { ...this.#memory, inDoubt: undefined }
    await this.context.state.save(this.#memory)
    return false
  }

  async #readSides(): Promise<readonly [VenueSide, VenueSide]> {
    const { symbol, levels } = this.#params
    const read = (venueId: string) => readSide(this.#venue(venueId), { symbol, levels, strategyId: this.id })
    return Promise.all([read(this.#venueIds[0]), read(this.#venueIds[1])])
  }

  #plan(sides: readonly [VenueSide, VenueSide]): Plan {
    const now = this.context.clock.now()
    if (sides.some(({ bookAt }) => !(Math.abs(now - bookAt) <= this.#params.bookAgeMaxMs)))
      return { kind: 'nothing', reason: 'stale-book' }
    if (sides.some(({ hasOpenOrders }) => hasOpenOrders)) return { kind: 'nothing', reason: 'order-is-open' }
    const repair = planRepair(sides, this.#params)
    if (repair !== undefined) return repair
    const [a, b] = sides
    const oneWay = planTrade(a, b, this.#params)
    if (oneWay.kind !== 'nothing') return oneWay
    const otherWay = planTrade(b, a, this.#params)
    // At most one way pays; why that one was not taken tells more than that the other does not pay.
    return otherWay.kind === 'nothing' && otherWay.reason === 'spread-does-not-pay' ? oneWay : otherWay
  }

  #toOpportunity(plan: Exclude<Plan, { kind: 'nothing' }>, asOf: number): Opportunity<unknown> {
    const { kind, intents, edge, atRisk, rationale } = plan
    return {
      id: `${this.id}-${asOf}-${kind}`,
      strategyId: this.id,
      kind,
      asset: this.#params.symbol,
      expectedProfitPerHour: edge * (3_600_000 / this.config.scanIntervalMs),
      expectedRoi: atRisk === 0 ? 0 : edge / atRisk,
      asOf,
      intents: intents as readonly IntentDraft[],
      rationale,
    }
  }

  #wait(reason: string): readonly Opportunity[] {
    this.#reason = reason
    return []
  }
}

function edgeOf({ rationale }: Opportunity): number {
  const edge = rationale.inputs?.['edge']
  return typeof edge === 'number' ? edge : 0
}
