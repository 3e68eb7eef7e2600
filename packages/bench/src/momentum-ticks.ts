import { type AnyVenue, createGate, createStrategyContext, seededRandom, silentLogger, VirtualClock } from '@org/core'
import { MomentumStrategy } from '@org/strategy-momentum'
import { PaperVenue, type ScriptedMarket, scriptedMarket } from '@org/venue-trading'
import type { BenchResult } from './bench-result.ts'
import { tradingBudget } from './trading/trading-budget.ts'

const symbolCount = 1_000
const ticksPerSecond = 20
const minutes = 5
const runs = 3
const minuteMs = 60_000
const startMs = Date.UTC(2026, 0, 1)
const symbols = Array.from({ length: symbolCount }, (_, i) => `A${i}/USDT`)
const warmUpBars = 70

/**
 * Ticks of a thousand symbols through paper venue, averages, gate and a budget in memory, all on one thread. The same ticks several times: what others on
 * the machine cost an intent is gone from the best of them.
 */
export async function run(): Promise<BenchResult[]> {
  const all: Run[] = []
  for (let i = 0; i < runs; i++) all.push(await once())
  const [first] = all as [Run]
  const intents = first.latencies.length
  if (intents < 100 || all.some(({ latencies }) => latencies.length !== intents))
    throw new Error(`expected the same intents in each run, some hundreds: ${all.map(one => one.latencies.length)}`)
  const best = first.latencies.map((_, i) => Math.min(...all.map(({ latencies }) => latencies[i] as number)))
  const every = all.flatMap(({ latencies }) => latencies)
  const cpuSeconds = Math.min(...all.map(one => one.cpuSeconds))
  const ticks = symbolCount * ticksPerSecond * 60 * minutes
  return [
    {
      name: 'updates per second of processor time, over those of 1,000 symbols with 20 each',
      value: ticks / cpuSeconds / (symbolCount * ticksPerSecond),
      unit: '×',
      limit: 1,
      note: `${ticks} ticks and ${intents} intents in ${cpuSeconds.toFixed(1)} s of processor time, scans and stops included`,
    },
    {
      name: `from a tick to its intent at the venue, slowest hundredth, each intent in the best of ${runs} runs`,
      value: at(best, 0.99),
      unit: 'µs',
      limit: 1_000,
      note: `half within ${at(best, 0.5).toFixed(0)} µs; of all runs, with whatever else the machine did, half within ${at(every, 0.5).toFixed(0)} and 99 of 100 within ${at(every, 0.99).toFixed(0)} µs; remembered, and reserved from four limits, meanwhile`,
    },
  ]
}

interface Run {
  /** Microseconds, intent by intent. */
  readonly latencies: readonly number[]
  readonly cpuSeconds: number
}

async function once(): Promise<Run> {
  const clock = new VirtualClock({ startMs })
  const market = scriptedMarket({ clock, symbols: Object.fromEntries(symbols.map(symbol => [symbol, {}])) })
  const random = seededRandom(7)
  const prices = symbols.map(() => 50 + random.next() * 100)
  for (const [i, symbol] of symbols.entries()) giveHistory(market, symbol, prices[i] as number)
  const venue = new PaperVenue({
    market,
    clock,
    account: 'margin',
    balances: { USDT: '1000000000' },
    baseCurrency: 'USDT',
  })
  const risk = tradingBudget(clock)
  await risk.ready()
  /** When the last tick of a symbol came; emptied before a scan, whose intents come from no tick. */
  const tickedAt = new Map<string, number>()
  const latencies: number[] = []
  const hands = handsOf(venue, symbol => {
    const at = tickedAt.get(symbol)
    if (at !== undefined) latencies.push((performance.now() - at) * 1_000)
  })
  const gate = createGate({ venues: [hands], risk, clock, mode: 'simulated', logger: silentLogger })
  const bot = new MomentumStrategy({
    venue: venue.id,
    config: {
      scanIntervalMs: minuteMs,
      customParams: {
        symbols,
        timeframe: '1m',
        fastPeriod: 5,
        slowPeriod: 12,
        atrPeriod: 5,
        riskPerTrade: 10,
        notionalMax: 1_000,
        allowShort: true,
      },
    },
  })
  bot.setRiskManager(risk)
  await bot.initialize(
    createStrategyContext({
      strategyId: bot.id,
      gate,
      risk,
      clock,
      random: seededRandom(1),
      logger: silentLogger,
      venues: [hands],
      mode: 'simulated',
      signal: new AbortController().signal,
    }),
  )
  await bot.findOpportunities()
  const stop = bot.follow(venue)
  const startCpu = process.cpuUsage()
  for (let minute = 0; minute < minutes; minute++) {
    for (let tick = 0; tick < 60 * ticksPerSecond; tick++) {
      for (let i = 0; i < symbolCount; i++) {
        const price = (prices[i] as number) * (1 + (random.next() - 0.5) * 0.0008)
        prices[i] = price
        tickedAt.set(symbols[i] as string, performance.now())
        market.quote(symbols[i] as string, { bid: (price * 0.9999).toFixed(2), ask: (price * 1.0001).toFixed(2) })
        // What the tick set going runs before the next one comes, as it would between two messages of a socket.
        if (tick === 0) await settled()
      }
      clock.jumpTo(clock.now() + 1_000 / ticksPerSecond)
    }
    await settled()
    tickedAt.clear()
    // The first bar was not seen from its start: the strategy asks the market for it.
    if (minute === 0) for (const [i, symbol] of symbols.entries()) giveBar(market, symbol, startMs, prices[i] as number)
    // The scan of the minute: results, stops and exits.
    for (const opportunity of await bot.findOpportunities())
      if (await bot.validateOpportunity(opportunity)) await bot.executeOpportunity(opportunity)
  }
  const { user, system } = process.cpuUsage(startCpu)
  await stop()
  return { latencies, cpuSeconds: (user + system) / 1e6 }
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * share)] as number
}

/** The venue, telling when an intent arrives. */
function handsOf(venue: PaperVenue, onIntent: (symbol: string) => void): AnyVenue {
  return {
    id: venue.id,
    domain: venue.domain,
    actions: venue.actions,
    observe: (kind, query, options) => venue.observe(kind as 'ticker', query as { symbol: string }, options),
    holdings: options => venue.holdings(options),
    connect: () => venue.connect(),
    close: () => venue.close(),
    reconcile: (intent, options) => venue.reconcile(intent, options),
    execute: (intent, options) => {
      if (!intent.reduces) onIntent(intent.asset ?? '')
      return venue.execute(intent, options)
    },
  }
}

function giveHistory(market: ScriptedMarket, symbol: string, price: number): void {
  for (let i = 0; i < warmUpBars; i++)
    giveBar(market, symbol, startMs - (warmUpBars - i) * minuteMs, price, i % 2 === 0 ? 0.0001 : -0.0001)
  market.quote(symbol, { bid: price.toFixed(2), ask: price.toFixed(2) })
}

function giveBar(market: ScriptedMarket, symbol: string, openTime: number, price: number, change = 0): void {
  const [high, low, close] = [price * 1.001, price * 0.999, price * (1 + change)]
  market.candle(symbol, '1m', { openTime, open: price, high, low, close, volume: 1, isClosed: true })
}

function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
