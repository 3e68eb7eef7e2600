import { Decimal } from '@org/core'
import { z } from 'zod'
import type { Balance } from '../actions/views.ts'
import { assetsOf } from '../book/symbol-assets.ts'
import type { ExchangeTrade } from './read-account.ts'

/** What the account held at one time, and which trades are in it. */
export const accountSnapshotSchema = z.object({
  /** Of the first snapshot: what was traded before is inventory. */
  startedAt: z.number(),
  /** The exchange's time, milliseconds since the epoch. */
  at: z.number(),
  /** Free and locked together, by asset. */
  totals: z.record(z.string(), z.string()),
  /** By symbol: ids of the newest trades that are in the totals, and the time of the newest. */
  counted: z.record(z.string(), z.object({ at: z.number(), ids: z.array(z.string()) })),
})
export type AccountSnapshot = z.output<typeof accountSnapshotSchema>

/** Exchanges may show a trade this much later than others of the same time. */
export const lateTradesMs = 60_000

/** Interest and rounding of fees: a difference below this share of the balance is none. */
const toleranceShare = '0.000001'

/** From when on trades of a symbol must be asked for to know what changed since the snapshot. */
export function countedSince(snapshot: AccountSnapshot, symbol: string): number {
  const counted = snapshot.counted[symbol]
  return counted === undefined ? snapshot.at : Math.max(snapshot.startedAt, counted.at - lateTradesMs)
}

/** Trades that the snapshot does not hold yet. A symbol that was not looked at then: all since. */
export function notCounted(
  snapshot: AccountSnapshot,
  symbol: string,
  trades: readonly ExchangeTrade[],
): readonly ExchangeTrade[] {
  const counted = snapshot.counted[symbol]
  if (counted === undefined) return trades.filter(({ at }) => at >= snapshot.at)
  const ids = new Set(counted.ids)
  return trades.filter(({ tradeId, at }) => !ids.has(tradeId) && at >= countedSince(snapshot, symbol))
}

/** The snapshot that the balances and trades of now make. */
export function snapshotOf(
  startedAt: number,
  at: number,
  balances: readonly Balance[],
  tradesBySymbol: ReadonlyMap<string, readonly ExchangeTrade[]>,
): AccountSnapshot {
  const counted = [...tradesBySymbol].map(([symbol, trades]) => {
    const newest = trades.at(-1)?.at ?? at
    const ids = trades.filter(trade => trade.at >= newest - lateTradesMs).map(({ tradeId }) => tradeId)
    return [symbol, { at: newest, ids }] as const
  })
  return { startedAt, at, totals: totalsOf(balances), counted: Object.fromEntries(counted) }
}

/** An asset whose balance is not what it was plus what was traded. */
export interface UnexplainedBalance {
  readonly asset: string
  readonly expected: string
  readonly actual: string
}

/** What neither fills nor what was there before explain, of the assets of `symbols`. */
export function unexplained(
  snapshot: AccountSnapshot,
  balances: readonly Balance[],
  newTrades: readonly ExchangeTrade[],
  symbols: readonly string[],
): readonly UnexplainedBalance[] {
  const totals = totalsOf(balances)
  const expected = new Map(Object.entries(snapshot.totals).map(([asset, total]) => [asset, Decimal.of(total)]))
  const add = (asset: string, amount: Decimal) =>
    expected.set(asset, (expected.get(asset) ?? Decimal.of(0)).plus(amount))
  for (const { symbol, side, price, quantity, fee, feeAsset } of newTrades) {
    const { base, quote } = assetsOf(symbol)
    const bought = side === 'buy' ? Decimal.of(quantity) : Decimal.of(quantity).negated()
    add(base, bought)
    add(quote, bought.times(price).negated())
    if (feeAsset !== '') add(feeAsset, Decimal.of(fee).negated())
  }
  const assets = new Set(symbols.flatMap(symbol => Object.values(assetsOf(symbol))))
  return [...assets].flatMap(asset => {
    const should = expected.get(asset) ?? Decimal.of(0)
    const actual = Decimal.of(totals[asset] ?? 0)
    const tolerance = should.abs().times(toleranceShare)
    const isSame = should.minus(actual).abs().compare(tolerance) <= 0
    return isSame ? [] : [{ asset, expected: should.text, actual: actual.text }]
  })
}

function totalsOf(balances: readonly Balance[]): Readonly<Record<string, string>> {
  return Object.fromEntries(balances.map(({ asset, free, locked }) => [asset, Decimal.of(free).plus(locked).text]))
}
