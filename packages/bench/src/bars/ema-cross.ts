import {
  BaseStrategy,
  type IntentDraft,
  type Opportunity,
  parseConfig,
  strategyConfigSchema,
  type VenueReader,
} from '@org/core'
import { Ema } from '@org/indicators'
import { orderEffects, ownResults, type TradingQueries } from '@org/venue-trading/actions'

export interface EmaCrossOptions {
  readonly venueId: string
  readonly symbol: string
  readonly timeframe: string
  readonly fast: number
  readonly slow: number
  readonly quantity: string
}

/** Buys when the fast average rises above the slow one, and closes when it falls below. */
export class EmaCross extends BaseStrategy {
  readonly #options: EmaCrossOptions
  readonly #fast: Ema
  readonly #slow: Ema
  #since = 0
  #difference = 0
  #bookedSeq = 0
  #opportunities = 0

  constructor(options: EmaCrossOptions) {
    const config = { scanIntervalMs: 60_000, minExpectedProfit: 0, minRoi: 0 }
    super({ id: 'ema-cross', config: parseConfig(strategyConfigSchema, config, 'config') })
    this.#options = options
    this.#fast = new Ema(options.fast)
    this.#slow = new Ema(options.slow)
  }

  async findOpportunities(): Promise<readonly Opportunity[]> {
    const { symbol, timeframe } = this.#options
    const { value: candles } = await this.#venue.observe('candles', { symbol, timeframe, since: this.#since })
    let cross = 0
    for (const { openTime, close } of candles) {
      const fast = this.#fast.update(close)
      const slow = this.#slow.update(close)
      this.#since = openTime + 1
      if (fast === undefined || slow === undefined) continue
      const difference = fast - slow
      cross = this.#difference < 0 && difference > 0 ? 1 : this.#difference > 0 && difference < 0 ? -1 : 0
      this.#difference = difference
    }
    if (cross === 0) return []
    await this.#bookResults()
    return this.#intentFor(cross)
  }

  async #bookResults(): Promise<void> {
    const { value: news } = await this.#venue.observe('results', { strategyId: this.id, after: this.#bookedSeq })
    this.#bookedSeq = news.at(-1)?.seq ?? this.#bookedSeq
    if (news.length > 0)
      await this.context.recordAll(ownResults(this.#options.venueId, news), { bookedSeq: this.#bookedSeq })
  }

  protected override async onShutdown(): Promise<void> {
    await this.#bookResults()
  }

  async #intentFor(cross: number): Promise<readonly Opportunity[]> {
    const { venueId, symbol, quantity } = this.#options
    const { value: positions } = await this.#venue.observe('positions', { strategyId: this.id })
    const held = positions.find(position => position.symbol === symbol)?.quantity
    const rationale = { reason: cross > 0 ? 'crossed-up' : 'crossed-down', summary: `${symbol} at ${this.#since}` }
    if (cross < 0) {
      if (held === undefined) return []
      const params = { symbol, side: 'sell', quantity: held }
      const intent = { venueId, asset: symbol, action: 'close-position', params, effects: [], reduces: true, rationale }
      return [this.#opportunity(intent)]
    }
    if (held !== undefined) return []
    const { value: ticker } = await this.#venue.observe('ticker', { symbol })
    const price = ticker.ask ?? '0'
    return [
      this.#opportunity({
        venueId,
        asset: symbol,
        side: 'long',
        action: 'place-order',
        params: { symbol, side: 'buy', quantity },
        effects: orderEffects({ side: 'buy', quantity, price, feesRatio: '0.002' }),
        rationale,
      }),
    ]
  }

  #opportunity(intent: IntentDraft): Opportunity {
    const { clock } = this.context
    return {
      id: `${this.id}-${++this.#opportunities}`,
      strategyId: this.id,
      kind: intent.rationale.reason,
      asset: this.#options.symbol,
      expectedProfitPerHour: 1,
      expectedRoi: 1,
      asOf: clock.now(),
      intents: [intent],
      rationale: intent.rationale,
    }
  }

  get #venue(): VenueReader<TradingQueries> {
    return this.context.venue(this.#options.venueId) as VenueReader<TradingQueries>
  }
}
