import { type Random, seededRandom } from '@org/core'
import { type ScriptedMarket, scriptedMarket } from '@org/venue-trading'
import type { World } from '../world.ts'

export const arbitraged = 'BTC/USDT'
export const symbols = [arbitraged, 'ETH/USDT'] as const
export const exchangeIds = ['north', 'south'] as const
export type ExchangeId = (typeof exchangeIds)[number]

const barMs = 60_000
const barsBefore = 40
const levels = 3

interface Bar {
  readonly openTime: number
  readonly open: number
  high: number
  low: number
  close: number
}

/**
 * Prices of two exchanges, from the world's seed: each symbol wanders about 100, each exchange a little apart from it, so that a spread opens now and
 * then, either way. What rests at a price is so little that orders are filled in part.
 */
export class Prices {
  readonly markets: readonly ScriptedMarket[]
  readonly #world: World
  readonly #random: Random
  readonly #bars = new Map<string, Bar>()
  readonly #middles = new Map<string, number>()
  #isCalm = false

  constructor(world: World) {
    this.#world = world
    this.#random = seededRandom(world.seed ^ 0x9a1ce)
    const { clock } = world
    const instrument = { quantityStep: '0.001', quantityMin: '0.001', notionalMin: '1' }
    const offered = Object.fromEntries(symbols.map(symbol => [symbol, instrument]))
    this.markets = exchangeIds.map(() => scriptedMarket({ clock, symbols: offered }))
    const firstOpen = clock.now() - (clock.now() % barMs) - barsBefore * barMs
    for (const symbol of symbols) {
      this.#middles.set(symbol, 100)
      for (let openTime = firstOpen; openTime < clock.now(); openTime += barMs)
        for (let move = 0; move < 15; move++) this.#wander(symbol, openTime)
      this.#quote(symbol)
    }
  }

  /** Moves until the world ends. */
  async move(): Promise<void> {
    const { clock } = this.#world
    for (;;) {
      await clock.sleep(2_000 + 4_000 * this.#random.next())
      for (const symbol of symbols) {
        this.#wander(symbol, clock.now() - (clock.now() % barMs))
        this.#quote(symbol)
      }
    }
  }

  /** From now on both exchanges quote the same and enough of it, so that nothing new pays and everything can be repaired. */
  calm(): void {
    this.#isCalm = true
    for (const symbol of symbols) this.#quote(symbol)
  }

  /** The middle of what every exchange quotes once it is calm. */
  middle(symbol: string): number {
    return this.#middles.get(symbol) as number
  }

  #wander(symbol: string, openTime: number): void {
    const before = this.#middles.get(symbol) as number
    const pull = (100 - before) * 0.03
    const middle = this.#isCalm ? before : round(before + pull + 1.6 * (this.#random.next() - 0.5))
    this.#middles.set(symbol, middle)
    const last = this.#bars.get(symbol)
    const bar =
      last?.openTime === openTime ? last : { openTime, open: before, high: before, low: before, close: before }
    if (bar !== last && last !== undefined) this.#show(symbol, last, true)
    bar.high = Math.max(bar.high, middle)
    bar.low = Math.min(bar.low, middle)
    bar.close = middle
    this.#bars.set(symbol, bar)
    this.#show(symbol, bar, false)
  }

  #show(symbol: string, bar: Bar, isClosed: boolean): void {
    for (const market of this.markets) market.candle(symbol, '1m', { ...bar, volume: 1, isClosed })
  }

  #quote(symbol: string): void {
    const middle = this.middle(symbol)
    const apart = this.#isCalm || this.#random.next() < 0.5 ? 0 : 2 * (this.#random.next() - 0.5)
    for (const [i, market] of this.markets.entries()) {
      const center = middle + (i === 0 ? apart : -apart)
      market.quote(symbol, { bids: this.#side(center, -1), asks: this.#side(center, 1) })
    }
  }

  #side(center: number, direction: 1 | -1): (readonly [string, string])[] {
    return Array.from({ length: levels }, (_, level) => {
      const price = center + direction * 0.05 * (level + 1)
      const quantity = this.#isCalm ? 100 : 0.01 + 0.15 * this.#random.next()
      return [price.toFixed(2), quantity.toFixed(3)] as const
    })
  }
}

function round(price: number): number {
  return Math.round(price * 100) / 100
}
