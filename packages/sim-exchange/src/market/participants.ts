import type { Random } from '@org/core'
import type { Market } from '../matching/market.ts'
import type { MatchingEngine } from '../matching/matching-engine.ts'
import type { Order, Side } from '../matching/order.ts'
import type { Trader } from '../matching/trader.ts'

/** How a market's makers and noise traders behave. */
export interface ParticipantsSpec {
  /** Half of the spread the makers quote, in hundredths of a per cent of the price. @default 2 */
  readonly halfSpreadBps?: number
  /** Prices quoted on each side. @default 10 */
  readonly levels?: number
  /** Distance between them. @default 2 */
  readonly levelSpacingBps?: number
  /** What stands at the best price, in the quote asset; deeper levels hold more. @default 20000 */
  readonly levelNotional?: number
  /** Market orders per second, on average. @default 0.5 */
  readonly noiseOrdersPerSecond?: number
  /** Their mean size, in the quote asset. @default 1000 */
  readonly noiseNotional?: number
}

const NOISE_ORDERS_PER_STEP_MAX = 20

/** Makers quote around the fair price, noise traders hit them. Their money is part of the market's, so nothing appears from nowhere. */
export class Participants {
  readonly #engine: MatchingEngine
  readonly #market: Market
  readonly #maker: Trader
  readonly #noise: Trader
  readonly #random: Random
  readonly #spec: Required<ParticipantsSpec>
  #quotes: Order[] = []
  #quotedTicks = 0
  #number = 0

  constructor(options: {
    readonly engine: MatchingEngine
    readonly market: Market
    readonly maker: Trader
    readonly noise: Trader
    readonly random: Random
    readonly spec: ParticipantsSpec
  }) {
    this.#engine = options.engine
    this.#market = options.market
    this.#maker = options.maker
    this.#noise = options.noise
    this.#random = options.random
    this.#spec = {
      halfSpreadBps: 2,
      levels: 10,
      levelSpacingBps: 2,
      levelNotional: 20_000,
      noiseOrdersPerSecond: 0.5,
      noiseNotional: 1_000,
      ...options.spec,
    }
  }

  /** Lets them act at `nowMs`, `elapsedMs` after the last time. `price` is the fair one, in the quote asset. */
  step(price: number, nowMs: number, elapsedMs: number): void {
    const fairTicks = (price * 1e8) / Number(this.#market.instrument.tickUnits)
    if (this.#mustRequote(fairTicks)) this.#requote(fairTicks, nowMs)
    let orders = Math.min(
      this.#poisson((this.#spec.noiseOrdersPerSecond * elapsedMs) / 1_000),
      NOISE_ORDERS_PER_STEP_MAX,
    )
    for (; orders > 0; orders--) this.#tradeNoise(fairTicks, nowMs)
  }

  /** Takes all quotes out of the book, as makers do when they lose sight. They come back at the next step. */
  withdraw(nowMs: number): void {
    for (const order of this.#quotes) this.#engine.cancel(order, nowMs)
    this.#quotes = []
  }

  #mustRequote(fairTicks: number): boolean {
    if (this.#quotes.length === 0) return true
    const movedBps = (Math.abs(fairTicks - this.#quotedTicks) / fairTicks) * 10_000
    return movedBps > this.#spec.halfSpreadBps / 4 || this.#quotes.some(order => order.status !== 'NEW')
  }

  #requote(fairTicks: number, nowMs: number): void {
    this.withdraw(nowMs)
    this.#quotedTicks = fairTicks
    const { halfSpreadBps, levels, levelSpacingBps, levelNotional } = this.#spec
    for (let i = 0; i < levels; i++) {
      const distance = (halfSpreadBps + i * levelSpacingBps) / 10_000
      const notional = levelNotional * (1 + i / 2) * (0.5 + this.#random.next())
      const bidTicks = Math.max(1, Math.min(Math.floor(fairTicks * (1 - distance)), Math.ceil(fairTicks) - 1))
      const askTicks = Math.max(Math.ceil(fairTicks * (1 + distance)), Math.floor(fairTicks) + 1)
      this.#quote('BUY', bidTicks, notional, nowMs)
      this.#quote('SELL', askTicks, notional, nowMs)
    }
  }

  #quote(side: Side, priceTicks: number, notional: number, nowMs: number): void {
    const placed = this.#engine.place({
      trader: this.#maker,
      market: this.#market,
      side,
      type: 'LIMIT',
      priceTicks,
      lots: this.#lots(notional, priceTicks),
      clientOrderId: this.#nextClientOrderId(),
      nowMs,
    })
    if (placed.ok) this.#quotes.push(placed.order)
  }

  #tradeNoise(fairTicks: number, nowMs: number): void {
    const side = this.#random.next() < 0.5 ? 'BUY' : 'SELL'
    // Exponential sizes: many small ones, few large ones.
    const notional = -Math.log(1 - this.#random.next()) * this.#spec.noiseNotional
    this.#engine.place({
      trader: this.#noise,
      market: this.#market,
      side,
      type: 'LIMIT',
      timeInForce: 'IOC',
      priceTicks: Math.max(1, Math.round(fairTicks * (side === 'BUY' ? 1.01 : 0.99))),
      lots: this.#lots(notional, fairTicks),
      clientOrderId: this.#nextClientOrderId(),
      nowMs,
    })
  }

  /** One account trades in every market, and an id may be open once per account: the symbol keeps the markets' counts apart. */
  #nextClientOrderId(): string {
    return `${this.#market.instrument.symbol}-${++this.#number}`
  }

  #lots(notional: number, priceTicks: number): number {
    const { tickLotUnits, lotsMin, lotsMax } = this.#market.instrument
    const lots = Math.round((notional * 1e8) / (priceTicks * Number(tickLotUnits)))
    return Math.min(Math.max(lots, lotsMin), lotsMax)
  }

  #poisson(mean: number): number {
    const limit = Math.exp(-Math.min(mean, 700))
    let product = this.#random.next()
    let count = 0
    while (product > limit && count < NOISE_ORDERS_PER_STEP_MAX) {
      product *= this.#random.next()
      count++
    }
    return count
  }
}
