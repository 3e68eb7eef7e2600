// Data: bars, and what is wrong with them.

export type { Bar } from './bars/bar.ts'
export { BarColumns } from './bars/bar-columns.ts'
export type { BarErrorCode, BarWarning } from './bars/bar-error.ts'
export type { BarsSoFar } from './bars/bars-so-far.ts'
export { parseBars, type ReadBars, streamBars } from './bars/read-bars.ts'
export type { BarFormat } from './bars/row-reader.ts'

// Broker: how orders are filled and what they cost.

export { Broker } from './broker/broker.ts'
export type { BrokerFill, BrokerListener } from './broker/broker-listener.ts'
export type { Commission, FeeBase } from './broker/fees.ts'
export type { Market } from './broker/market.ts'
export type { Order, OrderRequest, OrderState } from './broker/order.ts'
export { type BrokerOptions, type BrokerRules, backtestingPyRules } from './broker/rules.ts'
export type { ClosedTrade, Trade } from './broker/trade.ts'

// Run: bars and a rule, straight on a broker.

export { checkLookAhead, checkRecursion, type RuleCheckOptions, type RuleDifference } from './run/check-rule.ts'
export { type BarReplay, type BarRule, replayBars } from './run/replay-bars.ts'

// Judge: one definition of each figure.

export { drawdownOfResults } from './statistics/drawdowns.ts'
export { type RunHistory, type RunStatistics, runStatistics } from './statistics/statistics.ts'
export { type TradeResult, type TradeStatistics, tradeStatistics } from './statistics/trade-statistics.ts'

// Run strategies as live: gate, budget, journal, clock.

export type { BacktestResult, BudgetPoint, Refusal, VenueEquity, VenueTrade } from './run/backtest-result.ts'
export { type BacktestOptions, runBacktest } from './run/run-backtest.ts'
export { BacktestVenue, type BacktestVenueOptions } from './venue/backtest-venue.ts'
export type { Feed, Quote } from './venue/feed.ts'

// Look at it.

export { type ReportOptions, type ReportRun, reportHtml } from './report/report-html.ts'
export { summaryText } from './report/summary-text.ts'
export { tradesCsv } from './report/trades-csv.ts'

// Search, and doubt what was found.

export { gridOf, type ParameterSpace, type Parameters, type ParameterValue } from './search/parameter-space.ts'
export { type SearchOptions, type SearchProgress, type SearchResult, search } from './search/search.ts'
export type { Trial, TrialOutcome, TrialResult, TrialTask } from './search/trial.ts'
export { type ForwardStep, type ForwardWindow, type WalkForwardOptions, walkForward } from './search/walk-forward.ts'
export { type BootstrapOptions, bootstrapInterval, type Interval } from './statistics/bootstrap.ts'
export { deflatedSharpe } from './statistics/deflated-sharpe.ts'
export { overfittingProbability } from './statistics/overfitting.ts'
export { periodReturns, spacingOf } from './statistics/period-returns.ts'
