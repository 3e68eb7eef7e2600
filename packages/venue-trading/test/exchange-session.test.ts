import { AutomationError, Decimal, type Intent, type Posting, type Random, seededRandom } from '@org/core'
import type { Fault } from '@org/sim-exchange'
import { describe, expect, it } from 'vitest'
import { type ExchangeWorld, intentOf, onExchange } from './exchange-world.ts'

const symbol = 'BTC/USDT'
const strategies = ['momentum', 'arbitrage'] as const
const orders = 2_000

const faults: readonly Fault[] = [
  { kind: 'reset-before', probability: 0.02 },
  { kind: 'reset-after', method: 'POST', probability: 0.03 },
  { kind: 'reset-after', method: 'DELETE', probability: 0.03 },
  { kind: 'status', status: 503, afterEffect: true, method: 'POST', probability: 0.02 },
  { kind: 'status', status: 504, probability: 0.01 },
  { kind: 'malformed-json', probability: 0.01 },
]

/** Bots that do anything, and what the budgets were told. */
class Session {
  readonly told = new Map<string, Decimal>()
  readonly inDoubt = new Map<string, Intent>()
  readonly booked = new Map<string, number>()
  readonly open = new Set<string>()
  sent = 0

  readonly world: ExchangeWorld
  readonly random: Random

  constructor(world: ExchangeWorld, random: Random) {
    this.world = world
    this.random = random
  }

  post(postings: readonly Posting[]): void {
    for (const { measure, amount } of postings)
      this.told.set(measure, (this.told.get(measure) ?? Decimal.of(0)).plus(amount))
  }

  async act(intent: Intent): Promise<void> {
    try {
      this.sent++
      const receipt = await this.world.venue.execute(intent, { idempotencyKey: intent.id })
      this.post(receipt.postings)
      this.open.add(intent.id)
    } catch (error) {
      if (!AutomationError.isInstance(error)) throw error
      if (error.effect !== 'none') this.inDoubt.set(intent.id, intent)
    }
  }

  async reconcile(): Promise<void> {
    for (const [id, intent] of this.inDoubt) {
      const known = await this.world.venue.reconcile(intent, { idempotencyKey: id })
      if (known.status === 'unknown') continue
      this.inDoubt.delete(id)
      if (known.status !== 'done') continue
      this.post(known.receipt.postings)
      this.open.add(id)
    }
  }

  async results(strategyId: string): Promise<void> {
    const after = this.booked.get(strategyId) ?? 0
    const answer = await this.world.venue.observe('results', { strategyId, after }).catch(() => undefined)
    for (const { seq, postings } of answer?.value ?? []) {
      expect(seq).toBe((this.booked.get(strategyId) ?? 0) + 1)
      this.booked.set(strategyId, seq)
      this.post(postings)
    }
  }

  async step(): Promise<void> {
    const { simulator, clock, venue } = this.world
    const price = simulator.inspect.fairPrice('BTCUSDT')
    const strategyId = this.pick(strategies)
    const kind = this.random.next()
    const near = (width: number) => (price * (1 + (this.random.next() - 0.5) * width)).toFixed(2)
    const quantity = (0.0005 + this.random.next() * 0.01).toFixed(5)
    // Bought coins alone are sold: the fee of covering a short is paid in coins that belong to nobody's position.
    const side = 'buy'
    if (kind < 0.55)
      await this.act(intentOf('place-order', { symbol, side, quantity, price: near(0.004) }, { strategyId }))
    else if (kind < 0.65)
      await this.act(intentOf('place-order', { symbol, side, quantity, worstPrice: near(0.002) }, { strategyId }))
    else if (kind < 0.85) {
      const positions = await venue.observe('positions', { strategyId }).catch(() => undefined)
      const held = positions?.value.find(each => each.symbol === symbol)
      if (held !== undefined) {
        const whole = Decimal.of(held.quantity).abs().toStep('0.00001').text
        const price = this.random.next() < 0.5 ? near(0.002) : undefined
        await this.act(intentOf('close-position', { symbol, side: 'sell', quantity: whole, price }, { strategyId }))
      }
    } else {
      const clientOrderId = this.pick([...this.open])
      if (clientOrderId !== undefined) {
        this.open.delete(clientOrderId)
        await this.act(intentOf('cancel-order', { symbol, clientOrderId }, { strategyId }))
      }
    }
    if (this.random.next() < 0.3) await clock.sleep(1_000)
    if (this.random.next() < 0.02) await this.reconcile()
    if (this.random.next() < 0.05) await this.results(strategyId)
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random.next() * list.length)] as T
  }
}

describe('thousands of orders, with requests and answers that get lost', () => {
  it('end with books that agree with the exchange’s to the last digit', { timeout: 240_000 }, async () => {
    await onExchange(
      async world => {
        const { simulator, venue, clock } = world
        const start = simulator.inspect.balances('main')
        await venue.connect()
        const session = new Session(world, seededRandom(5))
        for (const fault of faults) simulator.faults.add({ path: '/api/v3/*', ...fault })
        while (session.sent < orders) await session.step()
        simulator.faults.clear()
        await clock.sleep(60_000)
        await session.reconcile()
        expect(session.inDoubt.size).toBe(0)

        // What rests there rests in the book, and nothing else does.
        const open = simulator.inspect.orders('main').filter(({ status }) => /NEW|PARTIALLY/.test(status))
        await clock.sleep(400_000)
        expect(await venue.mismatches()).toEqual([])
        const { value: seen } = await venue.observe('open-orders', { symbol })
        expect(seen.map(({ clientOrderId }) => clientOrderId).sort()).toEqual(
          open
            .map(({ clientOrderId }) => clientOrderId)
            .filter(id => seen.some(each => each.clientOrderId === id))
            .sort(),
        )
        const held = (await venue.holdings()).value.filter(({ kind }) => kind === 'order')
        expect(held).toHaveLength(seen.length)

        // No key acted twice.
        expect(simulator.inspect.reusedClientOrderIds('main')).toBe(0)
        const { value: fills } = await venue.observe('fills', { symbol, since: Date.UTC(2026, 5, 1) })
        expect(fills).toHaveLength(simulator.inspect.trades('main').length)
        expect(fills.length).toBeGreaterThan(orders / 4)

        // Balances are what they were plus the result that the budgets were told.
        for (const strategyId of strategies) await session.results(strategyId)
        const { value: ticker } = await venue.observe('ticker', { symbol })
        const mark = Decimal.of(ticker.bid ?? 0)
          .plus(ticker.ask ?? 0)
          .times('0.5')
        const end = simulator.inspect.balances('main')
        const change = (asset: string) => {
          const total = (of: typeof end) => Decimal.of(of[asset]?.free ?? 0).plus(of[asset]?.locked ?? 0)
          return total(end).minus(total(start))
        }
        const worth = change('USDT').plus(change('BTC').times(mark))
        const loss = (session.told.get('loss') ?? Decimal.of(0)).plus(session.told.get('unrealised-loss') ?? 0)
        expect(Number(worth.plus(loss).text)).toBeCloseTo(0, 4)
      },
      { simulator: { rateLimits: false, requestsKept: 10 }, venue: { weightPerMinute: 1e9 } },
    )
  })
})
