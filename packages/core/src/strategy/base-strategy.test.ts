import { describe, expect, it } from 'vitest'
import { LemonBot } from '../../test/lemon-bot.ts'
import type { LemonFault } from '../../test/lemon-market.ts'
import { factsOf, lemonWorld } from '../../test/lemon-world.ts'
import type { IntentDraft } from '../intent/intent.ts'
import type { Opportunity } from '../intent/opportunity.ts'
import { createLogger } from '../telemetry/logger.ts'
import { BaseStrategy } from './base-strategy.ts'
import { parseConfig, strategyConfigSchema } from './config.ts'

const configOf = (input: object = {}) => parseConfig(strategyConfigSchema, input, 'config')

describe('a strategy on its own', () => {
  it('is ten lines, and goes through the same gate', async () => {
    const { market, risk } = lemonWorld()
    const bot = new LemonBot({ id: 'lemon-bot', config: configOf(), venue: market, mode: 'live' })
    bot.setRiskManager(risk)
    await bot.initialize()
    for (const opportunity of await bot.findOpportunities())
      if (await bot.validateOpportunity(opportunity)) await bot.executeOpportunity(opportunity)
    await bot.shutdown()
    expect(market.orders).toHaveLength(1)
    expect(risk.remaining('max_daily_loss').used).toBe(1.2)
  })

  it('asks about what its last life left in doubt before anything else', async () => {
    const { market, risk } = lemonWorld()
    market.faults.push('lost-after')
    const first = new LemonBot({ id: 'lemon-bot', config: configOf(), venue: market, mode: 'live' })
    first.setRiskManager(risk)
    await first.initialize()
    const [opportunity] = await first.findOpportunities()
    const { success, results } = await first.executeOpportunity(opportunity as Opportunity)
    expect([success, results[0]?.status]).toEqual([false, 'unknown'])

    const second = new LemonBot({ id: 'lemon-bot', config: configOf(), venue: market, mode: 'live' })
    second.setRiskManager(risk)
    await second.initialize()
    expect(risk.openReservations()).toEqual([])
    expect(market.orders).toHaveLength(1)
  })

  it('asks what became of an intent before it acts again', async () => {
    const { market, risk, budget } = lemonWorld()
    market.faults.push('lost-after')
    const bot = new LemonBot({ id: 'lemon-bot', config: configOf(), venue: market, mode: 'live' })
    bot.setRiskManager(risk)
    await bot.initialize()
    const [opportunity] = await bot.findOpportunities()
    expect(await bot.executeOpportunity(opportunity as Opportunity)).toMatchObject({ success: false })
    expect(budget()).toEqual({ used: 0, reserved: 4, available: 6 })
    expect(await bot.executeOpportunity(opportunity as Opportunity)).toMatchObject({ success: true })
    expect(budget()).toEqual({ used: 2.4, reserved: 0, available: 7.6 })
    expect(market.calls.filter(call => call.startsWith('reconcile'))).toHaveLength(1)
  })

  it('warns where it was told to', async () => {
    const { market, risk } = lemonWorld()
    const lines: string[] = []
    const logger = createLogger({ destination: { write: line => lines.push(line) } })
    market.faults.push('lost-after')
    const bot = new LemonBot({ id: 'lemon-bot', config: configOf(), venue: market, mode: 'live', logger })
    bot.setRiskManager(risk)
    await bot.initialize()
    const [opportunity] = await bot.findOpportunities()
    await bot.executeOpportunity(opportunity as Opportunity)
    expect(lines.join('')).toContain('in doubt, the reservation stays')
  })

  it.each([
    ['it is not told to act', {}, undefined],
    ['its config says dryRunMode', { dryRunMode: true }, 'live'],
  ] as const)('sends nothing when %s', async (_, config, mode) => {
    const { market, risk } = lemonWorld()
    const bot = new LemonBot({ id: 'lemon-bot', config: configOf(config), venue: market, mode })
    bot.setRiskManager(risk)
    await bot.initialize()
    const [opportunity] = await bot.findOpportunities()
    expect(await bot.executeOpportunity(opportunity as Opportunity)).toMatchObject({ success: true })
    expect(market.orders).toEqual([])
  })

  it('says in one line what it lacks', async () => {
    const { market, risk } = lemonWorld()
    const bare = new LemonBot({ id: 'lemon-bot', config: configOf(), venue: market })
    await expect(bare.findOpportunities()).rejects.toMatchObject({ code: 'NOT_INITIALIZED' })
    await expect(bare.initialize()).rejects.toMatchObject({ code: 'NO_RISK_MANAGER' })
    const blind = new LemonBot({ id: 'lemon-bot', config: configOf() })
    blind.setRiskManager(risk)
    await expect(blind.initialize()).rejects.toMatchObject({ code: 'NO_VENUE' })
  })

  it('closes its venue when it cannot start, and once when it shuts down', async () => {
    const { market, risk } = lemonWorld()
    const bot = new LemonBot({ id: 'lemon-bot', config: configOf(), venue: market, mode: 'live' })
    bot.setRiskManager(risk)
    await bot.initialize()
    await Promise.all([bot.shutdown(), bot.shutdown()])
    expect(market.calls).toEqual(['connect', 'close'])

    market.connect = async () => {
      throw new Error('the market is closed')
    }
    await expect(bot.initialize()).rejects.toThrow('the market is closed')
    expect(market.calls).toEqual(['connect', 'close', 'close'])
  })
})

describe('validation by the common thresholds', () => {
  async function isAccepted(changes: Partial<Opportunity>, ageMs = 0): Promise<boolean> {
    const { market, risk, clock } = lemonWorld()
    const config = configOf({ minExpectedProfit: 0.1, minRoi: 0.25, scanIntervalMs: 60_000 })
    const bot = new LemonBot({ id: 'lemon-bot', config, venue: market, mode: 'live' })
    bot.setRiskManager(risk)
    await bot.initialize()
    const [opportunity] = await bot.findOpportunities()
    clock.jumpTo(clock.now() + ageMs)
    return bot.validateOpportunity({ ...(opportunity as Opportunity), ...changes })
  }

  it.each([
    ['exactly the least profit and return', { expectedProfitPerHour: 0.1, expectedRoi: 0.25 }, true],
    ['too little profit', { expectedProfitPerHour: 0.0999, expectedRoi: 5 }, false],
    ['too little return', { expectedProfitPerHour: 5, expectedRoi: 0.2499 }, false],
    ['a profit that is no number', { expectedProfitPerHour: Number.NaN, expectedRoi: 5 }, false],
    ['a return without cost', { expectedProfitPerHour: 5, expectedRoi: Number.POSITIVE_INFINITY }, true],
    ['observations without a time', { asOf: Number.NaN }, false],
  ])('%s', async (_, changes, accepted) => {
    expect(await isAccepted(changes)).toBe(accepted)
  })

  it('needs observations of the last two scans, and refuses those from the future', async () => {
    expect(await isAccepted({}, 120_000)).toBe(true)
    expect(await isAccepted({}, 120_001)).toBe(false)
    expect(await isAccepted({}, -120_001)).toBe(false)
  })

  it('lets through what only lowers risk, whatever it earns', async () => {
    const sell = {
      venueId: 'lemon-market',
      action: 'sell',
      params: { boxes: 1 },
      effects: [],
      reduces: true,
      rationale: { reason: 'any', summary: 'any' },
    }
    const poor = { expectedProfitPerHour: -1, expectedRoi: -1 }
    expect(await isAccepted({ ...poor, intents: [sell] })).toBe(true)
    expect(await isAccepted({ ...poor, intents: [sell, { ...sell, reduces: false }] })).toBe(false)
    expect(await isAccepted({ ...poor, intents: [] })).toBe(false)
  })
})

describe('executing', () => {
  const rationale = { reason: 'any', summary: 'any' }
  const leg = { venueId: 'lemon-market', action: 'buy', params: { boxes: 1 }, rationale }
  const buy = (amount: number): IntentDraft => ({ ...leg, effects: [{ measure: 'loss', amount }] })
  const sell: IntentDraft = { ...leg, action: 'sell', reduces: true, effects: [] }

  class Scripted extends BaseStrategy {
    intents: readonly IntentDraft[] = []

    async findOpportunities(): Promise<readonly Opportunity[]> {
      const figures = { expectedProfitPerHour: 1, expectedRoi: 1, asOf: this.context.clock.now() }
      return [{ id: 'legs', strategyId: this.id, kind: 'buy', ...figures, intents: this.intents, rationale }]
    }
  }

  async function execute(intents: readonly IntentDraft[], faults: readonly LemonFault[] = []) {
    const world = lemonWorld()
    world.market.faults.push(...faults)
    const bot = new Scripted({ id: 'two-legs', config: configOf(), venue: world.market, mode: 'live' })
    bot.intents = intents
    bot.setRiskManager(world.risk)
    await bot.initialize()
    const [opportunity] = await bot.findOpportunities()
    const { success, results } = await bot.executeOpportunity(opportunity as Opportunity)
    const statuses = results.map(result => result.status)
    return { ...world, success, statuses, orders: world.market.orders.map(order => order.action) }
  }

  it('sends what belongs together in order', async () => {
    expect(await execute([buy(4), buy(3)])).toMatchObject({ success: true, statuses: ['settled', 'settled'] })
  })

  it('sends no leg when the budget does not bear them all', async () => {
    const { success, statuses, orders, budget } = await execute([buy(6), buy(6)])
    expect([success, statuses, orders]).toEqual([false, ['rejected', 'rejected'], []])
    expect(budget()).toEqual({ used: 0, reserved: 0, available: 10 })
  })

  it('gives back the legs after one that does not go through', async () => {
    const { success, statuses, orders, budget } = await execute([buy(4), buy(3), buy(2)], ['refused'])
    expect([success, statuses, orders]).toEqual([false, ['failed', 'failed', 'failed'], []])
    expect(budget().reserved).toBe(0)
  })

  it('lets what reduces go first, whatever the budget says to what follows', async () => {
    const { success, statuses, orders } = await execute([sell, buy(11), sell])
    expect([success, statuses, orders]).toEqual([false, ['settled', 'rejected'], ['sell']])
  })

  it('says how old the observations were that it rests on', async () => {
    const { store, clock } = await execute([buy(1)])
    const [reserved] = await factsOf(store)
    expect(reserved?.type === 'intent-reserved' && reserved.intent.observedAt).toBe(clock.now())
  })
})
