import { describe, expect, it } from 'vitest'
import { instrument, point, position, stopOrder, ticker, view } from '../test/sample-view.ts'
import { decide } from './decide.ts'

const turned = { point: { ...point, direction: 'down', hasCrossed: false } } as const
const intentsOf = (given: ReturnType<typeof view>) =>
  decide(given).opportunity?.intents.map(({ action, params }) => [action, params])

describe('a decision about a symbol', () => {
  it('on the bar of a cross is to enter, so that the stop costs what a trade may lose', () => {
    // 50 = quantity × (100 − 96 + 0.2): 11.904, for 1,190.4.
    const { reason, opportunity } = decide(view())
    expect(reason).toBe('crossed-up')
    const [entry] = opportunity?.intents ?? []
    expect(entry?.params).toEqual({
      symbol: 'BTC/USDT',
      side: 'buy',
      quantity: '11.904',
      worstPrice: '100',
      stopPrice: '96',
    })
    expect(entry?.effects).toContainEqual({ measure: 'loss', amount: '49.9968' })
    expect(entry?.rationale).toMatchObject({
      inputs: { close: 100, fast: 101, slow: 100, atr: 2, ask: '100', barOpenTime: 0 },
      thresholds: { stopAtrs: 2, riskPerTrade: 50, fastPeriod: 12, slowPeriod: 26 },
    })
    // 11.904 × 2 an hour, one bar being one.
    expect(opportunity?.expectedProfitPerHour).toBeCloseTo(23.808, 9)
  })

  it.each([
    ['no-cross', { bars: { point: { ...point, hasCrossed: false } } }],
    ['stale-candles', { bars: { problem: 'stale-candles' } }],
    ['acted-on-already', { actedOn: 0 }],
    ['no-shorts', { bars: { point: { ...point, direction: 'down' } } }],
    ['market-closed', { instrument: { ...instrument, isTrading: false } }],
    ['nobody-quotes', { ticker: { ...ticker, ask: undefined } }],
    ['no-budget', { risk: 0 }],
    ['no-funds', { free: 4 }],
    ['below-minimum', { risk: 0.001 }],
    ['no-distance-to-stop', { ticker: { ...ticker, ask: '96' } }],
  ] as const)('is to do nothing: %s', (reason, change) => {
    expect(decide(view(change))).toEqual({ reason, opportunity: undefined })
  })

  it('when the trend has turned is to cancel what is open and to close', () => {
    expect(intentsOf(view({ position: position('2'), openOrders: [stopOrder('2')], bars: turned }))).toEqual([
      ['cancel-order', { symbol: 'BTC/USDT', clientOrderId: 'stop-1' }],
      ['close-position', { symbol: 'BTC/USDT', side: 'sell', quantity: '2' }],
    ])
    expect(intentsOf(view({ position: position('-2', '104') }))).toEqual([
      ['close-position', { symbol: 'BTC/USDT', side: 'buy', quantity: '2' }],
    ])
  })

  it('at the stop is to close where no order waits there, and to leave it to the order where one does', () => {
    const fallen = { ...ticker, bid: '95.9' }
    expect(intentsOf(view({ position: position('2'), ticker: fallen }))).toEqual([
      ['close-position', { symbol: 'BTC/USDT', side: 'sell', quantity: '2', isStop: true }],
    ])
    expect(decide(view({ position: position('2'), ticker: fallen, openOrders: [stopOrder('2')] })).reason).toBe('holds')
    const risen = { ...ticker, ask: '104' }
    expect(intentsOf(view({ position: position('-2', '104'), ticker: risen, bars: turned }))).toEqual([
      ['close-position', { symbol: 'BTC/USDT', side: 'buy', quantity: '2', isStop: true }],
    ])
  })

  it('rests on prices alone where bars cannot be trusted', () => {
    const blind = { bars: { problem: 'BAD_CANDLE' } }
    expect(decide(view({ ...blind, position: position('2') })).reason).toBe('stop-is-missing')
    expect(decide(view({ ...blind, position: position('2'), ticker: { ...ticker, bid: '96' } })).reason).toBe(
      'stop-reached',
    )
  })

  it('waits with a close until somebody quotes', () => {
    expect(decide(view({ position: position('2'), bars: turned, ticker: { ...ticker, bid: undefined } })).reason).toBe(
      'nobody-quotes',
    )
  })

  it('counts what is too small to sell as nothing, and sells whole steps', () => {
    expect(decide(view({ position: position('0.0009') })).reason).toBe('crossed-up')
    // 0.04 × 99.99 is less than 5.
    expect(decide(view({ position: position('0.04') })).reason).toBe('crossed-up')
    expect(intentsOf(view({ position: position('1.99999'), bars: turned }))).toEqual([
      ['close-position', { symbol: 'BTC/USDT', side: 'sell', quantity: '1.999' }],
    ])
  })

  it('counts what is left of a stop order', () => {
    const openOrders = [stopOrder('2', '0.5')]
    expect(decide(view({ position: position('1.5'), openOrders })).reason).toBe('holds')
    expect(decide(view({ position: position('2'), openOrders })).reason).toBe('stop-is-missing')
  })

  it('cancels a stop that has lost its position before anything else', () => {
    expect(intentsOf(view({ openOrders: [stopOrder('2')] }))).toEqual([
      ['cancel-order', { symbol: 'BTC/USDT', clientOrderId: 'stop-1' }],
    ])
  })

  it('protects with the stop of the entry, whatever an older rest of the position says', () => {
    const plan = intentsOf(view({ position: position('2', '50'), stopPrice: '96' }))
    expect(plan).toEqual([
      ['close-position', { symbol: 'BTC/USDT', side: 'sell', quantity: '2', stopPrice: '96', isStop: true }],
    ])
  })

  it('asks no venue again for a stop that it does not take', () => {
    expect(decide(view({ position: position('2'), refusedStop: '96' })).reason).toBe('stop-watched-here')
    expect(decide(view({ position: position('2', '97'), refusedStop: '96' })).reason).toBe('stop-is-missing')
  })
})
