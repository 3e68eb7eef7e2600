import { AutomationError, type Intent, type Json, memoryStore } from '@org/core'
import type { Fault, FaultEffect } from '@org/sim-exchange'
import { describe, expect, it } from 'vitest'
import { type ExchangeWorld, intentOf, onExchange } from './exchange-world.ts'

const symbol = 'BTC/USDT'
const orders = { method: 'POST', path: '/api/v3/order', count: 1 } as const
const market = { symbol, side: 'buy', quantity: '0.01', worstPrice: '60500' } as const
const limit = { symbol, side: 'buy', quantity: '0.01', price: '50000' } as const

async function lost({ venue, simulator }: ExchangeWorld, intent: Intent, fault: FaultEffect): Promise<AutomationError> {
  await venue.connect()
  simulator.faults.add({ ...fault, ...orders } as Fault)
  const thrown: unknown = await venue.execute(intent, { idempotencyKey: intent.id }).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!AutomationError.isInstance(thrown)) throw new Error('the fault did not hit')
  return thrown
}

const reconcile = ({ venue }: ExchangeWorld, intent: Intent) => venue.reconcile(intent, { idempotencyKey: intent.id })

describe('an order whose answer was lost', () => {
  const done: readonly FaultEffect[] = [
    { kind: 'reset-after' },
    { kind: 'status', status: 500, afterEffect: true },
    { kind: 'status', status: 503, afterEffect: true },
    { kind: 'status', status: 504, afterEffect: true },
    { kind: 'malformed-json' },
    { kind: 'missing-field', field: 'orderId' },
  ]
  it.each(done)('is unknown, then found, and not sent twice: %j', async fault => {
    for (const params of [market, limit])
      await onExchange(async world => {
        const { simulator, venue } = world
        const intent = intentOf('place-order', params)
        expect((await lost(world, intent, fault)).effect).toBe('unknown')
        const found = await reconcile(world, intent)
        expect(found.status).toBe('done')
        // The receipt is the same however often it is asked for, also by `execute`.
        expect(await reconcile(world, intent)).toEqual(found)
        expect(await venue.execute(intent, { idempotencyKey: intent.id })).toEqual('receipt' in found && found.receipt)
        expect(simulator.inspect.orders('main')).toHaveLength(1)
        expect((await venue.mismatches()).length).toBe(0)
      })
  })

  const notDone: readonly FaultEffect[] = [
    { kind: 'reset-before' },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 502 },
    { kind: 'status', status: 504 },
    { kind: 'maintenance' },
  ]
  it.each(notDone)('stays unknown while it may arrive, and is not done after that: %j', async fault => {
    await onExchange(async world => {
      const { clock, venue, simulator } = world
      const intent = intentOf('place-order', limit)
      expect((await lost(world, intent, fault)).effect).toBe('unknown')
      simulator.faults.clear()
      expect(await reconcile(world, intent)).toMatchObject({
        status: 'unknown',
        reason: expect.stringContaining('may arrive'),
      })
      // A look at the account leaves what may still arrive alone.
      await clock.sleep(10_000)
      await venue.observe('results', { strategyId: 'momentum', after: 0 })
      expect(await reconcile(world, intent)).toMatchObject({ status: 'unknown' })
      await clock.sleep(30_000)
      expect(await reconcile(world, intent)).toEqual({ status: 'not-done' })
      expect((await venue.holdings()).value).toEqual([])
      expect(simulator.inspect.orders('main')).toEqual([])
      // It is over: the same key does not act any more.
      await expect(venue.execute(intent, { idempotencyKey: intent.id })).rejects.toMatchObject({ effect: 'none' })
      expect(simulator.inspect.orders('main')).toEqual([])
    })
  })

  it('is unknown while the exchange cannot be asked either', async () => {
    await onExchange(async world => {
      const intent = intentOf('place-order', limit)
      await lost(world, intent, { kind: 'reset-after' })
      world.simulator.faults.add({ kind: 'status', status: 503 })
      expect(await reconcile(world, intent)).toMatchObject({ status: 'unknown' })
      world.simulator.faults.clear()
      expect(await reconcile(world, intent)).toMatchObject({ status: 'done' })
    })
  })

  it('is found by a venue that was started anew, with the fills it had meanwhile', async () => {
    await onExchange(async world => {
      const { another, simulator, clock } = world
      const intent = intentOf('place-order', limit)
      await lost(world, intent, { kind: 'reset-after' })
      simulator.inspect.shock('BTCUSDT', 0.8)
      await clock.sleep(60_000)
      const restarted = another()
      await restarted.connect()
      const found = await restarted.reconcile(intent, { idempotencyKey: intent.id })
      expect(found).toMatchObject({ status: 'done', receipt: { details: { status: 'filled', filled: '0.01' } } })
      expect((await restarted.observe('positions', {})).value).toMatchObject([{ quantity: '0.00999' }])
      expect((await restarted.mismatches()).length).toBe(0)
    })
  })

  it('is not taken for refused by an answer that only says too often or not now', async () => {
    await onExchange(async world => {
      const refused = await lost(world, intentOf('place-order', limit), { kind: 'status', status: 429 })
      expect(refused).toMatchObject({ code: 'RATE_LIMITED', effect: 'none', retryable: true })
      expect(refused.retryAfterMs).toBeGreaterThan(0)
      expect(world.simulator.inspect.orders('main')).toEqual([])
    })
  })
})

describe('a cancel whose answer was lost', () => {
  it.each([{ kind: 'reset-after' }, { kind: 'status', status: 503, afterEffect: true }] as const)(
    'is unknown, then seen: %j',
    async fault => {
      await onExchange(async world => {
        const { venue, simulator } = world
        const placed = intentOf('place-order', limit)
        await venue.execute(placed, { idempotencyKey: placed.id })
        simulator.faults.add({ ...fault, method: 'DELETE', count: 1 })
        const cancel = intentOf('cancel-order', { symbol, clientOrderId: placed.id })
        const cancelling = venue.execute(cancel, { idempotencyKey: cancel.id })
        await expect(cancelling).rejects.toMatchObject({ effect: 'unknown' })
        expect(await reconcile(world, cancel)).toMatchObject({
          status: 'done',
          receipt: { postings: expect.arrayContaining([{ measure: 'exposure', amount: '-500' }]) },
        })
      })
    },
  )

  it('is not done while the order stands', async () => {
    await onExchange(async world => {
      const { venue, simulator } = world
      const placed = intentOf('place-order', limit)
      await venue.execute(placed, { idempotencyKey: placed.id })
      simulator.faults.add({ kind: 'reset-before', method: 'DELETE', count: 1 })
      const cancel = intentOf('cancel-order', { symbol, clientOrderId: placed.id })
      await expect(venue.execute(cancel, { idempotencyKey: cancel.id })).rejects.toMatchObject({ effect: 'unknown' })
      expect(await reconcile(world, cancel)).toEqual({ status: 'not-done' })
    })
  })
})

describe('a store that cannot be written', () => {
  /** Fails for what is saved, from one time on. */
  function failing() {
    const inner = memoryStore()
    const world = {
      isFull: false,
      store: {
        ...inner,
        saveState: async (key: string, value: Json) => {
          if (world.isFull) throw new AutomationError({ code: 'STORE_UNAVAILABLE', message: 'disk full' })
          return inner.saveState(key, value)
        },
      },
    }
    return world
  }

  it('keeps an order from leaving', async () => {
    await onExchange(async ({ another, simulator }) => {
      const disk = failing()
      const venue = another({ store: disk.store })
      await venue.connect()
      await venue.observe('instrument', { symbol })
      const first = intentOf('place-order', limit)
      await venue.execute(first, { idempotencyKey: first.id })
      disk.isFull = true
      const intent = intentOf('place-order', limit)
      const refused = venue.execute(intent, { idempotencyKey: intent.id })
      await expect(refused).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', effect: 'none' })
      expect(simulator.inspect.orders('main')).toHaveLength(1)
    })
  })

  it('does not undo an order that has left: it is done, and its receipt is given once the store is back', async () => {
    await onExchange(async ({ another, simulator }) => {
      const disk = failing()
      const venue = another({ store: disk.store })
      await venue.connect()
      await venue.observe('instrument', { symbol })
      const intent = intentOf('place-order', limit)
      const send = disk.store.saveState
      // The order is written down, what came of it is not.
      let isSent = false
      disk.store.saveState = async (key, value) => {
        if (isSent) throw new AutomationError({ code: 'STORE_UNAVAILABLE', message: 'disk full' })
        isSent = JSON.stringify(value).includes(intent.id)
        return send(key, value)
      }
      const done = venue.execute(intent, { idempotencyKey: intent.id })
      await expect(done).rejects.toMatchObject({ code: 'ORDER_NOT_WRITTEN', effect: 'done' })
      const asked = () => venue.reconcile(intent, { idempotencyKey: intent.id })
      expect((await asked()).status).toBe('unknown')
      disk.store.saveState = send
      expect((await asked()).status).toBe('done')
      expect(simulator.inspect.orders('main')).toHaveLength(1)
    })
  })
})

describe('a store that was lost', () => {
  it('does not lose an order: it is found by its key, and its receipt says what it did', async () => {
    await onExchange(async world => {
      const { another } = world
      const intent = intentOf('place-order', market)
      await lost(world, intent, { kind: 'reset-after' })
      const fresh = another({ store: memoryStore() })
      const found = await fresh.reconcile(intent, { idempotencyKey: intent.id })
      expect(found).toMatchObject({
        status: 'done',
        receipt: { postings: expect.arrayContaining([{ measure: 'position', amount: '0.00999' }]) },
      })
      expect((await fresh.observe('positions', {})).value).toMatchObject([
        { strategyId: 'momentum', quantity: '0.00999' },
      ])
    })
  })
})
