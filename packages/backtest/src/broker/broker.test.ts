import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Bar } from '../bars/bar.ts'
import { Broker } from './broker.ts'
import type { OrderRequest } from './order.ts'
import type { BrokerOptions } from './rules.ts'

const symbol = 'LEMON/USD'

let time = 0
/** Open, high, low, close. */
const bar = (open: number, high: number, low: number, close: number): Bar => ({
  openTime: time++ * 60_000,
  open,
  high,
  low,
  close,
  volume: 1,
})

/** A broker that has seen one bar that closed at 100. */
function brokerAt100(options: Partial<BrokerOptions> = {}): Broker {
  const broker = new Broker({ cash: 10_000, account: 'margin', ...options })
  broker.advance(symbol, bar(100, 100, 100, 100))
  return broker
}

const buy = (broker: Broker, units: number, what: Partial<OrderRequest> = {}) =>
  broker.place({ symbol, units, ...what })
const exits = (broker: Broker) => broker.closedTrades.map(({ exitPrice, exitReason }) => [exitPrice, exitReason])

describe('an order at the market', () => {
  it('is filled at the next open, and counts at the close', () => {
    const broker = brokerAt100()
    buy(broker, 10)
    broker.advance(symbol, bar(101, 110, 99, 105))
    expect(broker.market(symbol).trades[0]).toMatchObject({ entryPrice: 101, units: 10, entryBar: 1 })
    expect(broker.equity).toBe(10_040)
  })

  it('is filled at once at the last price where the rules say so', () => {
    const broker = brokerAt100({ fillAt: 'same-close' })
    expect(buy(broker, 10).state).toBe('filled')
    expect(broker.market(symbol).trades[0]).toMatchObject({ entryPrice: 100, entryBar: 0 })
  })

  it('is filled at the close before when the next bar comes, where the rules say so', () => {
    const broker = brokerAt100({ fillAt: 'previous-close' })
    buy(broker, 10)
    broker.advance(symbol, bar(105, 110, 99, 105))
    expect(broker.market(symbol).trades[0]).toMatchObject({ entryPrice: 100, entryBar: 0 })
  })

  it('meets the ask when it buys and the bid when it sells', () => {
    const broker = new Broker({ cash: 1_000, fillAt: 'same-close' })
    broker.quote(symbol, 0, 99, 101)
    buy(broker, 1)
    broker.quote(symbol, 1, 109, 111)
    buy(broker, -1)
    expect(broker.closedTrades[0]).toMatchObject({ entryPrice: 101, exitPrice: 109, profit: 8 })
  })

  it('pays spread, slippage and commission both ways', () => {
    const broker = brokerAt100({ spread: 0.01, slippage: 0.001, commission: { fixed: 2, rate: 0.001 } })
    buy(broker, 10)
    broker.advance(symbol, bar(100, 100, 100, 100))
    broker.closePosition(symbol)
    broker.advance(symbol, bar(100, 100, 100, 100))
    const [trade] = broker.closedTrades
    expect(trade?.entryPrice).toBeCloseTo(100 * 1.01 * 1.001, 10)
    expect(trade?.exitPrice).toBeCloseTo(100 * 0.99 * 0.999, 10)
    expect(trade?.commission).toBeCloseTo(4 + 0.01 * (101.101 + 98.901), 10)
    expect(broker.equity).toBeCloseTo(10_000 + (trade?.profit ?? 0), 8)
  })

  it('takes a commission that a function says', () => {
    const broker = brokerAt100({ commission: ({ units, price }) => Math.max(1, units * price * 0.0001) })
    buy(broker, 10)
    broker.advance(symbol, bar(100, 100, 100, 100))
    expect(broker.cash).toBe(9_999)
  })
})

describe('a limit', () => {
  it.each([
    ['there when the bar reaches it', bar(100, 101, 94, 96), 95],
    ['at the open when that is better', bar(93, 96, 92, 95), 93],
  ])('is filled %s', (_, next, price) => {
    const broker = brokerAt100()
    buy(broker, 1, { limit: 95 })
    broker.advance(symbol, next)
    expect(broker.market(symbol).trades[0]?.entryPrice).toBe(price)
  })

  it('waits while the bar stays away, and can be cancelled', () => {
    const broker = brokerAt100()
    const order = buy(broker, 1, { limit: 95 })
    broker.advance(symbol, bar(100, 101, 95.01, 96))
    expect(order.state).toBe('open')
    broker.cancel(order)
    broker.advance(symbol, bar(95, 95, 95, 95))
    expect([order.state, broker.position(symbol)]).toEqual(['cancelled', 0])
  })

  it('pays the maker’s fee and no spread where it rested', () => {
    const broker = brokerAt100({ spread: 0.01, commission: { rate: 0.01, makerRate: 0.001 } })
    buy(broker, 1, { limit: 95 })
    broker.advance(symbol, bar(100, 100, 94, 95))
    expect(broker.cash).toBeCloseTo(10_000 - 0.095, 10)
  })

  it('for now or never is filled at the open it allows, or not at all', () => {
    const broker = brokerAt100()
    const good = buy(broker, 1, { limit: 101, immediateOrCancel: true })
    const bad = buy(broker, 1, { limit: 99, immediateOrCancel: true })
    broker.advance(symbol, bar(100.5, 102, 90, 100))
    expect([good.state, bad.state]).toEqual(['filled', 'cancelled'])
    expect(broker.market(symbol).trades[0]?.entryPrice).toBe(100.5)
  })
})

describe('a stop', () => {
  it.each([
    ['at its level', bar(100, 106, 100, 104), 105],
    ['at the open when the bar begins beyond it', bar(107, 108, 106, 107), 107],
  ])('is filled %s', (_, next, price) => {
    const broker = brokerAt100()
    buy(broker, 1, { stop: 105 })
    broker.advance(symbol, next)
    expect(broker.market(symbol).trades[0]?.entryPrice).toBe(price)
  })

  it('with a limit beyond it becomes that limit', () => {
    const broker = brokerAt100()
    buy(broker, 1, { stop: 105, limit: 106 })
    broker.advance(symbol, bar(108, 109, 107, 108))
    expect(broker.position(symbol)).toBe(0)
    broker.advance(symbol, bar(107, 107, 105, 106))
    expect(broker.market(symbol).trades[0]?.entryPrice).toBe(106)
  })

  it('with a limit before it is not filled in a bar that holds both: nobody knows which came first', () => {
    const broker = brokerAt100()
    buy(broker, 1, { stop: 105, limit: 103 })
    broker.advance(symbol, bar(104, 106, 102, 104))
    expect(broker.position(symbol)).toBe(0)
    broker.advance(symbol, bar(104, 104, 102, 104))
    expect(broker.market(symbol).trades[0]?.entryPrice).toBe(103)
  })
})

describe('a bracket', () => {
  const bracket = { stopLoss: 95, takeProfit: 105 }

  it('closes at the stop when stop and target lie in one bar', () => {
    const broker = brokerAt100()
    buy(broker, 1, bracket)
    broker.advance(symbol, bar(100, 101, 99, 100))
    broker.advance(symbol, bar(100, 106, 94, 100))
    expect(exits(broker)).toEqual([[95, 'stop-loss']])
  })

  it('sees the bar whose open it was entered at', () => {
    const broker = brokerAt100()
    buy(broker, 1, bracket)
    broker.advance(symbol, bar(100, 106, 99, 104))
    expect(exits(broker)).toEqual([[105, 'take-profit']])
  })

  it('after a limit entry sees the stop on that bar, and never the target', () => {
    const lucky = brokerAt100()
    buy(lucky, 1, { limit: 97, stopLoss: 95, takeProfit: 98 })
    lucky.advance(symbol, bar(100, 101, 96, 97))
    expect(exits(lucky)).toEqual([])
    const unlucky = brokerAt100()
    buy(unlucky, 1, { limit: 97, stopLoss: 95, takeProfit: 105 })
    unlucky.advance(symbol, bar(100, 101, 94, 97))
    expect(exits(unlucky)).toEqual([[95, 'stop-loss']])
  })

  it('ends with the position, in whole or in part', () => {
    const broker = brokerAt100({ unitStep: 1 })
    buy(broker, 5, bracket)
    broker.advance(symbol, bar(100, 101, 99, 100))
    const [trade] = broker.market(symbol).trades
    if (trade === undefined) throw new Error('expected a trade')
    broker.closeTrade(trade, 0.5)
    broker.advance(symbol, bar(100, 101, 99, 100))
    // Half of five, to the even number.
    expect(broker.closedTrades[0]?.units).toBe(2)
    expect(trade.stopOrder?.size).toBe(-3)
    broker.closePosition(symbol)
    broker.advance(symbol, bar(100, 101, 99, 100))
    expect(broker.market(symbol).queue).toEqual([])
  })

  it.each([
    ['long with the stop above', { units: 1, stopLoss: 101 }],
    ['long with the target below', { units: 1, takeProfit: 99 }],
    ['short with the stop below', { units: -1, stopLoss: 99 }],
  ])('is refused: %s', (_, what) => {
    expect(() => brokerAt100().place({ symbol, ...what })).toThrow(/needs (stopLoss < price|takeProfit < price)/)
  })

  it('follows the best price of finished bars', () => {
    const broker = brokerAt100()
    buy(broker, 1, { trailRatio: 0.1 })
    broker.advance(symbol, bar(100, 120, 100, 119))
    expect(broker.market(symbol).trades[0]?.stopOrder?.stop).toBeCloseTo(108, 10)
    broker.advance(symbol, bar(119, 119, 107, 110))
    expect(broker.closedTrades[0]?.exitPrice).toBeCloseTo(108, 10)
  })
})

describe('a trailing stop with a stop loss', () => {
  it('is never looser than that', () => {
    const broker = brokerAt100()
    buy(broker, 1, { stopLoss: 98, trailRatio: 0.1 })
    broker.advance(symbol, bar(100, 101, 99, 101))
    expect(broker.market(symbol).trades[0]?.stopOrder?.stop).toBe(98)
    broker.advance(symbol, bar(101, 120, 101, 119))
    expect(broker.market(symbol).trades[0]?.stopOrder?.stop).toBeCloseTo(108, 10)
  })
})

describe('orders of one group', () => {
  it('cancel each other', () => {
    const broker = brokerAt100()
    const low = buy(broker, 1, { limit: 95, group: 'either' })
    const high = buy(broker, 1, { stop: 105, group: 'either' })
    broker.advance(symbol, bar(100, 106, 99, 105))
    expect([low.state, high.state]).toEqual(['cancelled', 'filled'])
  })
})

describe('a share of the volume', () => {
  const thin = (price: number, volume: number): Bar => ({ ...bar(price, price, price, price), volume })

  it('is all that a bar fills; the rest waits, entries and closes alike', () => {
    const broker = brokerAt100({ volumeShareMax: 0.1, unitStep: 1 })
    const order = buy(broker, 25)
    broker.advance(symbol, thin(100, 105))
    expect([broker.position(symbol), order.state]).toEqual([10, 'open'])
    broker.advance(symbol, thin(101, 0))
    expect(broker.position(symbol)).toBe(10)
    broker.advance(symbol, thin(102, 1_000))
    expect([broker.position(symbol), order.state, order.filledUnits]).toEqual([25, 'filled', 25])
    broker.closePosition(symbol)
    broker.advance(symbol, thin(103, 120))
    expect(broker.position(symbol)).toBe(13)
    broker.advance(symbol, thin(104, 1_000))
    expect(broker.closedTrades.map(({ units, exitPrice }) => [units, exitPrice])).toEqual([
      [12, 103],
      [3, 104],
      [10, 104],
    ])
    expect(broker.market(symbol).queue).toEqual([])
  })

  it('is shared by the orders of a bar, and what was for now or never does not wait', () => {
    const broker = brokerAt100({ volumeShareMax: 0.5, unitStep: 1 })
    const first = buy(broker, 4)
    const second = buy(broker, 4, { immediateOrCancel: true })
    broker.advance(symbol, thin(100, 10))
    expect([first.filledUnits, second.filledUnits, second.state]).toEqual([4, 1, 'filled'])
    expect(broker.market(symbol).queue).toEqual([])
  })
})

describe('positions', () => {
  it('net for one owner, oldest first, and not between owners', () => {
    const broker = brokerAt100()
    buy(broker, 2, { owner: 'a' })
    buy(broker, 3, { owner: 'a' })
    buy(broker, 1, { owner: 'b' })
    broker.advance(symbol, bar(100, 100, 100, 100))
    buy(broker, -4, { owner: 'a' })
    broker.advance(symbol, bar(110, 110, 110, 110))
    expect(broker.closedTrades.map(({ units, exitReason }) => [units, exitReason])).toEqual([
      [2, 'netted'],
      [2, 'netted'],
    ])
    expect([broker.position(symbol, 'a'), broker.position(symbol, 'b')]).toEqual([1, 1])
  })

  it('are never turned by an order that may only reduce', () => {
    const broker = brokerAt100()
    buy(broker, 2)
    broker.advance(symbol, bar(100, 100, 100, 100))
    buy(broker, -5, { reduceOnly: true })
    const rest = buy(broker, -5, { reduceOnly: true, limit: 120 })
    broker.advance(symbol, bar(100, 100, 100, 100))
    expect([broker.position(symbol), rest.state]).toEqual([0, 'cancelled'])
  })
})

describe('money', () => {
  it('is not spent twice: an order for more than there is, is rejected', () => {
    const broker = brokerAt100()
    const order = buy(broker, 101)
    broker.advance(symbol, bar(100, 100, 100, 100))
    expect([order.state, order.reason]).toEqual(['rejected', 'there is not enough money or margin for it'])
  })

  it('on a cash account buys no shorts', () => {
    const broker = brokerAt100({ account: 'cash' })
    const order = buy(broker, -1)
    broker.advance(symbol, bar(100, 100, 100, 100))
    expect(order.reason).toBe('a cash account sells only what it holds')
  })

  it('comes from what is sold out of the inventory', () => {
    const broker = brokerAt100({ account: 'cash', inventoryUnits: 5 })
    expect([broker.equity, broker.available]).toEqual([10_500, 10_000])
    buy(broker, -5)
    broker.advance(symbol, bar(100, 120, 100, 120))
    expect([broker.equity, broker.available]).toEqual([10_500, 10_500])
    const more = buy(broker, -1)
    broker.advance(symbol, bar(120, 120, 120, 120))
    expect(more.state).toBe('rejected')
  })

  it('is lent up to the leverage', () => {
    const broker = brokerAt100({ margin: 0.1 })
    const order = broker.place({ symbol, fraction: 0.5 })
    broker.advance(symbol, bar(100, 100, 100, 100))
    expect([order.filledUnits, broker.available]).toEqual([500, 5_000])
  })

  it('runs out: what is held is closed below the maintenance margin, and all is over at zero', () => {
    const called = brokerAt100({ margin: 0.1, maintenanceMargin: 0.05 })
    buy(called, 900)
    called.advance(symbol, bar(100, 100, 100, 100))
    called.advance(symbol, bar(100, 100, 93, 93))
    expect(exits(called)).toEqual([[93, 'liquidation']])
    expect([called.equity, called.isRuined]).toEqual([3_700, false])
    const ruined = brokerAt100({ margin: 0.1 })
    buy(ruined, 900)
    ruined.advance(symbol, bar(100, 100, 100, 100))
    ruined.advance(symbol, bar(80, 80, 80, 80))
    expect([ruined.equity, ruined.isRuined]).toEqual([0, true])
  })

  it('of an account equals what it began with and what its trades brought, whatever is ordered', () => {
    const price = fc.integer({ min: 50, max: 150 })
    const step = fc.record({
      prices: fc.tuple(price, price, price, price),
      units: fc.integer({ min: -5, max: 5 }).filter(units => units !== 0),
      level: fc.option(price, { nil: undefined }),
      kind: fc.constantFrom('limit', 'stop', 'market', 'close'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const broker = brokerAt100({ margin: 0.5, commission: { fixed: 1, rate: 0.001 }, unitStep: 1 })
        for (const { prices, units, level = 100, kind } of steps) {
          if (kind === 'close') broker.closePosition(symbol)
          else buy(broker, units, kind === 'market' ? {} : { [kind]: level })
          const [open, close] = prices
          broker.advance(symbol, bar(open, Math.max(...prices), Math.min(...prices), close))
          if (broker.isRuined) return
        }
        broker.closeEverything('end')
        const profit = broker.closedTrades.reduce((sum, trade) => sum + trade.profit, 0)
        expect(broker.equity).toBeCloseTo(10_000 + profit, 6)
        for (const trade of broker.closedTrades) {
          const range = [trade.entryPrice, trade.exitPrice]
          for (const at of range) expect(at >= 50 && at <= 150).toBe(true)
        }
      }),
    )
  })
})

describe('what cannot be meant', () => {
  it.each([
    ['no size', { symbol }],
    ['two sizes', { symbol, units: 1, fraction: 0.5 }],
    ['zero units', { symbol, units: 0 }],
    ['parts of whole units', { symbol, units: 1.5 }],
    ['more than everything', { symbol, fraction: 1 }],
    ['a limit that is no price', { symbol, units: 1, limit: Number.NaN }],
    ['a trail of nothing', { symbol, units: 1, trailRatio: 0 }],
  ])('is refused: %s', (_, order) => {
    expect(() => brokerAt100({ unitStep: 1 }).place(order)).toThrow(expect.objectContaining({ code: 'INVALID_ORDER' }))
  })

  it.each([
    ['spread', { spread: 2 }],
    ['margin', { margin: 0 }],
    ['cash', { cash: Number.NaN }],
    ['commission', { commission: -1 }],
    ['maintenanceMargin', { margin: 0.1, maintenanceMargin: 0.1 }],
  ])('is refused of the rules: %s', (name, options) => {
    expect(() => brokerAt100(options)).toThrow(new RegExp(name))
  })
})
