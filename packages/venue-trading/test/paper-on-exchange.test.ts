import { Decimal } from '@org/core'
import { expect, it } from 'vitest'
import { fixedRates, PaperVenue } from '../src/index.ts'
import { intentOf, onExchange } from './exchange-world.ts'

const symbol = 'BTC/USDT'

it('trades on paper with the prices, rules and fees of an exchange, which never hears of it', {
  timeout: 60_000,
}, async () => {
  await onExchange(async ({ simulator, clock, venue: exchange }) => {
    const paper = new PaperVenue({
      market: exchange,
      clock,
      balances: { USDT: '10000' },
      rates: fixedRates({ 'USDT/USD': '1' }, { clock }),
    })
    const { value: book } = await exchange.observe('order-book', { symbol })
    const { value: instrument } = await exchange.observe('instrument', { symbol })
    const bought = intentOf('place-order', { symbol, side: 'buy', quantity: '0.01' }, { venueId: paper.id })
    const receipt = await paper.execute(bought, { idempotencyKey: bought.id })
    expect(receipt.details).toMatchObject({ status: 'filled', filled: '0.01' })

    const { value: fills } = await paper.observe('fills', { symbol })
    expect(fills[0]?.price).toBe(book.asks[0]?.[0])
    const paid = fills.reduce(
      (sum, { price, quantity }) => sum.plus(Decimal.of(price).times(quantity)),
      Decimal.of('0'),
    )
    const fees = fills.reduce((sum, { fee }) => sum.plus(fee), Decimal.of('0'))
    expect(fees.text).toBe(paid.times(instrument.takerFee).text)

    const crumb = intentOf('place-order', { symbol, side: 'buy', quantity: '0.00001', price: '10000' })
    await expect(paper.execute(crumb, { idempotencyKey: crumb.id })).rejects.toMatchObject({
      code: 'ORDER_TOO_SMALL',
      effect: 'none',
    })
    expect(simulator.inspect.orders('main')).toEqual([])
    await paper.close()
  })
})
