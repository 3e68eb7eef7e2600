import type { BookSide } from '../../matching/book-side.ts'
import type { Market } from '../../matching/market.ts'
import { priceText, quantityText } from './amounts.ts'

/** Price and quantity. */
export type DepthLevel = readonly [price: string, quantity: string]

/** The best `limit` levels of a side, best first. */
export function depthLevels({ instrument }: Market, side: BookSide, limit: number): readonly DepthLevel[] {
  const rows: DepthLevel[] = []
  for (let i = side.levels.length - 1; i >= 0 && rows.length < limit; i--) {
    const level = side.levels[i]
    if (level !== undefined) rows.push([priceText(instrument, level.ticks), quantityText(instrument, level.lots)])
  }
  return rows
}

/** The best prices of a market; zeros where a side is empty, as the exchange has it. */
export function bestPrices({ instrument, bids, asks }: Market) {
  return {
    bidPrice: priceText(instrument, bids.best?.ticks ?? 0),
    bidQty: quantityText(instrument, bids.best?.lots ?? 0),
    askPrice: priceText(instrument, asks.best?.ticks ?? 0),
    askQty: quantityText(instrument, asks.best?.lots ?? 0),
  }
}
