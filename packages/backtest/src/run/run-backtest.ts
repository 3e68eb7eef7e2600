import {
  AbortedError,
  type AnyVenue,
  AutomationError,
  createGate,
  createStrategyContext,
  DefaultRiskManager,
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
import { EquityRecorder } from './equity-recorder.ts'
import { openGate } from './open-gate.ts'
import { type Schedule, scan } from './scan.ts'

export interface BacktestOptions {
  readonly strategies: readonly Strategy[]
  /** Markets of history; each has an account of its own. Ties of time go by this order. */
  readonly venues: readonly Omit<BacktestVenueOptions, 'clock'>[]
  /** Others that live on the run's clock, such as a simulated market of another domain. */
  readonly otherVenues?: (clock: VirtualClock) => readonly AnyVenue[]
  /** The rules of the one shared budget. @default none */
  readonly constraints?: readonly RiskConstraint[]
  /** Every intent goes through the gate and the risk manager, as live. Off: straight to the venue; no budget, no journal. @default true */
  readonly gate?: boolean
  /** Where budgets and journal are kept. @default in memory, with the newest 10,000 entries */
  readonly store?: Store
  /** Of whatever is random: the same seed gives the same run. @default 1 */
  readonly seed?: number
  /** What is over later is left out. Milliseconds since the epoch. @default the end of the data */
  readonly end?: number
  readonly signal?: AbortSignal
  readonly logger?: Logger
  /** Called now and then with the time of the simulation. */
  readonly onProgress?: (progress: { readonly nowMs: number; readonly events: number }) => void
}

/** After so many events others get their turn: signals, timers, progress. */
const eventsPerTurn = 20_000

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
  for (const venue of options.venues) markets.push(await BacktestVenue.open({ ...venue, clock }))
  if (strategies.length === 0 || markets.length === 0)
    throw new InvalidInputError({ code: 'INVALID_OPTION', message: 'expected at least one strategy and one venue' })
  return clock.run(async () => {
    const first = await nextEventOf(markets)
    if (first === Number.POSITIVE_INFINITY)
      throw new AutomationError({ code: 'NO_BARS', message: 'expected at least one bar or quote, the feeds have none' })
    clock.jumpTo(first)
    return drive({ ...options, clock, markets, first })
  })
}

interface Drive extends BacktestOptions {
  readonly clock: VirtualClock
  readonly markets: readonly BacktestVenue[]
  readonly first: number
}

async function drive(options: Drive): Promise<BacktestResult> {
  const {
    strategies,
    markets,
    clock,
    first,
    logger = silentLogger,
    end = Number.POSITIVE_INFINITY,
    onProgress,
    signal,
  } = options
  const isGated = options.gate !== false
  const store = options.store ?? memoryStore(isGated ? {} : { journalEntriesMax: 0 })
  const risk = new DefaultRiskManager(options.constraints ?? [], { store, clock })
  const others = options.otherVenues?.(clock) ?? []
  const venues: readonly AnyVenue[] = [...markets, ...others]
  const gate = isGated ? createGate({ venues, risk, clock, mode: 'simulated', logger }) : openGate(venues)
  const random = seededRandom(options.seed ?? 1)
  const recorder = new BudgetRecorder(risk)
  const equity = new EquityRecorder()
  const equities = markets.map(() => new EquityRecorder())
  const rates = markets.map(({ quoteRate }) => Number(quoteRate))
  const abort = signal ?? new AbortController().signal

  for (const venue of venues) await venue.connect()
  await risk.ready()
  const schedules: Schedule[] = []
  for (const strategy of strategies) {
    strategy.setRiskManager(risk)
    await strategy.initialize(
      createStrategyContext({
        strategyId: strategy.id,
        gate,
        risk,
        clock,
        random,
        logger,
        venues,
        mode: 'simulated',
        signal: abort,
      }),
    )
    schedules.push({ strategy, dueAt: first, scans: 0 })
  }

  const noteEquity = (add: boolean, nowMs: number) => {
    let total = 0
    for (let i = 0; i < markets.length; i++) {
      const worth = (markets[i] as BacktestVenue).broker.equity
      total += worth * (rates[i] as number)
      const recorded = equities[i] as EquityRecorder
      if (add) recorded.add(nowMs, worth)
      else recorded.correct(worth)
    }
    if (add) equity.add(nowMs, total)
    else equity.correct(total)
  }

  let events = 0
  let isLastRound = false
  while (!isLastRound) {
    let data = nextLoadedEventOf(markets)
    data ??= await nextEventOf(markets)
    let nowMs = data
    for (const { dueAt } of schedules) if (dueAt < nowMs) nowMs = dueAt
    isLastRound = data === Number.POSITIVE_INFINITY || nowMs > end
    if (isLastRound && (clock.now() > end || nowMs > clock.now())) break
    recorder.beforeMovingTo(nowMs)
    // Whoever sleeps on the clock wakes on the way; with nobody asleep time just jumps.
    if (clock.sleeping > 0) await clock.sleep(nowMs - clock.now())
    else if (nowMs > clock.now()) clock.jumpTo(nowMs)
    if (data <= nowMs) {
      for (const market of markets) market.advanceTo(nowMs)
      noteEquity(true, nowMs)
      events++
      if (events % eventsPerTurn === 0) {
        await clock.sleep(0)
        if (signal?.aborted) throw new AbortedError({ cause: signal.reason })
        onProgress?.({ nowMs, events })
      }
    }
    for (const schedule of schedules) {
      if (schedule.dueAt > nowMs) continue
      schedule.scans++
      await scan(schedule, nowMs)
      schedule.dueAt = Math.max(schedule.dueAt + schedule.strategy.config.scanIntervalMs, clock.now())
    }
  }

  for (const { broker } of markets) if (broker.rules.atEnd === 'last-close') broker.closeEverything('end')
  for (const { strategy } of schedules) await strategy.shutdown()
  for (const venue of venues) await venue.close()
  noteEquity(false, clock.now())
  recorder.close()

  const trades = tradesOf(markets)
  return {
    times: equity.times,
    equity: equity.values,
    byVenue: markets.map(({ id }, i) => ({ venueId: id, equity: (equities[i] as EquityRecorder).values })),
    trades,
    statistics: runStatistics({ times: equity.times, equity: equity.values, trades: placedIn(equity.times, trades) }),
    refusals: recorder.refusals,
    refusalCount: recorder.refusalCount,
    budgets: risk.assessPortfolio().budgets,
    budgetUse: recorder.budgetUse,
    events,
    scans: Object.fromEntries(schedules.map(({ strategy, scans }) => [strategy.id, scans])),
    journalDigest: store.digest(),
    journal: () => store.journal(),
  }
}

/** The next data event, where no feed has to be asked for more. */
function nextLoadedEventOf(markets: readonly BacktestVenue[]): number | undefined {
  let next = Number.POSITIVE_INFINITY
  for (const market of markets) {
    const at = market.nextEventAt()
    if (at === undefined) return undefined
    if (at < next) next = at
  }
  return next
}

async function nextEventOf(markets: readonly BacktestVenue[]): Promise<number> {
  for (const market of markets) await market.load()
  return nextLoadedEventOf(markets) ?? Number.POSITIVE_INFINITY
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
