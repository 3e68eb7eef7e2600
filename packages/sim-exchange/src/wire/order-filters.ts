import { type Instrument, quoteUnits } from '../matching/instrument.ts'
import type { Market } from '../matching/market.ts'
import type { Trader } from '../matching/trader.ts'
import { unitsPerOne } from '../matching/units.ts'
import { refusals } from './wire-error.ts'

const priceUnitsMax = 100_000_000n * unitsPerOne
const notionalUnitsMax = 9_000_000n * unitsPerOne

/** Open orders an account may have in one market. */
export const openOrdersMax = 200

/** How far an order's price may lie from the last one. */
export const priceMultiples = { min: 0.2, max: 5 }

/** Whole ticks of a price, or the refusal of PRICE_FILTER. */
export function ticksOf({ tickUnits }: Instrument, units: bigint): number {
  if (units < tickUnits || units > priceUnitsMax || units % tickUnits !== 0n) throw refusals.filter('PRICE_FILTER')
  return Number(units / tickUnits)
}

/** Whole lots of a quantity, or the refusal of LOT_SIZE. */
export function lotsOf({ lotUnits, lotsMin, lotsMax }: Instrument, units: bigint): number {
  if (units % lotUnits !== 0n) throw refusals.filter('LOT_SIZE')
  const lots = Number(units / lotUnits)
  if (lots < lotsMin || lots > lotsMax) throw refusals.filter('LOT_SIZE')
  return lots
}

/** Refuses a price far from the last one. */
export function checkDistance({ lastTicks }: Market, ticks: number): void {
  if (lastTicks === 0) return
  if (ticks < lastTicks * priceMultiples.min || ticks > lastTicks * priceMultiples.max)
    throw refusals.filter('PERCENT_PRICE_BY_SIDE')
}

/** Refuses what is worth too little, or, for orders with a limit, too much. */
export function checkNotional(
  { instrument, lastTicks }: Market,
  order: { readonly priceTicks: number; readonly lots: number; readonly quoteUnits: bigint },
): void {
  const isLimited = order.priceTicks > 0
  const ticks = isLimited ? order.priceTicks : lastTicks
  const units = order.quoteUnits > 0n ? order.quoteUnits : quoteUnits(instrument, ticks, order.lots)
  const isTooSmall = units < instrument.notionalMinUnits && (isLimited || ticks > 0)
  if (isTooSmall || (isLimited && units > notionalUnitsMax)) throw refusals.filter('NOTIONAL')
}

/** Refuses one open order too many. */
export function checkOpenOrders(trader: Trader, market: Market): void {
  if (trader.open.size < openOrdersMax) return
  let count = 0
  for (const order of trader.open.values()) if (order.market === market) count++
  if (count >= openOrdersMax) throw refusals.filter('MAX_NUM_ORDERS')
}
