import {
  AutomationError,
  BaseStrategy,
  Decimal,
  type ExecutionResult,
  type IntentDraft,
  InvalidInputError,
  type Opportunity,
  type SubmitResult,
  type VenueReader,
} from '@org/core'
import type { TradingQueries } from '@org/venue-trading/actions'
import { parseSpreadArbitrageConfig, type SpreadArbitrageParams } from './config.ts'
import { hasFilled, isWhole } from './filled.ts'
import type { SpreadArbitrageKpis } from './kpis.ts'
import { Memory } from './memory.ts'
import { type Move, nothing, type Plan } from './plan.ts'
import { planCancel } from './plan-cancel.ts'
import { planRepair, planRepairAlone } from './plan-repair.ts'
import { planTrade } from './plan-trade.ts'
import { readSide, type VenueSide } from './venue-side.ts'

export interface SpreadArbitrageOptions {
  /** @default 'spread-arbitrage' */
  readonly id?: string
  /** The ids of the two venues, in either order; both belong to the engine that runs it. */
  readonly venues: readonly [string, string]
  /** As in `spreadArbitrageConfigSchema`. */
  readonly config: unknown
}

/** After one trade; what is left then is left to the next scan. */
const repairsMax = 8

/** A venue that was read, or why it was not. */
type Reading = { readonly side: VenueSide } | { readonly away: AutomationError }

/**
 * Buys an asset where it is cheap and sells it where it is dear, in one step: both legs are reserved or none. Each venue needs money of its own and
 * an inventory of the asset. When only one leg fills, it is hedged or taken back at once, whichever brings more.
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
  /** What a venue certainly holds for us, by its id: nothing was sent there since it said so. */
  readonly #heldFor = new Map<string, Decimal>()
  readonly #resultOf = new Map<string, Decimal>()
  #memory: Memory | undefined
  #reason = 'not-looked-at'

  /** @throws InvalidInputError `INVALID_CONFIG` */
  constructor({ id = 'spread-arbitrage', venues, config }: SpreadArbitrageOptions) {
    const parsed = parseSpreadArbitrageConfig(config)
    super({ id, config: parsed })
    if (venues[0] === venues[1])
      throw new InvalidInputError({
        code: 'INVALID_CONFIG',
        message: `spread arbitrage config is not usable: venues: expected two different ones, was ${venues[0]} twice`,
      })
    this.#params = parsed.customParams
    this.#venueIds = venues
  }

  /** Why nothing was done, or what was last proposed: `spread-does-not-pay`, `spread-pays`, `one-leg-hedge`, or the code of an error. */
  get reason(): string {
    return this.#reason
  }

  get kpis(): SpreadArbitrageKpis {
    let edgeCaptured = Decimal.of(0)
    for (const result of this.#resultOf.values()) edgeCaptured = edgeCaptured.plus(result)
    return { ...this.#remembered.counts, edgeCaptured: Number(edgeCaptured.text) }
  }

  async findOpportunities(): Promise<readonly Opportunity[]> {
    await this.#bookResults()
    const plan = await this.#look({ canHedge: true, canTrade: true })
    this.#reason = plan.kind === 'nothing' ? plan.reason : plan.rationale.reason
    return plan.kind === 'nothing' ? [] : [this.#toOpportunity(plan)]
  }

  /** Accepts what makes up for a missing leg, and a trade whose edge meets `minExpectedProfit` and `minRoi`; on fresh books. */
  override async validateOpportunity(opportunity: Opportunity): Promise<boolean> {
    if (!this.#isFresh(opportunity.asOf)) return false
    if (opportunity.kind !== 'trade') return true
    const { minExpectedProfit, minRoi } = this.config
    return edgeOf(opportunity) >= minExpectedProfit && opportunity.expectedRoi >= minRoi
  }

  /**
   * Submits both legs, the second only after the first has filled whole, and makes up at once for what then stands alone. A leg whose end is not
   * known ends it: no order goes out before the venue was asked.
   */
  override async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
    const { kind, intents } = opportunity
    if (kind === 'trade') {
      const results = await this.#trade(opportunity)
      const isOver = results.every(({ status }) => status === 'rejected' || status === 'dry-run')
      const more = isOver ? [] : await this.#makeUp({ canHedge: true })
      return { success: results.every(isDone), results: [...results, ...more] }
    }
    const results = await this.#repair(kind as Move['kind'], intents)
    const last = results.at(-1)
    const more = mayGoOn(kind, last) ? await this.#makeUp({ canHedge: last?.status === 'settled' }) : []
    return { success: results.every(isDone), results: [...results, ...more] }
  }

  protected override async onInitialize(): Promise<void> {
    this.#memory = await Memory.open(this.context, this.id)
    for (const venueId of this.#venueIds) this.context.venue(venueId)
  }

  protected override async onShutdown(): Promise<void> {
    for (const venueId of this.#venueIds) await this.#memory?.bookResults(this.#venue(venueId))
  }

  get #remembered(): Memory {
    if (this.#memory !== undefined) return this.#memory
    throw new AutomationError({
      code: 'NOT_INITIALIZED',
      message: `strategy ${this.id} was used before initialize(): await strategy.initialize() first`,
    })
  }

  #venue(venueId: string): VenueReader<TradingQueries> {
    return this.context.venue(venueId) as VenueReader<TradingQueries>
  }

  /** Of one venue also while the other cannot be reached. */
  async #bookResults(): Promise<void> {
    for (const venueId of this.#venueIds) {
      try {
        await this.#remembered.bookResults(this.#venue(venueId))
      } catch (error) {
        if (!AutomationError.isInstance(error)) throw error
        this.#tell(venueId, error)
      }
    }
  }

  /** Looks at both venues and says what there is to do. */
  async #look(may: { readonly canHedge: boolean; readonly canTrade: boolean }): Promise<Plan> {
    // What was sent and has not ended may have happened: a second order could be one too many.
    if (this.context.inFlight().length > 0) return nothing('leg-in-doubt')
    const [first, second] = this.#venueIds
    const [a, b] = await Promise.all([this.#read(first), this.#read(second)])
    if ('away' in a) return this.#planAlone(b, first, a.away)
    if ('away' in b) return this.#planAlone(a, second, b.away)
    const sides = [a.side, b.side] as const
    if (!sides.every(({ bookAt }) => this.#isFresh(bookAt))) return nothing('stale-book')
    const repair = planCancel(sides) ?? planRepair(sides, this.#params, may)
    if (repair !== undefined) return repair
    if (!may.canTrade) return nothing('nothing-to-make-up')
    const oneWay = planTrade(a.side, b.side, this.#params)
    if (oneWay.kind !== 'nothing') return oneWay
    const otherWay = planTrade(b.side, a.side, this.#params)
    // At most one way pays; why that one was not taken tells more than that the other does not pay.
    return otherWay.kind === 'nothing' && otherWay.reason === 'spread-does-not-pay' ? oneWay : otherWay
  }

  /** No trade without both venues; but a leg that certainly stands alone here is taken back. */
  #planAlone(here: Reading, awayId: string, away: AutomationError): Plan {
    this.#tell(awayId, away)
    const heldAway = this.#heldFor.get(awayId)
    if ('away' in here || heldAway === undefined) return nothing(away.code)
    const { side } = here
    if (!this.#isFresh(side.bookAt)) return nothing(away.code)
    return planCancel([side]) ?? planRepairAlone(side, heldAway) ?? nothing(away.code)
  }

  async #read(venueId: string): Promise<Reading> {
    const { symbol, levels } = this.#params
    try {
      const side = await readSide(this.#venue(venueId), { symbol, levels, strategyId: this.id })
      this.#heldFor.set(venueId, side.held)
      this.#resultOf.set(venueId, side.result)
      return { side }
    } catch (error) {
      if (!AutomationError.isInstance(error)) throw error
      return { away: error }
    }
  }

  async #trade(opportunity: Opportunity): Promise<readonly SubmitResult[]> {
    const { intents } = opportunity
    const results = await this.#knowingHeld(intents, () =>
      this.context.submitGroup(intents, { isNextWanted: done => isWhole(done.at(-1), intents[done.length - 1]) }),
    )
    const isWholeTrade = results.every((result, i) => isWhole(result, intents[i]))
    if (isWholeTrade) await this.#remembered.countTrade(edgeOf(opportunity))
    else if (results.some(result => hasFilled(result) || result.status === 'unknown'))
      await this.#remembered.countBroken()
    return results
  }

  /** One after the other, up to the first that does not go through. */
  async #repair(kind: Move['kind'], intents: readonly IntentDraft[]): Promise<readonly SubmitResult[]> {
    const results = await this.#knowingHeld(intents, async () => {
      const done: SubmitResult[] = []
      for (const intent of intents) {
        const result = await this.context.submit(intent)
        done.push(result)
        if (!isDone(result)) break
      }
      return done
    })
    if (results.some(hasFilled) && (kind === 'hedge' || kind === 'unwind')) await this.#remembered.countRepair(kind)
    return results
  }

  /** What a venue holds is certain no more once something was sent there; it stays so where certainly nothing happened. */
  async #knowingHeld(
    intents: readonly IntentDraft[],
    submit: () => Promise<readonly SubmitResult[]>,
  ): Promise<readonly SubmitResult[]> {
    const before = new Map(this.#heldFor)
    for (const { venueId } of intents) this.#heldFor.delete(venueId)
    const results = await submit()
    for (const [i, { venueId }] of intents.entries()) {
      const held = before.get(venueId)
      const isUntouched = results[i]?.status === 'rejected' || results[i]?.status === 'failed'
      if (isUntouched && held !== undefined) this.#heldFor.set(venueId, held)
    }
    return results
  }

  /** Trades what stands alone until nothing does, nothing can be done about it, or somebody has to be asked first. */
  async #makeUp(may: { readonly canHedge: boolean }): Promise<readonly SubmitResult[]> {
    const done: SubmitResult[] = []
    let { canHedge } = may
    for (let round = 0; round < repairsMax; round++) {
      const plan = await this.#look({ canHedge, canTrade: false })
      if (plan.kind === 'nothing') break
      this.#reason = plan.rationale.reason
      const results = await this.#repair(plan.kind, plan.intents)
      done.push(...results)
      const last = results.at(-1)
      if (!mayGoOn(plan.kind, last)) break
      canHedge &&= last?.status === 'settled'
    }
    return done
  }

  #isFresh(atMs: number): boolean {
    return Math.abs(this.context.clock.now() - atMs) <= this.#params.bookAgeMaxMs
  }

  #tell(venueId: string, error: AutomationError): void {
    if (this.#reason === error.code) return
    const { symbol } = this.#params
    this.context.logger.warn(
      { venueId, code: error.code },
      `no arbitrage of ${symbol}: ${venueId}: ${error.shortMessage}`,
    )
  }

  #toOpportunity(plan: Move): Opportunity {
    const { kind, intents, edge, atRisk, asOf, rationale } = plan
    return {
      id: `${this.id}-${asOf}-${kind}`,
      strategyId: this.id,
      kind,
      asset: this.#params.symbol,
      expectedProfitPerHour: edge * (3_600_000 / this.config.scanIntervalMs),
      expectedRoi: atRisk === 0 ? 0 : edge / atRisk,
      asOf,
      intents,
      rationale,
    }
  }
}

function edgeOf({ rationale }: Opportunity): number {
  const edge = rationale.inputs?.['edge']
  return typeof edge === 'number' ? edge : 0
}

function isDone({ status }: SubmitResult): boolean {
  return status === 'settled' || status === 'dry-run'
}

/** After a repair: a hedge that was refused leaves the other way; what cannot be taken back now is left to the next scan. */
function mayGoOn(kind: string, result: SubmitResult | undefined): boolean {
  const isRefused = result?.status === 'rejected' || result?.status === 'failed'
  return result?.status === 'settled' || (kind === 'hedge' && isRefused)
}
