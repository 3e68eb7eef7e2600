import {
  type AnyVenue,
  AutomationError,
  createGate,
  createStrategyContext,
  DefaultRiskManager,
  type Duration,
  durationMs,
  InvalidInputError,
  type Logger,
  memoryStore,
  type RiskConstraint,
  type Store,
  type Strategy,
  seededRandom,
  silentLogger,
  VirtualClock,
} from '@org/core'
import { runStatistics } from '../statistics/statistics.ts'
import { BacktestVenue, type BacktestVenueOptions } from '../venue/backtest-venue.ts'
import type { BacktestResult, VenueTrade } from './backtest-result.ts'
import { BudgetRecorder } from './budget-recorder.ts'
import { EquityWatch } from './equity-watch.ts'
import { HistoryWalk } from './history-walk.ts'
import { openGate } from './open-gate.ts'
import type { Schedule } from './scan.ts'

export interface BacktestOptions {
  readonly strategies: readonly Strategy[]
  /** Markets of history; each has an account of its own. Ties of time go by this order. */
  readonly venues: readonly Omit<BacktestVenueOptions, 'clock' | 'hasPostings'>[]
  /** Others that live on the run's clock, such as a simulated market of another domain. */
  readonly otherVenues?: (clock: VirtualClock) => readonly AnyVenue[] | Promise<readonly AnyVenue[]>
  /** The rules of the one shared budget. @default none */
  readonly constraints?: readonly RiskConstraint[]
  /** Every intent goes through the gate and the risk manager, as live. Off: straight to the venue; no budget, no journal. @default true */
  readonly gate?: boolean
  /** Where budgets and journal are kept. @default in memory, with the newest 10,000 entries */
  readonly store?: Store
  /** Equity is noted once in so much time: over very many bars it would fill the memory. @default after each event */
  readonly equityStep?: Duration
  /** Of whatever is random: the same seed gives the same run. @default 1 */
  readonly seed?: number
  /** What is over later is left out. Milliseconds since the epoch. @default the end of the data */
  readonly end?: number
  readonly signal?: AbortSignal
  readonly logger?: Logger
  /** Called now and then with the time of the simulation. */
  readonly onProgress?: (progress: { readonly nowMs: number; readonly events: number }) => void
}

/**
 * Runs strategies over history: the same objects, context, gate, risk manager and ledger as live, on a virtual clock. Time goes from one bar (or
 * quote, or scan) to the next; orders meet the bars that come after the decision.
 *
 * @returns Equity after each event, trades, figures, refusals, use of budgets; the same for the same input, journal included, to the byte.
 * @throws AutomationError `STRATEGY_FAILED`, `LOOK_AHEAD`, `NO_BARS`; `ABORTED` by `signal`; whatever is wrong with the data, with file and row.
 * @example
 * const result = await runBacktest({
 *   strategies: [new EmaCross({ symbol: 'SPY/USD' })],
 *   venues: [{ id: 'paper', feeds: [{ symbol: 'SPY/USD', timeframe: '1d', bars }], broker: { cash: 100_000, commission: 0.0005 } }],
 *   constraints: [dailyLoss({ limit: 500 })],
 * })
 * console.log(result.statistics.sharpe, result.refusals.length)
 */
export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  const { strategies } = options
  const clock = new VirtualClock({ startMs: 0 })
  const markets: BacktestVenue[] = []
  for (const venue of options.venues)
    markets.push(await BacktestVenue.open({ ...venue, clock, hasPostings: options.gate !== false }))
  if (strategies.length === 0 || markets.length === 0)
    throw new InvalidInputError({ code: 'INVALID_OPTION', message: 'expected at least one strategy and one venue' })
  return clock.run(async () => {
    for (const market of markets) await market.load()
    const first = Math.min(...markets.map(market => market.nextEventAt() ?? Number.POSITIVE_INFINITY))
    if (first === Number.POSITIVE_INFINITY)
      throw new AutomationError({ code: 'NO_BARS', message: 'expected at least one bar or quote, the feeds have none' })
    clock.jumpTo(first)
    return drive(options, clock, markets)
  })
}

async function drive(
  options: BacktestOptions,
  clock: VirtualClock,
  markets: readonly BacktestVenue[],
): Promise<BacktestResult> {
  const { signal, onProgress, end = Number.POSITIVE_INFINITY, logger = silentLogger } = options
  const isGated = options.gate !== false
  const store = options.store ?? memoryStore(isGated ? {} : { journalEntriesMax: 0 })
  const risk = new DefaultRiskManager(options.constraints ?? [], { store, clock })
  const others = (await clock.track(Promise.resolve(options.otherVenues?.(clock)))) ?? []
  const venues: readonly AnyVenue[] = [...markets, ...others]
  const gate = isGated ? createGate({ venues, risk, clock, mode: 'simulated', logger }) : openGate(venues)
  const budgets = new BudgetRecorder(risk, isGated)
  const equity = new EquityWatch(markets, durationMs(options.equityStep ?? 0))
  const shared = {
    gate,
    risk,
    clock,
    logger,
    venues,
    mode: 'simulated',
    random: seededRandom(options.seed ?? 1),
  } as const

  for (const venue of venues) await venue.connect()
  await risk.ready()
  const schedules: Schedule[] = []
  for (const strategy of options.strategies) {
    strategy.setRiskManager(risk)
    const context = { ...shared, strategyId: strategy.id, signal: signal ?? new AbortController().signal }
    await strategy.initialize(createStrategyContext(context))
    schedules.push({ strategy, dueAt: clock.now(), scans: 0 })
  }

  const walk = new HistoryWalk({ clock, markets, schedules, equity, budgets, end, signal, onProgress })
  await walk.run()

  for (const { broker } of markets) if (broker.rules.atEnd === 'last-close') broker.closeEverything('end')
  for (const { strategy } of schedules) await strategy.shutdown()
  for (const venue of venues) await venue.close()
  equity.finish(walk.lastDataAt)
  budgets.close()

  const { times, values } = equity.total
  const trades = tradesOf(markets)
  return {
    times,
    equity: values,
    byVenue: equity.byVenue,
    trades,
    statistics: runStatistics({ times, equity: values, closes: equity.closes, trades: placedIn(times, trades) }),
    refusals: budgets.refusals,
    refusalCount: budgets.refusalCount,
    budgets: risk.assessPortfolio().budgets,
    budgetUse: budgets.budgetUse,
    booked: budgets.booked,
    events: walk.events,
    scans: Object.fromEntries(schedules.map(({ strategy, scans }) => [strategy.id, scans])),
    journalDigest: store.digest(),
    journal: () => store.journal(),
  }
}

/** Of all venues, in the order of their ends. */
function tradesOf(markets: readonly BacktestVenue[]): VenueTrade[] {
  return markets
    .flatMap(({ id, broker }) => broker.closedTrades.map(trade => ({ ...trade, venueId: id })))
    .sort((a, b) => a.exitTime - b.exitTime)
}

/** Bars of a trade counted in the events of the whole run. */
function placedIn(times: Float64Array, trades: readonly VenueTrade[]): VenueTrade[] {
  return trades.map(trade => ({
    ...trade,
    entryBar: firstAfter(times, trade.entryTime),
    exitBar: firstAfter(times, trade.exitTime),
  }))
}

function firstAfter(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) > time) high = middle
    else low = middle + 1
  }
  return low
}
