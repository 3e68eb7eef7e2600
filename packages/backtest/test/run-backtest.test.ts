import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BacktestOptions, BarColumns, runBacktest, streamBars } from '@org/backtest'
import {
  BaseStrategy,
  canonicalJson,
  dailyLoss,
  exposure,
  parseConfig,
  strategyConfigSchema,
  type VenueReader,
} from '@org/core'
import type { TradingQueries } from '@org/venue-trading/actions'
import { describe, expect, it } from 'vitest'
import { EmaCross } from './ema-cross.ts'
import { randomWalk } from './random-walk.ts'

const minuteMs = 60_000
const symbol = 'LEMON/USD'
const start = Date.UTC(2025, 0, 1)

function setup(changes: Partial<BacktestOptions> = {}, seed = 1) {
  const strategy = new EmaCross({
    venueId: 'market',
    symbol,
    timeframe: '1m',
    fast: 5,
    slow: 20,
    quantity: '2',
    scanIntervalMs: minuteMs,
  })
  const bars = randomWalk({ seed, bars: 2_000, stepMs: minuteMs })
  const options: BacktestOptions = {
    strategies: [strategy],
    venues: [{ id: 'market', feeds: [{ symbol, timeframe: '1m', bars }], broker: { cash: 10_000, commission: 0.001 } }],
    constraints: [dailyLoss({ limit: 500 }), exposure({ limit: 1_000 })],
    ...changes,
  }
  return { strategy, options, bars }
}

async function journalOf(options: BacktestOptions) {
  const result = await runBacktest(options)
  const entries: string[] = []
  for await (const entry of result.journal()) entries.push(canonicalJson(entry as never))
  return { result, text: entries.join('\n') }
}

describe('a backtest of a strategy', () => {
  it('trades through the gate: what it did stands in the journal, and the budgets know it', async () => {
    const { options } = setup()
    const { result, text } = await journalOf(options)
    expect(result.trades.length).toBeGreaterThan(20)
    expect(result.events).toBe(2_000)
    expect(result.scans).toEqual({ 'ema-cross': 2_000 })
    expect(text.match(/"intent-settled"/g)?.length).toBeGreaterThanOrEqual(2 * result.trades.length)
    const lost = 10_000 - (result.equity.at(-1) ?? 0)
    const used = result.budgetUse.filter(({ constraint }) => constraint === 'max_daily_loss')
    expect(used.length).toBe(2)
    // Two days, each with its own budget: what was lost stands in one or the other.
    expect(used.reduce((sum, point) => sum + point.used, 0)).toBeCloseTo(lost, 3)
  })

  it('shows a budget empty again when its window has passed', async () => {
    const idle = new Prober(async () => undefined)
    const { options, bars } = setup()
    const once = {
      ...options,
      venues: options.venues.map(venue => ({
        ...venue,
        feeds: [
          { symbol, timeframe: '1m', bars: bars.first(100) },
          { symbol: 'PEAR/USD', timeframe: '1d', bars: randomWalk({ seed: 1, bars: 4, stepMs: 86_400_000 }) },
        ],
      })),
    }
    const { budgetUse } = await runBacktest({ ...once, strategies: [...options.strategies, idle] })
    const daily = budgetUse.filter(({ constraint }) => constraint === 'max_daily_loss')
    expect(daily.map(({ used }) => used > 0)).toEqual([true, false])
  })

  it('comes out the same twice, journal included, to the byte', async () => {
    const first = await journalOf(setup().options)
    const second = await journalOf(setup().options)
    expect(second.text).toBe(first.text)
    expect(second.result.journalDigest).toBe(first.result.journalDigest)
    expect(second.result.trades).toEqual(first.result.trades)
    expect([...second.result.equity]).toEqual([...first.result.equity])
    expect((await journalOf(setup({}, 2).options)).text).not.toBe(first.text)
  })

  it('does the same without the gate, where no budget binds', async () => {
    const gated = setup()
    const bare = setup({ gate: false })
    const { trades, equity } = await runBacktest(gated.options)
    const without = await runBacktest(bare.options)
    expect(without.trades).toEqual(trades)
    expect([...without.equity]).toEqual([...equity])
    expect(bare.strategy.decisions).toEqual(gated.strategy.decisions)
  })

  it('is refused by the budget as live, and says so', async () => {
    const { options } = setup({ constraints: [exposure({ limit: 150 })] })
    const { trades, refusals, refusalCount } = await runBacktest(options)
    expect(trades).toEqual([])
    expect(refusalCount).toBeGreaterThan(10)
    expect(refusals[0]).toMatchObject({
      strategyId: 'ema-cross',
      venueId: 'market',
      asset: symbol,
      code: 'LIMIT_EXCEEDED',
    })
  })

  it('equity ends where cash and trades say', async () => {
    const { options } = setup()
    const { trades, equity } = await runBacktest({
      ...options,
      venues: options.venues.map(venue => ({ ...venue, broker: { ...venue.broker, atEnd: 'last-close' } })),
    })
    expect(equity.at(-1)).toBeCloseTo(10_000 + trades.reduce((sum, { profit }) => sum + profit, 0), 6)
  })

  it('notes equity as often as it is asked to, and always at the end', async () => {
    const every = await runBacktest(setup().options)
    const hourly = await runBacktest(setup({ equityStep: '1h' }).options)
    expect(hourly.times.length).toBe(35)
    expect([hourly.times.at(-1), hourly.equity.at(-1)]).toEqual([every.times.at(-1), every.equity.at(-1)])
    expect(hourly.trades).toEqual(every.trades)
  })

  it('streams: pieces give what the whole gives', async () => {
    const { options, bars } = setup()
    async function* pieces() {
      for (let from = 0; from < bars.length; from += 300) {
        const piece = new BarColumns(Math.min(300, bars.length - from))
        for (let i = 0; i < piece.length; i++) piece.set(i, bars.at(from + i))
        yield piece
      }
    }
    const whole = await runBacktest(options)
    const { options: again } = setup()
    const streamed = await runBacktest({
      ...again,
      venues: again.venues.map(venue => ({ ...venue, feeds: [{ symbol, timeframe: '1m', bars: pieces() }] })),
    })
    expect(streamed.trades).toEqual(whole.trades)
    expect(streamed.journalDigest).toBe(whole.journalDigest)
  })
})

/** Does with each scan what it is told. */
class Prober extends BaseStrategy {
  readonly #probe: (venue: VenueReader<TradingQueries>, nowMs: number) => Promise<unknown>
  constructor(
    probe: (venue: VenueReader<TradingQueries>, nowMs: number) => Promise<unknown>,
    scanIntervalMs = minuteMs,
  ) {
    super({ id: 'prober', config: parseConfig(strategyConfigSchema, { scanIntervalMs }, 'config') })
    this.#probe = probe
  }
  async findOpportunities() {
    await this.#probe(this.context.venue('market') as VenueReader<TradingQueries>, this.context.clock.now())
    return []
  }
}

describe('the future', () => {
  it('cannot be asked for', async () => {
    const prober = new Prober((venue, nowMs) => venue.observe('candles', { symbol, timeframe: '1m', since: nowMs + 1 }))
    await expect(runBacktest(setup({ strategies: [prober] }).options)).rejects.toMatchObject({ code: 'LOOK_AHEAD' })
  })

  it('is in no answer: bars are over, tickers are of now', async () => {
    let looks = 0
    const prober = new Prober(async (venue, nowMs) => {
      const { value: candles } = await venue.observe('candles', { symbol, timeframe: '1m', limit: 3 })
      for (const candle of candles) expect(candle.openTime + minuteMs).toBeLessThanOrEqual(nowMs)
      const { value: ticker } = await venue.observe('ticker', { symbol })
      expect(Number(ticker.last)).toBe(candles.at(-1)?.close)
      looks++
    })
    await runBacktest(setup({ strategies: [prober] }).options)
    expect(looks).toBe(2_000)
  })
})

describe('time', () => {
  it('goes on for a strategy that waits inside a scan', async () => {
    const seen: number[] = []
    class Sleeper extends BaseStrategy {
      async findOpportunities() {
        seen.push(this.context.clock.now())
        await this.context.clock.sleep(150_000)
        return []
      }
    }
    const sleeper = new Sleeper({
      id: 'sleeper',
      config: parseConfig(strategyConfigSchema, { scanIntervalMs: minuteMs }, 'config'),
    })
    const { events } = await runBacktest(setup({ strategies: [sleeper] }).options)
    expect(events).toBe(2_000)
    expect(seen.slice(0, 3).map(at => at - start)).toEqual([60_000, 210_000, 360_000])
  })

  it('lets several time frames, symbols and venues keep their order', async () => {
    const hours = randomWalk({ seed: 3, bars: 30, stepMs: 3_600_000 })
    const minutes = randomWalk({ seed: 3, bars: 1_800, stepMs: minuteMs })
    const seen: string[] = []
    const prober = new Prober(async (venue, nowMs) => {
      const { value: hour } = await venue.observe('candles', { symbol, timeframe: '1h', limit: 1 })
      const { value: minute } = await venue.observe('candles', { symbol, timeframe: '1m', limit: 1 })
      seen.push(
        `${nowMs - start} ${hour[0] === undefined ? '-' : hour[0].openTime - start} ${(minute[0]?.openTime ?? 0) - start}`,
      )
    }, 1_800_000)
    const feeds = [
      { symbol, timeframe: '1h', bars: hours },
      { symbol, timeframe: '1m', bars: minutes },
    ]
    await runBacktest(setup({ strategies: [prober], venues: [{ id: 'market', feeds, broker: { cash: 1 } }] }).options)
    expect(seen.slice(0, 3)).toEqual(['60000 - 0', '1860000 - 1800000', '3660000 0 3600000'])
  })
})

describe('what goes wrong', () => {
  it('a bad row in a streamed file ends the run with file and row', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'backtest-'))
    const path = join(folder, 'lemons.csv')
    const rows = Array.from({ length: 50 }, (_, i) => `${start + i * minuteMs},10,11,9,${i === 40 ? 0 : 10}`)
    writeFileSync(path, ['time,open,high,low,close', ...rows].join('\n'))
    try {
      const venues = [
        { id: 'market', feeds: [{ symbol, timeframe: '1m', bars: streamBars(path) }], broker: { cash: 1 } },
      ]
      await expect(runBacktest(setup({ venues }).options)).rejects.toMatchObject({
        code: 'BAD_BAR',
        message: 'lemons.csv row 42: close: expected a price above 0, was 0',
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('a strategy that throws ends the run with one line that says when', async () => {
    const prober = new Prober(async () => {
      throw new Error('no idea')
    })
    await expect(runBacktest(setup({ strategies: [prober] }).options)).rejects.toMatchObject({
      code: 'STRATEGY_FAILED',
      message: 'strategy prober failed at 2025-01-01T00:01:00.000Z: no idea',
    })
  })

  it('an order for more than the cash is not sent, and the strategy hears why', async () => {
    const { options } = setup()
    const broke = options.venues.map(venue => ({ ...venue, broker: { cash: 150 } }))
    const lines: string[] = []
    const note = (_: object, message: string) => void lines.push(message)
    const logger = { debug: note, info: note, warn: note, error: note, child: () => logger }
    const { trades } = await runBacktest({ ...options, venues: broke, logger })
    expect(trades).toEqual([])
    expect(lines[0]).toMatch(/^market LEMON\/USD: it takes \d+\.\d+, free are 150; nothing was sent$/)
  })
})
