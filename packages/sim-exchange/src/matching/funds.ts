import { fillable } from './fillable.ts'
import { quoteUnits } from './instrument.ts'
import { isPriced, type NewOrder, type Order } from './order.ts'

/** An order as far as its cost goes. */
type Costed = Pick<NewOrder, 'trader' | 'market' | 'side' | 'type' | 'priceTicks' | 'lots' | 'selfTradePrevention'> & {
  readonly quoteUnits?: bigint
}

/** True when what is free covers all that the order may cost at once. */
export function isAffordable(order: Costed): boolean {
  const free = spendable(order)
  if (isPriced(order.type)) return limitUnits(order, order.lots) <= free
  if (order.side === 'SELL' && order.lots > 0) return BigInt(order.lots) * order.market.instrument.lotUnits <= free
  if (order.side === 'BUY' && order.lots === 0) return (order.quoteUnits ?? 0n) <= free
  const walked = fillable(order)
  return (order.side === 'BUY' ? walked.quoteUnits : BigInt(walked.lots) * order.market.instrument.lotUnits) <= free
}

/** What is free of the asset that the order pays with. */
export function spendable({ trader, market, side }: Pick<NewOrder, 'trader' | 'market' | 'side'>): bigint {
  return trader.balance(side === 'BUY' ? market.instrument.quote : market.instrument.base).free
}

/** What a stop or take-profit order locks while it waits: at its limit, or at its stop when it has none. */
export function parkedUnits(ask: NewOrder): bigint {
  const ticks = isPriced(ask.type) ? ask.priceTicks : (ask.stopTicks ?? 0)
  return limitUnits({ ...ask, priceTicks: ticks }, ask.lots)
}

/** What `lots` cost at most at the order's limit. */
export function limitUnits(
  { side, market, priceTicks }: Pick<Costed, 'side' | 'market' | 'priceTicks'>,
  lots: number,
): bigint {
  const { instrument } = market
  return side === 'BUY' ? quoteUnits(instrument, priceTicks, lots) : BigInt(lots) * instrument.lotUnits
}

/** Takes the price of a trade from what is free, or for a maker from what is locked. */
export function pay(order: Order, asset: string, units: bigint, isTaker: boolean): void {
  const balance = order.trader.balance(asset)
  if (isTaker) balance.free -= units
  else {
    balance.locked -= units
    order.lockedUnits -= units
  }
}

/** Locks `units` for an order. */
export function lock(order: Order, units: bigint): void {
  const balance = balanceOf(order)
  balance.free -= units
  balance.locked += units
  order.lockedUnits = units
}

/** Frees what an order still has locked. */
export function unlock(order: Order): void {
  if (order.lockedUnits === 0n) return
  const balance = balanceOf(order)
  balance.locked -= order.lockedUnits
  balance.free += order.lockedUnits
  order.lockedUnits = 0n
}

function balanceOf({ trader, side, market }: Order) {
  return trader.balance(side === 'BUY' ? market.instrument.quote : market.instrument.base)
}
