import { describe, expect, it } from 'vitest'
import { buyIntent, factsOf, factTypesOf, lemonWorld } from '../../test/lemon-world.ts'
import type { IntentId } from '../intent/intent.ts'

const id = (text: string) => text as IntentId

describe('reconciliation', () => {
  it.each([
    ['lost-after', { settled: 1, released: 0, inDoubt: 0 }, { used: 1.2, reserved: 0, available: 8.8 }],
    ['bad-receipt', { settled: 1, released: 0, inDoubt: 0 }, { used: 1.2, reserved: 0, available: 8.8 }],
    ['lost-before', { settled: 0, released: 1, inDoubt: 0 }, { used: 0, reserved: 0, available: 10 }],
  ] as const)(
    'ends an intent (%s) by what the market’s books say, and sends nothing',
    async (fault, report, budget) => {
      const world = lemonWorld()
      world.market.faults.push(fault)
      await world.gate.submit(buyIntent(world.clock))
      expect(await world.gate.reconcile()).toEqual(report)
      expect(world.budget()).toEqual(budget)
      expect(world.market.calls).toEqual(['execute box-1', 'reconcile box-1'])
      expect(await world.gate.reconcile()).toEqual({ settled: 0, released: 0, inDoubt: 0 })
    },
  )

  it('asks again, and keeps the reservation, while the market cannot tell', async () => {
    const { gate, clock, market, budget } = lemonWorld()
    market.faults.push('lost-after')
    market.lookUpFaults.push('cannot-tell', 'lost')
    await gate.submit(buyIntent(clock))
    clock.jumpTo(clock.now() + 86_400_000)
    for (let i = 0; i < 2; i++) {
      expect(await gate.reconcile()).toEqual({ settled: 0, released: 0, inDoubt: 1 })
      expect(budget().reserved).toBe(4)
    }
    expect(await gate.reconcile()).toEqual({ settled: 1, released: 0, inDoubt: 0 })
    expect(market.orders).toHaveLength(1)
  })

  it('keeps the reservation of a venue that is not here to be asked', async () => {
    const { gate, gateOver, clock, market, budget } = lemonWorld()
    market.faults.push('lost-after')
    await gate.submit(buyIntent(clock))
    expect(await gateOver({ venues: [] }).reconcile()).toEqual({ settled: 0, released: 0, inDoubt: 1 })
    expect(budget().reserved).toBe(4)
  })

  it('releases what was reserved and never sent, without asking', async () => {
    const { gate, risk, clock, market, budget } = lemonWorld()
    await risk.reserve(buyIntent(clock))
    expect(await gate.reconcile()).toEqual({ settled: 0, released: 1, inDoubt: 0 })
    expect([budget().reserved, market.calls]).toEqual([0, []])
  })

  it('does not release as never sent what another process sends while it looks', async () => {
    const { gateOver, risk, clock, budget } = lemonWorld()
    await risk.reserve(buyIntent(clock))
    const seen = risk.openReservations().map(reservation => ({ ...reservation }))
    await risk.markSent('box-1', 'box-1')
    const late = new Proxy(risk, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (name === 'openReservations') return () => seen
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    await gateOver({ risk: late }).reconcile()
    expect(budget().reserved).toBe(4)
  })

  it('leaves alone what is being carried out in this process', async () => {
    const { gate, gateOver, clock, market, store } = lemonWorld()
    market.onRequest = async () => {
      expect(await gateOver().reconcile()).toEqual({ settled: 0, released: 0, inDoubt: 0 })
    }
    expect(await gate.submit(buyIntent(clock))).toMatchObject({ status: 'settled' })
    expect(await factTypesOf(store)).toEqual(['intent-reserved', 'intent-sent', 'intent-settled'])
  })

  it('asks about one intent once at a time', async () => {
    const { gate, gateOver, clock, market } = lemonWorld()
    market.faults.push('lost-after')
    await gate.submit(buyIntent(clock))
    await Promise.all([gate.reconcile(), gateOver().reconcile()])
    expect(market.calls.filter(call => call.startsWith('reconcile'))).toHaveLength(1)
  })

  it('leaves the intents of strategies that run elsewhere to their processes until they are long expired', async () => {
    const { risk, gateOver, clock, market, budget } = lemonWorld()
    const intent = buyIntent(clock)
    await risk.reserve(intent)
    await risk.markSent(intent.id, intent.id)
    // Here "not done" would only mean: not yet.
    const elsewhere = gateOver({ strategyIds: ['other-bot'] })
    for (const nowMs of [clock.now(), intent.expiresAt, intent.expiresAt + 299_999]) {
      clock.jumpTo(nowMs)
      expect(await elsewhere.reconcile()).toEqual({ settled: 0, released: 0, inDoubt: 0 })
    }
    expect([market.calls, budget().reserved]).toEqual([[], 4])
    clock.jumpTo(intent.expiresAt + 300_000)
    expect(await elsewhere.reconcile()).toEqual({ settled: 0, released: 1, inDoubt: 0 })
  })

  it('ends its own strategy’s intents at once', async () => {
    const { risk, gateOver, clock } = lemonWorld()
    const intent = buyIntent(clock)
    await risk.reserve(intent)
    await risk.markSent(intent.id, intent.id)
    const restarted = gateOver({ strategyIds: [intent.strategyId] })
    expect(await restarted.reconcile()).toEqual({ settled: 0, released: 1, inDoubt: 0 })
  })

  it('books what the market admits to late, also after it had denied it', async () => {
    const { gate, risk, clock, market, budget, store } = lemonWorld()
    market.faults.push('lost-after')
    await gate.submit(buyIntent(clock))
    const { reconcile } = market
    market.reconcile = async (intent, options) => {
      await risk.release(intent.id, 'another process was told that nothing happened')
      return reconcile.call(market, intent, options)
    }
    await gate.reconcile()
    expect(budget()).toEqual({ used: 1.2, reserved: 0, available: 8.8 })
    expect((await factsOf(store)).at(-1)).toMatchObject({ type: 'result-recorded', intentId: 'box-1' })
  })

  it('goes on with the others when the end of one cannot be written down', async () => {
    const { gate, clock, market, risk } = lemonWorld()
    market.faults.push('lost-after', 'lost-after')
    await gate.submit(buyIntent(clock))
    await gate.submit(buyIntent(clock, { id: id('box-2') }))
    const { reconcile } = market
    market.reconcile = async (intent, options) => {
      const fate = await reconcile.call(market, intent, options)
      // So much can be told of one posting, and cannot be added to what was lost already.
      const postings = [{ measure: 'loss', amount: 9_007_199_254 }]
      return fate.status === 'done' && intent.id === 'box-1'
        ? { ...fate, receipt: { ...fate.receipt, postings } }
        : fate
    }
    await risk.record({
      domain: 'fruit',
      strategyId: 'lemon-bot',
      venueId: 'lemon-market',
      postings: [{ measure: 'loss', amount: 5 }],
      note: 'frost',
    })
    expect(await gate.reconcile()).toEqual({ settled: 1, released: 0, inDoubt: 1 })
    expect(risk.openReservations().map(open => open.id)).toEqual(['box-1'])
  })
})
