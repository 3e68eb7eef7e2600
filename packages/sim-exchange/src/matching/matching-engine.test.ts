import { describe, expect, it } from 'vitest'
import { compileInstrument } from './instrument.ts'
import { Market } from './market.ts'
import { MatchingEngine } from './matching-engine.ts'
import type { NewOrder, Order } from './order.ts'
import { Trader } from './trader.ts'
import { formatUnits, parseUnits } from './units.ts'

/** A market in which a tick is 1 B, a lot is 1 A, and nobody pays fees. Traders have 100 A and 1000 B. */
function pit() {
  const spec = { base: 'A', quote: 'B', tickSize: '1', stepSize: '1', notionalMin: '1' }
  const market = new Market(compileInstrument(spec))
  const engine = new MatchingEngine()
  let number = 0
  const trader = (name: string) => {
    const made = new Trader({ name, makerFeePpm: 0, takerFeePpm: 0, keepsHistory: true })
    made.balance('A').free = parseUnits('100') as bigint
    made.balance('B').free = parseUnits('1000') as bigint
    return made
  }
  const place = (who: Trader, side: 'BUY' | 'SELL', lots: number, priceTicks: number, more: Partial<NewOrder> = {}) =>
    engine.place({
      trader: who,
      market,
      side,
      type: priceTicks === 0 ? 'MARKET' : 'LIMIT',
      priceTicks,
      lots,
      clientOrderId: `o${++number}`,
      nowMs: number,
      ...more,
    })
  const placed = (...args: Parameters<typeof place>): Order => {
    const placement = place(...args)
    if (!placement.ok) throw new Error(placement.refusal)
    return placement.order
  }
  const money = (who: Trader) => [who.balance('B').free, who.balance('B').locked].map(formatUnits)
  return { engine, market, trader, place, placed, money }
}

describe('the matching engine', () => {
  it('locks what a resting order could cost, and gives back what a better price saves', () => {
    const { trader, placed, money } = pit()
    const [buyer, seller] = [trader('buyer'), trader('seller')]
    placed(buyer, 'BUY', 5, 20)
    expect(money(buyer)).toEqual(['900.00000000', '100.00000000'])
    placed(seller, 'SELL', 3, 18)
    expect(money(buyer)).toEqual(['900.00000000', '40.00000000'])
    // The taker would pay up to 30 and pays 25.
    placed(seller, 'SELL', 2, 25)
    placed(buyer, 'BUY', 2, 30)
    expect(money(buyer)).toEqual(['850.00000000', '40.00000000'])
  })

  it('gives back the whole lock when an order is cancelled, once', () => {
    const { engine, trader, placed, money } = pit()
    const buyer = trader('buyer')
    const order = placed(buyer, 'BUY', 5, 20)
    expect([engine.cancel(order, 9), engine.cancel(order, 9)]).toEqual([true, false])
    expect(money(buyer)).toEqual(['1000.00000000', '0.00000000'])
  })

  it('lets a triggered market order that costs more by now than its owner has expire', () => {
    const { trader, placed, money } = pit()
    const [maker, stopper, taker] = [trader('maker'), trader('stopper'), trader('taker')]
    placed(maker, 'SELL', 1, 50)
    placed(maker, 'SELL', 10, 300)
    const stop = placed(stopper, 'BUY', 10, 0, { type: 'STOP_LOSS', stopTicks: 50 })
    expect(money(stopper)).toEqual(['500.00000000', '500.00000000'])
    placed(taker, 'BUY', 1, 50)
    expect(stop.status).toBe('EXPIRED')
    expect(money(stopper)).toEqual(['1000.00000000', '0.00000000'])
  })

  it('sets off what a triggered order’s own trades set off', () => {
    const { trader, placed } = pit()
    const [maker, a, b] = [trader('maker'), trader('a'), trader('b')]
    placed(maker, 'BUY', 1, 10)
    placed(maker, 'BUY', 1, 9)
    placed(maker, 'BUY', 5, 8)
    const second = placed(b, 'SELL', 1, 0, { type: 'STOP_LOSS', stopTicks: 9 })
    const first = placed(a, 'SELL', 1, 0, { type: 'STOP_LOSS', stopTicks: 10 })
    placed(trader('taker'), 'SELL', 1, 10)
    expect([first, second].map(order => [order.status, order.filledQuoteUnits / 100_000_000n])).toEqual([
      ['FILLED', 9n],
      ['FILLED', 8n],
    ])
  })

  it('spends a quote amount to the last lot, and never more', () => {
    const { trader, placed } = pit()
    placed(trader('maker'), 'SELL', 50, 30)
    const order = placed(trader('buyer'), 'BUY', 0, 0, { quoteUnits: parseUnits('100') as bigint })
    expect([order.status, order.lots, formatUnits(order.filledQuoteUnits)]).toEqual(['FILLED', 3, '90.00000000'])
  })

  it('refuses in a fixed order: duplicate, trigger, funds, post-only', () => {
    const { trader, place, placed } = pit()
    const poor = trader('poor')
    placed(trader('maker'), 'SELL', 50, 30)
    placed(poor, 'BUY', 1, 5, { clientOrderId: 'same' })
    const refusal = (...args: Parameters<typeof place>) => {
      const placement = place(...args)
      return placement.ok ? 'taken' : placement.refusal
    }
    expect(refusal(poor, 'BUY', 900, 900, { clientOrderId: 'same' })).toBe('duplicate-client-order-id')
    expect(refusal(poor, 'BUY', 50, 30, { type: 'LIMIT_MAKER' })).toBe('insufficient-balance')
    expect(refusal(poor, 'BUY', 5, 30, { type: 'LIMIT_MAKER' })).toBe('would-take')
    placed(poor, 'BUY', 1, 30)
    expect(refusal(poor, 'BUY', 900, 900, { type: 'STOP_LOSS_LIMIT', stopTicks: 30 })).toBe('would-trigger')
  })
})

describe('decimal strings', () => {
  it.each([
    ['0.5', '0.50000000'],
    ['12', '12.00000000'],
    ['0.00000001', '0.00000001'],
    ['1.100000000000', '1.10000000'],
    ['99999999999999999999', '99999999999999999999.00000000'],
  ])('%s is %s', (text, formatted) => {
    const units = parseUnits(text)
    expect(typeof units === 'bigint' ? formatUnits(units) : units).toBe(formatted)
  })

  it.each(['', '.5', '1.', '-1', '1e3', 'NaN', ' 1', '0x1', '1,5'])('%j is none', text => {
    expect(parseUnits(text)).toBe('illegal')
  })

  it('have at most eight decimals', () => {
    expect(parseUnits('0.000000001')).toBe('precision')
  })
})

describe('an instrument', () => {
  it.each([
    [{ tickSize: '0.000001', stepSize: '0.001' }, 'tickSize times stepSize needs more than eight decimals'],
    [{ tickSize: '0' }, "tickSize: expected a positive decimal with at most eight decimals, was '0'"],
    [{ quantityMin: '0.000015' }, "quantityMin: expected a multiple of 0.00001, was '0.000015'"],
  ])('is refused in one line: %j', (spec, message) => {
    expect(() => compileInstrument({ base: 'A', quote: 'B', ...spec })).toThrow(
      expect.objectContaining({ code: 'SIM_INSTRUMENT_INVALID', shortMessage: expect.stringContaining(message) }),
    )
  })
})
