import { Decimal } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BookLevel } from '../actions/views.ts'
import { isTriggered, restingFill, simulateFill } from './simulate-fill.ts'

const book = {
  bids: [
    ['99', '1'],
    ['98', '4'],
  ],
  asks: [
    ['101', '1'],
    ['102', '4'],
  ],
} as const satisfies { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] }

describe('simulateFill', () => {
  it('takes the other side level by level, as far as the quantity goes', () => {
    expect(simulateFill({ side: 'sell', quantity: '2.5' }, book)).toEqual({
      fills: [
        { price: '99', quantity: '1', isMaker: false },
        { price: '98', quantity: '1.5', isMaker: false },
      ],
      rest: 'none',
    })
  })

  it.each([
    ['at the market, more than there is', { quantity: '9' }, '5', 'expires'],
    ['a limit', { quantity: '9', price: '101' }, '1', 'rests'],
    ['an IOC', { quantity: '9', price: '101', timeInForce: 'IOC' }, '1', 'expires'],
    ['a FOK that cannot be filled whole', { quantity: '6', price: '102', timeInForce: 'FOK' }, '0', 'expires'],
    ['a FOK that can', { quantity: '5', price: '102', timeInForce: 'FOK' }, '5', 'none'],
    ['a limit away from the market', { quantity: '9', price: '100' }, '0', 'rests'],
    ['a post-only that rests', { quantity: '9', price: '100.99', postOnly: true }, '0', 'rests'],
    ['a post-only that would take', { quantity: '9', price: '101', postOnly: true }, '0', 'refused'],
  ] as const)('%s', (_what, order, filled, rest) => {
    const match = simulateFill({ side: 'buy', ...order }, book)
    const sum = match.fills.reduce((total, { quantity }) => total.plus(quantity), Decimal.of('0'))
    expect([sum.text, match.rest]).toEqual([filled, rest])
  })

  it('never fills more than was asked or is there, nor at a price beyond the limit, and best prices first', () => {
    const amount = fc.integer({ min: 1, max: 500 })
    const levels = fc.uniqueArray(fc.tuple(amount, amount), { selector: ([price]) => price, maxLength: 8 })
    fc.assert(
      fc.property(
        levels,
        amount,
        fc.option(amount),
        fc.constantFrom('GTC', 'IOC', 'FOK'),
        (rows, want, limit, force) => {
          const asks = rows.sort(([a], [b]) => a - b).map(([price, there]): BookLevel => [String(price), String(there)])
          const price = limit === null ? undefined : String(limit)
          const { fills, rest } = simulateFill(
            { side: 'buy', quantity: String(want), price, timeInForce: force as 'GTC' },
            { bids: [], asks },
          )
          const within = rows.filter(([ask]) => limit === null || ask <= limit)
          const there = within.reduce((sum, [, quantity]) => sum + quantity, 0)
          const filled = fills.reduce((sum, { quantity }) => sum + Number(quantity), 0)
          expect(filled).toBe(force === 'FOK' && there < want ? 0 : Math.min(want, there))
          expect(rest === 'none').toBe(filled === want)
          const prices = fills.map(fill => Number(fill.price))
          expect(prices).toEqual([...prices].sort((a, b) => a - b))
          expect(prices.every(each => limit === null || each <= limit)).toBe(true)
        },
      ),
    )
  })
})

describe('restingFill', () => {
  const order = { side: 'buy', left: '2', price: '100' } as const
  const prices = { bid: '90', bidQuantity: '1', askQuantity: '0.5' }

  it('fills at the order’s own price, as a maker, as far as the quantity there goes', () => {
    expect(restingFill(order, { ...prices, ask: '99' })).toEqual({ price: '100', quantity: '0.5', isMaker: true })
    expect(restingFill(order, { ...prices, ask: '100', askQuantity: undefined })).toEqual({
      price: '100',
      quantity: '2',
      isMaker: true,
    })
  })

  it('waits while the other side is away, or gone', () => {
    expect(restingFill(order, { ...prices, ask: '100.01' })).toBeUndefined()
    expect(restingFill(order, { ...prices, ask: undefined })).toBeUndefined()
    expect(restingFill({ ...order, side: 'sell' }, { ...prices, ask: '99' })).toBeUndefined()
  })
})

describe('isTriggered', () => {
  it.each([
    ['sell', '95', '95', '96', true],
    ['sell', '95', '95.01', '96', false],
    ['buy', '105', '104', '105', true],
    ['buy', '105', '104', '104.99', false],
    ['sell', '95', undefined, '96', false],
  ] as const)('a %s stop at %s with bid %s and ask %s: %s', (side, stop, bid, ask, fires) => {
    expect(isTriggered(side, stop, { bid, ask })).toBe(fires)
  })
})
