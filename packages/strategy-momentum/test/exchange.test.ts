import {
  createGate,
  createStrategyContext,
  DefaultRiskManager,
  dailyLoss,
  seededRandom,
  silentLogger,
  VirtualClock,
} from '@org/core'
import { ccxtConfig, startExchangeSimulator } from '@org/sim-exchange'
import { ExchangeVenue, fixedRates } from '@org/venue-trading'
import { expect, it } from 'vitest'
import { MomentumStrategy } from '../src/index.ts'

const hourMs = 3_600_000

it('on an exchange that takes its fee in the asset, every trade has its own stop, and what is left over does not stand in the way', {
  timeout: 60_000,
}, async () => {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 5, 1) })
  /** Up and down by 2 % every hour, and a hundredth dearer each. */
  const start = clock.now()
  const path = (at: number) =>
    60_000 * (1 + (at - start) / (100 * hourMs)) * (1 + 0.02 * Math.sin(((at - start) / hourMs) * 2 * Math.PI))
  await using simulator = await startExchangeSimulator({
    clock,
    seed: 7,
    rateLimits: false,
    symbols: [{ base: 'BTC', quote: 'USDT', path }],
  })
  const risk = new DefaultRiskManager([dailyLoss({ limit: 5_000 })], { clock })
  await using venue = new ExchangeVenue({
    exchange: 'binance',
    config: ccxtConfig(simulator),
    store: risk.store,
    rates: fixedRates({ 'USDT/USD': '1' }, { clock }),
    clock,
    weightPerMinute: 1_000_000,
  })
  const bot = new MomentumStrategy({
    venue: venue.id,
    config: {
      scanIntervalMs: 60_000,
      customParams: { symbols: ['BTC/USDT'], timeframe: '1m', riskPerTrade: 50, notionalMax: 3_000 },
    },
  })
  bot.setRiskManager(risk)
  const gate = createGate({ venues: [venue], risk, clock, mode: 'simulated', logger: silentLogger })
  const story: string[] = []
  const wrongStops: string[] = []
  await clock.run(async () => {
    await venue.connect()
    clock.jumpTo(clock.now() + 3 * hourMs)
    await bot.initialize(
      createStrategyContext({
        strategyId: bot.id,
        gate,
        risk,
        clock,
        random: seededRandom(1),
        logger: silentLogger,
        venues: [venue],
        mode: 'simulated',
        signal: new AbortController().signal,
      }),
    )
    for (let minute = 0; minute < 200; minute++) {
      await clock.sleep(60_000)
      for (const opportunity of await bot.findOpportunities()) {
        const { results } = await bot.executeOpportunity(opportunity)
        story.push(`${opportunity.kind}: ${results.map(({ status }) => status).join(', ')}`)
        const { stopPrice } = (opportunity.intents[0]?.params ?? {}) as { readonly stopPrice?: string }
        const { value: orders } = await venue.observe('open-orders', { symbol: 'BTC/USDT' })
        if (opportunity.kind === 'crossed-up' && orders[0]?.stopPrice !== stopPrice)
          wrongStops.push(`${orders[0]?.stopPrice} for ${stopPrice}`)
      }
    }
  })
  expect(story.filter(line => line.startsWith('crossed-up')).length).toBeGreaterThan(2)
  expect(story.filter(line => line.startsWith('trend-has-turned')).length).toBeGreaterThan(1)
  expect(story.filter(line => !line.endsWith('settled, settled'))).toEqual([])
  expect(wrongStops).toEqual([])
})
