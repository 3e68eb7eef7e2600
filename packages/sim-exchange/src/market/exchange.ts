import { InvalidInputError, type Random, seededRandom } from '@org/core'
import { compileInstrument, type InstrumentSpec } from '../matching/instrument.ts'
import { Market } from '../matching/market.ts'
import { type EngineListener, MatchingEngine } from '../matching/matching-engine.ts'
import type { Order, Trade } from '../matching/order.ts'
import { Trader } from '../matching/trader.ts'
import { parseUnits, unitsPerOne } from '../matching/units.ts'
import { type Listing, newListing } from './listing.ts'
import { Participants, type ParticipantsSpec } from './participants.ts'
import { type PricePath, seededPath } from './price-path.ts'

/** A market of the exchange: its rules, its fair price, and who trades there. */
export interface SymbolSpec extends InstrumentSpec {
  /** What the fair price wanders around, in the quote asset. @default 60000 */
  readonly price?: number
  /** Of the wandering price: standard deviation of a day, as a fraction. @default 0.03 */
  readonly dailyVolatility?: number
  /** Instead of the wandering price: candles replayed with `candlePath`, or any function of time. */
  readonly path?: PricePath
  /** Makers and noise traders; `false` for an empty book. */
  readonly participants?: ParticipantsSpec | false
}

/** An account with a key. */
export interface AccountSpec {
  /** Free amounts by asset, decimal strings. */
  readonly balances: Readonly<Record<string, string>>
  /** What its key may do. @default 'trade' */
  readonly permission?: 'read' | 'trade'
  /** @default 10: 0.1 % */
  readonly makerFeeBps?: number
  /** @default 10: 0.1 % */
  readonly takerFeeBps?: number
}

/** Ask of {@link Exchange}. */
export interface ExchangeOptions {
  readonly seed: number
  /** Exchanges with one path seed share their fair prices. @default 1 */
  readonly pathSeed?: number
  readonly startMs: number
  readonly symbols: readonly SymbolSpec[]
  /** Added to the fair price, in hundredths of a per cent of it. @default 0 */
  readonly offsetBps?: number | ((atMs: number) => number)
}

const STEP_MS = 1_000
/** After a long jump of the clock participants act once a minute, until the last of it. */
const FINE_STEPS_MAX = 600
const COARSE_STEPS = 60
const HISTORY_MS = 2 * 86_400_000
/** More than anybody could trade away. */
const houseUnits = 1_000_000_000_000n * unitsPerOne

/** The market without its wire: accounts, books, participants, candles. Moves when told the time. */
export class Exchange implements EngineListener {
  readonly engine: MatchingEngine
  readonly listings = new Map<string, Listing>()
  readonly traders = new Map<string, Trader>()
  readonly #listeners: EngineListener[] = []
  readonly #offsetBps: (atMs: number) => number
  #nowMs: number
  #lastClientOrderId = 0
  #steppedMs: number

  constructor(options: ExchangeOptions) {
    const { offsetBps = 0 } = options
    this.#offsetBps = typeof offsetBps === 'number' ? () => offsetBps : offsetBps
    this.#nowMs = options.startMs
    this.#steppedMs = Math.floor(options.startMs / STEP_MS) * STEP_MS
    this.engine = new MatchingEngine(this)
    const random = seededRandom(options.seed)
    const maker = this.#house('makers', options.symbols)
    const noise = this.#house('noise', options.symbols)
    for (const [i, spec] of options.symbols.entries())
      this.#list(spec, { maker, noise, random, pathSeed: (options.pathSeed ?? 1) + i * 7_919 })
    for (const listing of this.listings.values()) this.#step(listing, this.#steppedMs, STEP_MS)
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** Hears of every order and trade from now on. */
  listen(listener: EngineListener): void {
    this.#listeners.push(listener)
  }

  addAccount(name: string, spec: AccountSpec): Trader {
    if (this.traders.has(name))
      throw new InvalidInputError({ code: 'SIM_ACCOUNT_INVALID', message: `account ${name} exists already` })
    const trader = new Trader({
      name,
      makerFeePpm: Math.round((spec.makerFeeBps ?? 10) * 100),
      takerFeePpm: Math.round((spec.takerFeeBps ?? 10) * 100),
      keepsHistory: true,
    })
    for (const [asset, amount] of Object.entries(spec.balances)) {
      const units = parseUnits(amount)
      if (typeof units === 'string')
        throw new InvalidInputError({
          code: 'SIM_ACCOUNT_INVALID',
          message: `account ${name}, ${asset}: expected a decimal with at most eight decimals, was '${amount}'`,
        })
      trader.balance(asset).free = units
    }
    this.traders.set(name, trader)
    return trader
  }

  /** Lets everything happen up to `nowMs`. Time that steps back changes nothing. */
  advance(nowMs: number): void {
    if (nowMs <= this.#nowMs) return
    this.#nowMs = nowMs
    const stepsBehind = Math.floor((nowMs - this.#steppedMs) / STEP_MS)
    if (stepsBehind <= 0) return
    const endMs = this.#steppedMs + stepsBehind * STEP_MS
    while (this.#steppedMs < endMs) {
      const isFar = endMs - this.#steppedMs > FINE_STEPS_MAX * STEP_MS
      const elapsedMs = isFar ? COARSE_STEPS * STEP_MS : STEP_MS
      this.#steppedMs += elapsedMs
      for (const listing of this.listings.values()) this.#step(listing, this.#steppedMs, elapsedMs)
    }
    for (const listing of this.listings.values()) listing.candles.carryTo(nowMs)
  }

  /** A client order id for an order that came without one. */
  nextClientOrderId(): string {
    return `auto-${++this.#lastClientOrderId}`
  }

  /** The fair price of a listing here: path, offset and shocks. */
  fairPrice(listing: Listing, atMs: number): number {
    return listing.path(atMs) * listing.shock * (1 + this.#offsetBps(atMs) / 10_000)
  }

  orderChanged(order: Order, trade?: Trade): void {
    for (const listener of this.#listeners) listener.orderChanged(order, trade)
  }

  traded(trade: Trade): void {
    const listing = this.listings.get(trade.market.instrument.symbol)
    listing?.tape.add(trade)
    const isBuyerMaker = trade.maker.side === 'BUY'
    listing?.candles.trade(trade.atMs, trade.priceTicks, trade.lots, trade.quoteUnits, isBuyerMaker)
    for (const listener of this.#listeners) listener.traded(trade)
  }

  #house(name: string, symbols: readonly SymbolSpec[]): Trader {
    const trader = new Trader({ name, makerFeePpm: 0, takerFeePpm: 0, keepsHistory: false })
    for (const { base, quote } of symbols) for (const asset of [base, quote]) trader.balance(asset).free = houseUnits
    this.traders.set(name, trader)
    return trader
  }

  #list(
    spec: SymbolSpec,
    { maker, noise, random, pathSeed }: { maker: Trader; noise: Trader; random: Random; pathSeed: number },
  ): void {
    const market = new Market(compileInstrument(spec))
    const { symbol, tickUnits } = market.instrument
    if (this.listings.has(symbol))
      throw new InvalidInputError({ code: 'SIM_INSTRUMENT_INVALID', message: `${symbol} is listed twice` })
    const participants =
      spec.participants === false
        ? undefined
        : new Participants({ engine: this.engine, market, maker, noise, random, spec: spec.participants ?? {} })
    const path =
      spec.path ??
      seededPath({
        seed: pathSeed,
        price: spec.price ?? 60_000,
        ...(spec.dailyVolatility === undefined ? {} : { dailyVolatility: spec.dailyVolatility }),
      })
    const listing = newListing(market, participants, path)
    this.listings.set(symbol, listing)
    if (participants === undefined) return
    const ticksAt = (atMs: number) =>
      Math.round((path(atMs) * (1 + this.#offsetBps(atMs) / 10_000) * 1e8) / Number(tickUnits))
    market.lastTicks = ticksAt(this.#steppedMs)
    listing.candles.precede(this.#steppedMs - HISTORY_MS, this.#steppedMs, ticksAt)
  }

  #step(listing: Listing, atMs: number, elapsedMs: number): void {
    if (listing.isTrading) listing.participants?.step(this.fairPrice(listing, atMs), atMs, elapsedMs)
  }
}
