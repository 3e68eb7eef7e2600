import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileInstrument, Market, MatchingEngine, type NewOrder, type Order, Trader } from '../src/index.ts'
import { type SlowAsk, SlowExchange, type SlowOrder } from './slow-exchange.ts'

// One lot at one tick is 1e-8 of the quote asset; a lot is 1e-8 of the base asset. So ticks, lots and units are the same numbers.
const instrument = compileInstrument({
  base: 'A',
  quote: 'B',
  tickSize: '1',
  stepSize: '0.00000001',
  quantityMax: '1',
  notionalMin: '0.00000001',
})
const tradersCount = 3
const purse = { base: 30, quote: 220 }
const makerFeePercent = 10
const takerFeePercent = 25

const asks: fc.Arbitrary<SlowAsk> = fc.record({
  trader: fc.nat(tradersCount - 1),
  side: fc.constantFrom('BUY', 'SELL'),
  type: fc.constantFrom(
    'LIMIT',
    'LIMIT',
    'LIMIT',
    'MARKET',
    'MARKET_BY_QUOTE',
    'LIMIT_MAKER',
    'STOP_LOSS',
    'STOP_LOSS_LIMIT',
    'TAKE_PROFIT',
    'TAKE_PROFIT_LIMIT',
  ),
  timeInForce: fc.constantFrom('GTC', 'GTC', 'GTC', 'IOC', 'FOK'),
  price: fc.integer({ min: 5, max: 14 }),
  lots: fc.integer({ min: 1, max: 12 }),
  quote: fc.integer({ min: 1, max: 150 }),
  stop: fc.integer({ min: 5, max: 14 }),
  prevention: fc.constantFrom('EXPIRE_MAKER', 'EXPIRE_MAKER', 'EXPIRE_TAKER', 'EXPIRE_BOTH'),
})

type Step = { readonly kind: 'place'; readonly ask: SlowAsk } | { readonly kind: 'cancel'; readonly which: number }

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('place' as const), ask: asks }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(200) }) },
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
)

/** An ask without what its type has no use for. */
function trimmed(ask: SlowAsk): SlowAsk {
  const byQuote = ask.type === 'MARKET_BY_QUOTE'
  const isLimit = ask.type.includes('LIMIT')
  return {
    ...ask,
    type: byQuote ? 'MARKET' : ask.type,
    timeInForce: isLimit && ask.type !== 'LIMIT_MAKER' ? ask.timeInForce : 'GTC',
    price: isLimit ? ask.price : 0,
    lots: byQuote ? 0 : ask.lots,
    quote: byQuote ? ask.quote : 0,
    stop: ask.type.startsWith('STOP') || ask.type.startsWith('TAKE') ? ask.stop : 0,
  }
}

class Pair {
  readonly engine = new MatchingEngine()
  readonly market = new Market(instrument)
  readonly slow = new SlowExchange(Array(tradersCount).fill(purse), makerFeePercent, takerFeePercent)
  readonly traders = Array.from({ length: tradersCount }, (_, i) => {
    const options = {
      name: `t${i}`,
      makerFeePpm: makerFeePercent * 1e4,
      takerFeePpm: takerFeePercent * 1e4,
      keepsHistory: true,
    }
    const trader = new Trader(options)
    trader.balance('A').free = BigInt(purse.base)
    trader.balance('B').free = BigInt(purse.quote)
    return trader
  })
  readonly orders: (readonly [Order, SlowOrder])[] = []
  #number = 0

  run(step: Step): void {
    if (step.kind === 'cancel') {
      const pair = this.orders[step.which % Math.max(1, this.orders.length)]
      if (pair !== undefined) expect(this.engine.cancel(pair[0], 0)).toBe(this.slow.cancel(pair[1]))
      return
    }
    const ask = trimmed(step.ask)
    const placed = this.engine.place({
      trader: this.traders[ask.trader] as Trader,
      market: this.market,
      side: ask.side,
      type: ask.type as NewOrder['type'],
      timeInForce: ask.timeInForce,
      priceTicks: ask.price,
      lots: ask.lots,
      quoteUnits: BigInt(ask.quote),
      stopTicks: ask.stop,
      clientOrderId: `c${++this.#number}`,
      selfTradePrevention: ask.prevention as 'EXPIRE_MAKER',
      nowMs: 0,
    })
    const slow = this.slow.place(ask)
    expect(placed.ok ? 'taken' : placed.refusal).toBe(typeof slow === 'string' ? slow : 'taken')
    if (placed.ok && typeof slow !== 'string') this.orders.push([placed.order, slow])
  }

  /** What can be seen of the fast one and of the slow one. */
  views(): readonly [fast: unknown, slow: unknown] {
    const { bids, asks: askSide } = this.market
    const depth = (side: typeof bids) => side.levels.map(level => [level.ticks, level.lots]).reverse()
    const fast = {
      orders: this.orders.map(([order]) => [order.status, order.filledLots, Number(order.filledQuoteUnits)]),
      purses: this.traders.map(trader => {
        const [base, quote] = [trader.balance('A'), trader.balance('B')]
        return [base.free, base.locked, quote.free, quote.locked].map(Number)
      }),
      fees: [Number(this.engine.fees.get('A') ?? 0n), Number(this.engine.fees.get('B') ?? 0n)],
      bids: depth(bids),
      asks: depth(askSide),
      last: this.market.lastTicks,
    }
    const slowDepth = (side: 'BUY' | 'SELL', sign: number) => {
      const levels = new Map<number, number>()
      for (const order of this.slow.open())
        if (order.side === side && order.entered !== undefined)
          levels.set(order.price, (levels.get(order.price) ?? 0) + order.lots - order.filled)
      return [...levels].sort(([a], [b]) => (a - b) * sign)
    }
    const slow = {
      orders: this.orders.map(([, order]) => [order.status, order.filled, order.filledQuote]),
      purses: this.traders.map((_, i) => {
        const [free, locked] = [this.slow.free(i), this.slow.locked(i)]
        return [free.base, locked.base, free.quote, locked.quote]
      }),
      fees: [this.slow.fees.base, this.slow.fees.quote],
      bids: slowDepth('BUY', -1),
      asks: slowDepth('SELL', 1),
      last: this.slow.last,
    }
    return [fast, slow]
  }
}

describe('the matching engine', () => {
  it('does what the slow exchange does, step by step', () => {
    fc.assert(
      fc.property(steps, all => {
        const pair = new Pair()
        for (const step of all) {
          pair.run(step)
          const [fast, slow] = pair.views()
          expect(fast).toEqual(slow)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('never crosses its book, never goes below zero, and loses nothing of any asset', () => {
    fc.assert(
      fc.property(steps, all => {
        const { engine, market, traders, run } = bound(new Pair())
        for (const step of all) {
          run(step)
          const [bid, ask] = [market.bids.best, market.asks.best]
          if (bid !== undefined && ask !== undefined) expect(bid.ticks).toBeLessThan(ask.ticks)
          for (const [asset, start] of [
            ['A', purse.base],
            ['B', purse.quote],
          ] as const) {
            let sum = engine.fees.get(asset) ?? 0n
            for (const trader of traders) {
              const { free, locked } = trader.balance(asset)
              expect(free >= 0n && locked >= 0n).toBe(true)
              sum += free + locked
            }
            expect(sum).toBe(BigInt(start * tradersCount))
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('fills by price, then time: who came first at a price is filled first', () => {
    const pair = new Pair()
    const place = (trader: number, side: 'BUY' | 'SELL', price: number, lots: number) =>
      pair.run({
        kind: 'place',
        ask: {
          trader,
          side,
          type: 'LIMIT',
          timeInForce: 'GTC',
          price,
          lots,
          quote: 0,
          stop: 0,
          prevention: 'EXPIRE_MAKER',
        },
      })
    place(0, 'SELL', 10, 5)
    place(1, 'SELL', 10, 5)
    place(0, 'SELL', 9, 2)
    place(2, 'BUY', 10, 9)
    const [first, second, better, taker] = pair.orders.map(([order]) => order)
    expect([better, first, second].map(order => order?.filledLots)).toEqual([2, 5, 2])
    // 2 × 9 + 7 × 10
    expect(taker?.filledQuoteUnits).toBe(88n)
    expect(pair.traders[2]?.balance('B')).toEqual({ free: 220n - 88n, locked: 0n })
  })
})

function bound(pair: Pair) {
  return { engine: pair.engine, market: pair.market, traders: pair.traders, run: (step: Step) => pair.run(step) }
}
