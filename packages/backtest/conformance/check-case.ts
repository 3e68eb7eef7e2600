/** Runs one case and says where it differs from what is expected. */
import { type BarReplay, type BrokerOptions, backtestingPyRules, replayBars, runStatistics } from '@org/backtest'
import { type ExpectedCase, pricesOf, type ReferenceCase, type Row } from './reference-case.ts'
import { referenceStatistics } from './reference-statistics.ts'
import { referenceRule, referenceSymbol } from './reference-strategies.ts'

/** Absolute, for money after each bar. */
const equityTolerance = 1e-6
/** Relative, for prices and profits. */
const tradeTolerance = 1e-9
/** Relative. Some are small differences of large powers (volatility), where the reference's own last digits are rounding. */
const statisticTolerance = 1e-8

/** Differences in words; none: the case agrees. */
export function checkCase(folder: string, dataFolders: readonly string[], expected: ExpectedCase): string[] {
  const { spec } = expected
  const bars = pricesOf(folder, dataFolders, spec)
  const rule = referenceRule(spec.strategy, spec.params)
  const run = replayBars({ symbol: referenceSymbol, bars, rule, broker: brokerOf(spec) })
  const statistics = runStatistics({ times: bars.openTime, closes: bars.close, firstBar: rule.warmUp, ...run })
  return [
    ...tradeDifferences(run, expected.trades),
    ...equityDifferences(run.equity, expected.equity),
    ...statisticDifferences(referenceStatistics(statistics), spec.stats),
  ]
}

function brokerOf({ broker }: ReferenceCase): BrokerOptions {
  const { commission = 0 } = broker
  return {
    ...backtestingPyRules,
    cash: broker.cash,
    commission: typeof commission === 'number' ? commission : { fixed: commission[0], rate: commission[1] },
    spread: broker.spread ?? 0,
    margin: broker.margin ?? 1,
    fillAt: broker.trade_on_close === true ? 'previous-close' : 'next-open',
    exclusiveOrders: broker.exclusive_orders ?? false,
    atEnd: broker.finalize_trades === true ? 'last-bar-again' : 'open',
  }
}

/** Sizes and bars exactly, prices and money closely; an empty cell is a level that was not set. */
function tradeDifferences({ trades }: BarReplay, expected: readonly Row[]): string[] {
  const ours = trades.map(trade => ({
    Size: trade.units,
    EntryBar: trade.entryBar,
    ExitBar: trade.exitBar,
    EntryPrice: trade.entryPrice,
    ExitPrice: trade.exitPrice,
    SL: trade.stopLoss,
    TP: trade.takeProfit,
    PnL: trade.profit,
    Commission: trade.commission,
    ReturnPct: trade.returnRatio,
  }))
  const count = ours.length === expected.length ? [] : [`${ours.length} trades, expected ${expected.length}`]
  const rows = expected.flatMap((row, i) => {
    const our = ours[i]
    if (our === undefined) return []
    return Object.entries(our).flatMap(([name, value]) => {
      const cell = row[name] ?? ''
      const isExact = name === 'Size' || name.endsWith('Bar')
      const wanted = cell === '' ? undefined : Number(cell)
      // Money that is a difference of larger sums is as exact as those.
      const scale = name === 'PnL' ? Math.abs(our.Size) * our.EntryPrice : name === 'ReturnPct' ? 1 : 0
      const isEqual = isExact ? value === wanted : isClose(value, wanted, tradeTolerance, scale)
      return isEqual ? [] : [`trade ${i}: ${name} ${value}, expected ${wanted}`]
    })
  })
  return [...count, ...rows]
}

function equityDifferences(ours: ArrayLike<number>, expected: readonly number[]): string[] {
  if (ours.length !== expected.length) return [`${ours.length} bars of equity, expected ${expected.length}`]
  return expected.flatMap((wanted, i) =>
    Math.abs((ours[i] as number) - wanted) <= equityTolerance
      ? []
      : [`equity after bar ${i}: ${ours[i]}, expected ${wanted}`],
  )
}

function statisticDifferences(
  ours: Readonly<Record<string, number | string | undefined>>,
  expected: ReferenceCase['stats'],
): string[] {
  const names = new Set([...Object.keys(ours), ...Object.keys(expected)])
  return [...names].flatMap(name => {
    const [our, wanted] = [ours[name], expected[name] ?? undefined]
    const isEqual =
      typeof our === 'number' || typeof wanted === 'number'
        ? isClose(our as number | undefined, wanted as number | undefined, statisticTolerance)
        : our === wanted
    return isEqual ? [] : [`${name}: ${our}, expected ${wanted}`]
  })
}

function isClose(a: number | undefined, b: number | undefined, tolerance: number, scale = 0): boolean {
  if (a === undefined || b === undefined) return a === b
  return a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b), scale)
}
