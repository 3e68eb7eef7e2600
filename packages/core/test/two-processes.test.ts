import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  createGate,
  DefaultRiskManager,
  dailyLoss,
  type IntentId,
  memoryStore,
  silentLogger,
  VirtualClock,
} from '../src/index.ts'
import { type LemonFault, LemonMarket } from './lemon-market.ts'
import { buyIntent, factsOf } from './lemon-world.ts'

const step = fc.oneof(
  fc.record({ do: fc.constant('reconcile' as const), afterMs: fc.integer({ min: 0, max: 20_000 }) }),
  fc.record({
    do: fc.constant('buy' as const),
    afterMs: fc.integer({ min: 0, max: 20_000 }),
    /** How long the request is on its way before the market acts. */
    delayMs: fc.integer({ min: 0, max: 120_000 }),
    fault: fc.constantFrom<LemonFault | 'none'>('none', 'none', 'refused', 'lost-after', 'bug-before'),
  }),
)

it('two processes with a bot each share a budget, and neither ends what the other has under way', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.array(step, { maxLength: 8 }), async (...lives) => {
      const clock = new VirtualClock()
      const market = new LemonMarket(clock)
      const store = memoryStore()
      const requestOf = new Map<string, { readonly delayMs: number; readonly fault: LemonFault | 'none' }>()
      market.onRequest = async ({ idempotencyKey }) => {
        const { delayMs, fault } = requestOf.get(idempotencyKey) ?? { delayMs: 0, fault: 'none' }
        await clock.sleep(delayMs)
        if (fault !== 'none') market.faults.push(fault)
      }
      const gates = ['ann', 'bob'].map(strategyId => {
        // A handle and a manager of its own, as a process has.
        const risk = new DefaultRiskManager([dailyLoss({ limit: 20 })], { clock, store: { ...store } })
        const strategyIds = [strategyId]
        return {
          strategyId,
          risk,
          gate: createGate({ venues: [market], risk, clock, mode: 'live', logger: silentLogger, strategyIds }),
        }
      })
      const overspent: number[] = []
      store.subscribe(() => {
        const { used, reserved } = gates[0]?.risk.remaining('max_daily_loss') ?? { used: 0, reserved: 0 }
        if (used + reserved > 20) overspent.push(used + reserved)
      })
      await clock.run(async () => {
        await Promise.all(
          gates.map(async ({ strategyId, gate }, i) => {
            const pending: Promise<unknown>[] = []
            for (const [place, todo] of (lives[i] ?? []).entries()) {
              await clock.sleep(todo.afterMs)
              if (todo.do === 'reconcile') pending.push(gate.reconcile())
              else {
                const id = `${strategyId}-${place}` as IntentId
                requestOf.set(id, todo)
                pending.push(gate.submit(buyIntent(clock, { id, strategyId })))
              }
            }
            await Promise.all(pending)
          }),
        )
        for (const { gate } of gates) await gate.reconcile()
      })

      expect(overspent).toEqual([])
      expect(store.read().reservations.size).toBe(0)
      const facts = await factsOf(store)
      const settled = facts.flatMap(fact => (fact.type === 'intent-settled' ? [fact.reservationId] : []))
      expect(settled.sort()).toEqual(market.orders.map(order => order.key).sort())
      expect(new Set(settled).size).toBe(settled.length)
      // Nothing was declared undone and came after all.
      expect(facts.filter(fact => fact.type === 'result-recorded')).toEqual([])
    }),
    { numRuns: 150 },
  )
})
