import { describe, expect, it } from 'vitest'
import type { CcxtClient } from './ccxt-client.ts'
import type { CcxtExchange } from './ccxt-exchange.ts'
import { ExchangeError } from './exchange-error.ts'
import { findOrder, type SoughtOrder } from './find-order.ts'

const order = { id: '7', clientOrderId: 'mine', symbol: 'A/B', side: 'sell', amount: '1', filled: '0', status: 'open' }
const other = { ...order, id: '8', clientOrderId: 'other' }
const sought: SoughtOrder = { symbol: 'A/B', clientOrderId: 'mine', orderId: undefined, isTrigger: false }
const no = () => Promise.reject(new ExchangeError({ code: 'ORDER_NOT_FOUND', message: 'no such order' }))

/** An exchange that answers as it is told, and has what it answers. */
function exchangeThat(answers: { readonly [call: string]: (...args: never[]) => Promise<unknown> }): CcxtClient {
  const has = Object.fromEntries(Object.keys(answers).map(call => [call, true]))
  const exchange = { id: 'x', has, ...answers } as unknown as CcxtExchange
  const read = (_name: string, ask: (each: CcxtExchange) => Promise<unknown>) => ask(exchange)
  return { exchange, read } as unknown as CcxtClient
}

const find = (answers: Parameters<typeof exchangeThat>[0], more: Partial<SoughtOrder> = {}) =>
  findOrder(exchangeThat(answers), { ...sought, ...more }, {})

describe('findOrder', () => {
  it('believes no answer about another order, and looks in the lists', async () => {
    const fetchOrder = async () => other
    const lists = { fetchOpenOrders: async () => [other, order], fetchOrders: async () => [] }
    expect(await find({ fetchOrder, ...lists })).toMatchObject({ kind: 'found', order: { orderId: '7' } })
  })

  it('takes a no for one only when the lists say so too', async () => {
    expect(
      await find({ fetchOrder: no, fetchOpenOrders: async () => [], fetchOrders: async () => [order] }),
    ).toMatchObject({ kind: 'found' })
    const absent = { fetchOrder: no, fetchOpenOrders: async () => [other], fetchClosedOrders: async () => [] }
    expect(await find(absent)).toEqual({ kind: 'absent' })
  })

  it('cannot tell where past orders are not listed, or client order ids are not said', async () => {
    expect((await find({ fetchOrder: no, fetchOpenOrders: async () => [] })).kind).toBe('unclear')
    const nameless = async () => [{ ...other, clientOrderId: undefined }]
    expect((await find({ fetchOrder: no, fetchOpenOrders: nameless, fetchOrders: nameless })).kind).toBe('unclear')
  })

  it('does not take an exchange that could not be asked for one that said no', async () => {
    const down = () => Promise.reject(new ExchangeError({ code: 'EXCHANGE_UNAVAILABLE', message: 'down' }))
    await expect(find({ fetchOrder: down })).rejects.toMatchObject({ code: 'EXCHANGE_UNAVAILABLE' })
    const lists = { fetchOpenOrders: down, fetchOrders: async () => [] }
    await expect(find({ fetchOrder: no, ...lists })).rejects.toMatchObject({ code: 'EXCHANGE_UNAVAILABLE' })
  })

  it('seeks a stop among the orders that are kept apart, and no other order', async () => {
    const isApart = (params: unknown) => (params as { trigger?: boolean } | undefined)?.trigger === true
    const exchange = {
      fetchOrder: no,
      fetchOpenOrders: async (_symbol: string, _since: unknown, _limit: unknown, params: unknown) =>
        isApart(params) ? [order] : [],
      fetchOrders: async () => [],
    }
    expect(await find(exchange, { isTrigger: true })).toMatchObject({ kind: 'found', isApart: true })
    expect(await find(exchange)).toEqual({ kind: 'absent' })
  })
})
