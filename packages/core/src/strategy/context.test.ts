import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { factsOf, lemonWorld } from '../../test/lemon-world.ts'
import { silentLogger } from '../telemetry/logger.ts'
import { seededRandom } from '../time/random.ts'
import { createStrategyContext } from './context.ts'

function contextWorld() {
  const world = lemonWorld()
  const { gate, risk, clock, market } = world
  const contextOf = (strategyId: string) =>
    createStrategyContext({
      strategyId,
      gate,
      risk,
      clock,
      random: seededRandom(7),
      logger: silentLogger,
      venues: [market],
      mode: 'live',
      signal: new AbortController().signal,
    })
  return { ...world, contextOf, context: contextOf('lemon-bot') }
}

/** All functions and objects that can be reached from `value` by its properties. */
function reachable(value: unknown, seen = new Set<unknown>()): Set<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return seen
  seen.add(value)
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key)
    if (descriptor !== undefined && 'value' in descriptor) reachable(descriptor.value, seen)
  }
  return reachable(Object.getPrototypeOf(value), seen)
}

const draft = {
  venueId: 'lemon-market',
  action: 'buy',
  params: { boxes: 1 },
  effects: [{ measure: 'loss', amount: 4 }],
  rationale: { reason: 'any', summary: 'any' },
}

describe('what a strategy is given', () => {
  it('shows a venue and holds nothing of it that acts', async () => {
    const { context, market } = contextWorld()
    const reader = context.venue('lemon-market')
    expect(Object.keys(reader).sort()).toEqual(['domain', 'holdings', 'id', 'observe'])
    expect(await reader.observe('box-price', {})).toMatchObject({ value: 4, source: 'lemon-market:board' })
    const all = reachable(reader)
    for (const hand of [market, market.execute, market.reconcile, market.connect, market.close])
      expect(all.has(hand)).toBe(false)
  })

  it('shows the budget and cannot change it', () => {
    const { context, risk, store } = contextWorld()
    expect(Object.keys(context.risk).sort()).toEqual(['assessPortfolio', 'remaining', 'state'])
    expect(context.risk.remaining('max_daily_loss').available).toBe(10)
    const all = reachable(context)
    for (const hand of [risk, risk.reserve, risk.settle, risk.setLimit, risk.resume, store, store.commit])
      expect(all.has(hand)).toBe(false)
  })

  it('is a walk that would find a venue', () => {
    const { market } = contextWorld()
    expect(reachable({ deep: { venue: market } }).has(market.execute)).toBe(true)
  })

  it('knows the venues by name, and names them when another is asked for', () => {
    expect(() => contextWorld().context.venue('moon')).toThrow('no venue is named moon; known: lemon-market')
  })
})

describe('submitting', () => {
  it('signs the intent with the strategy and the venue’s domain, gives it five minutes and counts it once', async () => {
    const { context, store, clock } = contextWorld()
    const forged = { ...draft, strategyId: 'somebody-else', domain: 'gpu' }
    expect(await context.submit(forged)).toMatchObject({ status: 'settled' })
    const [reserved] = await factsOf(store)
    expect(reserved?.type === 'intent-reserved' && reserved.intent).toMatchObject({
      strategyId: 'lemon-bot',
      domain: 'fruit',
      reduces: false,
      expiresAt: clock.now() + 300_000,
      effects: [
        { measure: 'loss', amount: 4 },
        { measure: 'count', amount: 1 },
      ],
    })
  })

  it('gives each intent an id of its own', async () => {
    const { context, market } = contextWorld()
    for (let i = 0; i < 3; i++) await context.submit({ ...draft, effects: [] })
    expect(new Set(market.orders.map(order => order.key)).size).toBe(3)
  })

  it('to a venue that is not there is refused, in writing', async () => {
    const { context } = contextWorld()
    expect(await context.submit({ ...draft, venueId: 'moon' })).toMatchObject({ rejection: { code: 'UNKNOWN_VENUE' } })
  })

  it('what is recorded without an intent counts for the strategy', async () => {
    const { context, budget } = contextWorld()
    const record = { venueId: 'lemon-market', postings: [{ measure: 'loss', amount: 2 }], note: 'storage' }
    await context.record(record)
    expect(budget().used).toBe(2)
    await expect(context.record({ ...record, venueId: 'moon' })).rejects.toMatchObject({ code: 'UNKNOWN_VENUE' })
  })
})

describe('what is in flight', () => {
  it('is what was sent and has not ended, of this strategy alone, also after a restart', async () => {
    const { context, contextOf, market, gate } = contextWorld()
    expect(context.inFlight()).toEqual([])
    market.faults.push('lost-after')
    const lost = await context.submit(draft)
    expect(lost.status).toBe('unknown')
    await context.submit(draft)
    expect(context.inFlight().map(({ id }) => id)).toEqual([lost.intentId])
    expect(contextOf('lemon-bot').inFlight()).toHaveLength(1)
    expect(contextOf('other-bot').inFlight()).toEqual([])
    await gate.reconcile()
    expect(context.inFlight()).toEqual([])
  })

  it('is shown as a copy', async () => {
    const { context, market, risk } = contextWorld()
    market.faults.push('lost-after')
    await context.submit(draft)
    const [shown] = context.inFlight()
    Object.assign(shown?.params as object, { boxes: 99 })
    expect(risk.openReservations()[0]?.intent.params).toEqual(draft.params)
  })
})

describe('the memory of a strategy', () => {
  const schema = z.object({ lastPrice: z.number() })

  it('is saved with the results that it goes with, or neither is', async () => {
    const { context, budget } = contextWorld()
    const record = { venueId: 'lemon-market', postings: [{ measure: 'loss', amount: 2 }], note: 'storage' }
    await context.recordAll([record, record], { lastPrice: 5 })
    expect(budget().used).toBe(4)
    expect(await context.state.load(schema)).toEqual({ lastPrice: 5 })
    const uncountable = { ...record, postings: [{ measure: 'loss', amount: Number.NaN }] }
    await expect(context.recordAll([record, uncountable], { lastPrice: 6 })).rejects.toThrow(/NaN/)
    expect(budget().used).toBe(4)
    expect(await context.state.load(schema)).toEqual({ lastPrice: 5 })
  })

  it('comes back as it was saved, to this strategy alone', async () => {
    const { context, contextOf } = contextWorld()
    expect(await context.state.load(schema)).toBeUndefined()
    await context.state.save({ lastPrice: 4 })
    expect(await contextOf('lemon-bot').state.load(schema)).toEqual({ lastPrice: 4 })
    expect(await contextOf('other-bot').state.load(schema)).toBeUndefined()
  })

  it('that does not fit this version is an error that says so, not a wrong value', async () => {
    const { context } = contextWorld()
    await context.state.save({ lastPrice: 'four' })
    await expect(context.state.load(schema)).rejects.toMatchObject({ code: 'STATE_UNREADABLE' })
  })
})
