import { expect, it } from 'vitest'
import { DefaultRiskManager, dailyLoss, parseConfig, strategyConfigSchema, VirtualClock, why } from '../src/index.ts'
import { LemonBot } from './lemon-bot.ts'
import { LemonMarket } from './lemon-market.ts'

it('one intent: observe, decide, reserve, act, settle, explain', async () => {
  // A bot that may lose 10.00 a day, at a market where a box of lemons costs 4.00.
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 0, 1, 9) })
  const market = new LemonMarket(clock)
  const risk = new DefaultRiskManager([dailyLoss({ limit: 10 })], { clock })
  const config = parseConfig(strategyConfigSchema, {}, 'config')
  const bot = new LemonBot({ id: 'lemon-bot', config, venue: market, mode: 'simulated' })
  bot.setRiskManager(risk)
  await bot.initialize()
  const budget = () => {
    const { used, reserved, available } = risk.remaining('max_daily_loss')
    return { used, reserved, available }
  }
  const journal: string[] = []
  risk.store.subscribe(entry => journal.push(entry.fact.type))

  // Observe and decide: the bot looks at the price and proposes, in writing, what it would do and why.
  const [opportunity] = await bot.findOpportunities()
  if (opportunity === undefined) throw new Error('expected an opportunity')
  expect(opportunity.rationale.summary).toBe('a box costs 4.00 and is worth 5.00')
  expect(await bot.validateOpportunity(opportunity)).toBe(true)
  expect(budget()).toEqual({ used: 0, reserved: 0, available: 10 })

  // Reserve: before the market hears of it, the worst case is taken out of the budget, and that the request leaves is on record.
  market.onRequest = () => {
    expect(budget()).toEqual({ used: 0, reserved: 4, available: 6 })
    expect(journal).toEqual(['intent-reserved', 'intent-sent'])
  }

  // Act: the market is asked once, with a key by which the order can be found again.
  const { results } = await bot.executeOpportunity(opportunity)
  const intentId = results[0]?.intentId ?? ''
  expect(market.orders).toEqual([{ key: intentId, action: 'buy', boxes: 1 }])

  // Settle: three of ten lemons were rotten. That is what was lost; the rest of the reservation is free again.
  expect(budget()).toEqual({ used: 1.2, reserved: 0, available: 8.8 })

  // Explain: the journal alone tells the whole story.
  const story = await why(risk.store, intentId)
  expect(story?.text.replaceAll(intentId, 'ID').split('\n')).toEqual([
    'ID: lemon-bot wants buy at lemon-market, lemons: settled',
    '2026-01-01T09:00:00.000Z  decide   price-below-worth: a box costs 4.00 and is worth 5.00; from pricePerBox=4; against fairPricePerBox=5',
    '2026-01-01T09:00:00.000Z  reserve  reserved 4.00 of max_daily_loss@global',
    '2026-01-01T09:00:00.000Z  act      sent with the key ID',
    '2026-01-01T09:00:00.000Z  settle   settled: loss 1.20, count 1.00 (order-1)',
  ])

  // What the budget cannot bear is refused, with figures, and the market never hears of it.
  market.pricePerBox = 8.81
  bot.fairPricePerBox = 20
  const [tooDear] = await bot.findOpportunities()
  if (tooDear === undefined) throw new Error('expected an opportunity')
  const refused = await bot.executeOpportunity(tooDear)
  expect(refused.results[0]).toMatchObject({
    status: 'rejected',
    rejection: {
      code: 'LIMIT_EXCEEDED',
      shortMessage: 'daily loss limit 10.00: used 1.20, reserved 0.00, asked 8.81, free 8.80 (max_daily_loss, global)',
    },
  })
  expect(market.orders).toHaveLength(1)
})
