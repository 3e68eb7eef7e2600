import { Decimal, memoryStore, type Posting } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Side } from '../actions/order-actions.ts'
import { AccountBook } from './account-book.ts'
import type { NewFill, NewOrder } from './book-order.ts'

const symbol = 'BTC/USDT'
const start = Date.UTC(2026, 0, 1)
const usdt = { quote: '1', fee: '1' }

function newOrder(id: string, change: Partial<NewOrder> = {}): NewOrder {
  return {
    clientOrderId: id,
    strategyId: 'momentum',
    intentId: `intent-${id}`,
    symbol,
    side: 'buy',
    quantity: '1',
    isClosing: false,
    worstPrice: '100',
    feesRatio: '0.002',
    quoteRate: '1',
    at: start,
    ...change,
  }
}

function newFill(tradeId: string, clientOrderId: string, change: Partial<NewFill> = {}): NewFill {
  return {
    tradeId,
    orderId: `exchange-${clientOrderId}`,
    clientOrderId,
    symbol,
    side: 'buy',
    price: '100',
    quantity: '1',
    fee: '0',
    feeAsset: 'USDT',
    isMaker: false,
    at: start,
    ...change,
  }
}

function receipt(book: AccountBook, id: string, intentId = `intent-${id}`) {
  return book.receipt({ intentId, strategyId: 'momentum', symbol, clientOrderId: id, at: start })
}

const amounts = (postings: readonly Posting[]) =>
  Object.fromEntries(postings.map(({ measure, amount }) => [measure, String(amount)]))

describe('AccountBook', () => {
  it('shows a resting order in the levels as its reservation did, and the position in its place once it is filled', async () => {
    const book = await AccountBook.open({ name: 'test' })
    await book.send(newOrder('a', { quantity: '0.1', worstPrice: '60000', stopPrice: '59000' }))
    expect(amounts((await receipt(book, 'a')).postings)).toEqual({
      loss: '0',
      exposure: '6000',
      'open-loss': '112',
      position: '0.1',
      notional: '6000',
    })
    await book.fill(newFill('1', 'a', { price: '59990', quantity: '0.1', fee: '5.999' }), usdt)
    const [filled] = await book.results('momentum', 0)
    // Entry 5,999.00 with a fee of 5.999; to the stop 99.00, and the exit's fee 5.999.
    expect(filled).toMatchObject({ seq: 1, note: 'fill', intentId: 'intent-a', closed: undefined })
    expect(amounts(filled?.postings ?? [])).toEqual({ loss: '5.999', exposure: '-1', 'open-loss': '-7.001' })
  })

  it('books a round trip to the cent, tells that it was closed, and leaves nothing at stake', async () => {
    const book = await AccountBook.open({ name: 'test' })
    await book.send(newOrder('in'))
    await book.fill(newFill('1', 'in', { fee: '0.1' }), usdt)
    await receipt(book, 'in')
    await book.send(newOrder('out', { side: 'sell', isClosing: true, isStop: true }))
    await book.fill(newFill('2', 'out', { side: 'sell', price: '90', fee: '0.09', at: start + 1 }), usdt)
    const closing = await receipt(book, 'out')
    expect(closing.closed).toEqual({ ratio: '-0.1019', isStop: true, side: 'long', at: start + 1 })
    expect(amounts(closing.postings)).toEqual({
      loss: '10.09',
      exposure: '-100',
      'open-loss': '-100.1',
      position: '-1',
      notional: '100',
    })
    expect(book.positions()).toEqual([])
    expect(await book.results('momentum', 0)).toEqual([])
  })

  it('takes a fee in the asset that was bought off the position', async () => {
    const book = await AccountBook.open({ name: 'test' })
    await book.send(newOrder('in'))
    await book.fill(newFill('1', 'in', { fee: '0.001', feeAsset: 'BTC' }), { quote: '1', fee: '100' })
    expect(book.positions()[0]).toMatchObject({ quantity: '0.999', averagePrice: '100', realised: '-0.1' })
    expect(book.closable('momentum', symbol, 'sell')).toBe('0.999')
  })

  it('lets what a fee left over say nothing of the stop and the time of the next position', async () => {
    const book = await AccountBook.open({ name: 'test' })
    const inTheAsset = { quote: '1', fee: '100' }
    await book.send(newOrder('in', { stopPrice: '95', feesRatio: '0' }))
    await book.fill(newFill('1', 'in', { fee: '0.001', feeAsset: 'BTC' }), inTheAsset)
    await book.send(newOrder('out', { side: 'sell', isClosing: true, quantity: '0.99' }))
    await book.fill(newFill('2', 'out', { side: 'sell', quantity: '0.99', at: start + 1 }), usdt)
    expect(book.positions()[0]).toMatchObject({ quantity: '0.009', stopPrice: '95', openedAt: start })
    for (const id of ['in', 'out']) await receipt(book, id)

    await book.send(newOrder('again', { worstPrice: '200', stopPrice: '190', feesRatio: '0' }))
    await book.fill(newFill('3', 'again', { price: '200', at: start + 2 }), usdt)
    expect(book.positions()[0]).toMatchObject({ quantity: '1.009', stopPrice: '190', openedAt: start + 2 })
    // 0.9 for the rest and 200, less 1.009 at 190: 9.19 where the rest's stop would have shown 105.045. The rest had shown 0.045.
    expect(amounts((await receipt(book, 'again')).postings)['open-loss']).toBe('9.145')

    // 200.9 went in, 211.89 comes out.
    await book.send(newOrder('all', { side: 'sell', isClosing: true, quantity: '1.009' }))
    await book.fill(newFill('4', 'all', { side: 'sell', price: '210', quantity: '1.009', at: start + 3 }), usdt)
    expect((await receipt(book, 'all')).closed).toMatchObject({ ratio: '0.054703' })
  })

  it('keeps the worse stop of two parts that both count', async () => {
    const book = await AccountBook.open({ name: 'test' })
    await book.send(newOrder('in', { quantity: '0.02', stopPrice: '95' }))
    await book.fill(newFill('1', 'in', { quantity: '0.02' }), usdt)
    await book.send(newOrder('more', { stopPrice: '98' }))
    await book.fill(newFill('2', 'more', { at: start + 1 }), usdt)
    expect(book.positions()[0]).toMatchObject({ quantity: '1.02', stopPrice: '95', openedAt: start })
  })

  it('counts a fee in a third asset, and a result in another currency, by their rates', async () => {
    const book = await AccountBook.open({ name: 'test' })
    await book.send(newOrder('in', { quoteRate: '1.1' }))
    await book.fill(newFill('1', 'in', { fee: '0.01', feeAsset: 'BNB' }), { quote: '1.1', fee: '600' })
    await book.send(newOrder('out', { side: 'sell', isClosing: true }))
    await book.fill(newFill('2', 'out', { side: 'sell', price: '110' }), { quote: '1.1', fee: '1.1' })
    expect(amounts((await receipt(book, 'out')).postings)['loss']).toBe('-5')
  })

  it('keeps what was made elsewhere apart from every strategy', async () => {
    const book = await AccountBook.open({ name: 'test' })
    expect(await book.fill(newFill('1', 'by hand'), usdt)).toBe('external')
    expect(book.positions().map(({ strategyId, quantity }) => [strategyId, quantity])).toEqual([['external', '1']])
    expect(book.closable('momentum', symbol, 'sell')).toBe('0')
  })

  it('gives a fill to its strategy that was taken for external while its order was not known', async () => {
    const book = await AccountBook.open({ name: 'test' })
    const early = newFill('1', 'in', { fee: '0.001', feeAsset: 'BTC' })
    expect(await book.fill(early, { quote: '1', fee: '100' })).toBe('external')
    await book.send(newOrder('in'))
    expect(await book.fill(early, { quote: '1', fee: '100' })).toBe('applied')
    expect(await book.fill(early, { quote: '1', fee: '100' })).toBe('duplicate')
    expect(book.positions().map(({ strategyId, quantity }) => [strategyId, quantity])).toEqual([['momentum', '0.999']])
    expect(book.order('in')?.status).toBe('filled')
  })

  it('lets open closing orders take off only what is left', async () => {
    const book = await AccountBook.open({ name: 'test' })
    await book.send(newOrder('in'))
    await book.fill(newFill('1', 'in'), usdt)
    await book.send(newOrder('stop', { side: 'sell', isClosing: true, quantity: '0.7' }))
    expect(book.closable('momentum', symbol, 'sell')).toBe('0.3')
    expect(book.closable('momentum', symbol, 'buy')).toBe('0')
    await book.end('stop', 'cancelled', start)
    expect(book.closable('momentum', symbol, 'sell')).toBe('1')
  })

  it('gives back what a cancelled order had at stake, as a result of its intent', async () => {
    const book = await AccountBook.open({ name: 'test' })
    await book.send(newOrder('a'))
    await receipt(book, 'a')
    await book.end('a', 'cancelled', start + 5)
    expect(await book.results('momentum', 0)).toEqual([
      {
        seq: 1,
        symbol,
        postings: [
          { measure: 'exposure', amount: '-100' },
          { measure: 'open-loss', amount: '-100.2' },
          { measure: 'position', amount: '-1' },
        ],
        note: 'cancel',
        closed: undefined,
        intentId: 'intent-a',
        at: start + 5,
      },
    ])
  })

  it('says nothing of an order whose receipt was not given: its reservation stands for it', async () => {
    const book = await AccountBook.open({ name: 'test' })
    await book.send(newOrder('a'))
    expect(await book.results('momentum', 0)).toEqual([])
    await book.end('a', 'rejected', start)
    expect(await book.results('momentum', 0)).toEqual([])
  })

  it('gives results again, the same, until they are acknowledged, and numbers on from what a strategy has booked', async () => {
    const book = await AccountBook.open({ name: 'test' })
    await book.send(newOrder('a'))
    await book.fill(newFill('1', 'a', { fee: '0.1' }), usdt)
    const first = await book.results('momentum', 41)
    expect(first.map(({ seq }) => seq)).toEqual([42])
    book.mark(symbol, '99', start + 1)
    const both = await book.results('momentum', 41)
    expect(both[0]).toEqual(first[0])
    expect(both[1]).toMatchObject({ seq: 43, note: 'mark', postings: [{ measure: 'unrealised-loss', amount: '1' }] })
    expect(await book.results('momentum', 43)).toEqual([])
    book.mark(symbol, '99', start + 2)
    expect(await book.results('momentum', 43)).toEqual([])
  })

  it('refuses to go on from what does not fit, in one line', async () => {
    const store = memoryStore()
    await store.saveState('account-book:test', { seq: 'many', state: {} })
    await expect(AccountBook.open({ name: 'test', store })).rejects.toMatchObject({
      code: 'STATE_UNREADABLE',
      message: expect.stringMatching(/^the account-book test does not fit this version: seq .+; run the version/),
    })
  })

  it('writes down with the next step what the store would not take', async () => {
    const store = memoryStore()
    let isDown = true
    const port = {
      loadState: (key: string) => store.loadState(key),
      saveState: async (key: string, value: Parameters<typeof store.saveState>[1]) => {
        if (isDown) throw new Error('disk full')
        return store.saveState(key, value)
      },
    }
    const book = await AccountBook.open({ name: 'test', store: port })
    await expect(book.send(newOrder('a'))).rejects.toThrow('disk full')
    isDown = false
    await book.end('a', 'rejected', start)
    expect((await AccountBook.open({ name: 'test', store })).order('a')?.status).toBe('rejected')
  })

  it('asks of the store one small value for each step, however long it has lived', async () => {
    const store = memoryStore()
    const sizes: number[] = []
    const port = {
      loadState: (key: string) => store.loadState(key),
      saveState: async (key: string, value: Parameters<typeof store.saveState>[1]) => {
        sizes.push(JSON.stringify(value).length)
        return store.saveState(key, value)
      },
    }
    const book = await AccountBook.open({ name: 'test', store: port })
    for (let i = 0; i < 3_000; i++) {
      await book.send(newOrder(`in${i}`))
      await book.fill(newFill(`${i}`, `in${i}`, { side: i % 2 === 0 ? 'buy' : 'sell', at: start + i * 1_000 }), usdt)
      await receipt(book, `in${i}`)
    }
    const large = sizes.filter(size => size > 1_000)
    expect(sizes.length).toBeLessThan(9_020)
    expect(large.length).toBeLessThan(12)
    expect(Math.max(...large)).toBeLessThan(2_000_000)
    const again = await AccountBook.open({ name: 'test', store })
    expect(again.positions()).toEqual(book.positions())
    expect(again.receiptOf('intent-in2999')).toEqual(book.receiptOf('intent-in2999'))
    expect(again.receiptOf('intent-in0')).toBeUndefined()
  })
})

/** What can happen to an account, small enough to be shrunk. */
type Event =
  | { readonly kind: 'open'; readonly side: Side; readonly quantity: number; readonly stop: boolean }
  | {
      readonly kind: 'fill'
      readonly order: number
      readonly price: number
      readonly part: number
      readonly feeCents: number
    }
  | { readonly kind: 'cancel'; readonly order: number }
  | { readonly kind: 'again'; readonly fill: number }
  | { readonly kind: 'mark'; readonly price: number }
  | { readonly kind: 'ask'; readonly acknowledges: boolean }

const price = fc.integer({ min: 5_000, max: 15_000 })
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('open' as const),
    side: fc.constantFrom<Side>('buy', 'sell'),
    quantity: fc.integer({ min: 1, max: 9_999 }),
    stop: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('fill' as const),
    order: fc.nat(20),
    price,
    part: fc.integer({ min: 1, max: 7 }),
    feeCents: fc.nat(50),
  }),
  fc.record({ kind: fc.constant('cancel' as const), order: fc.nat(20) }),
  fc.record({ kind: fc.constant('again' as const), fill: fc.nat(40) }),
  fc.record({ kind: fc.constant('mark' as const), price }),
  fc.record({ kind: fc.constant('ask' as const), acknowledges: fc.boolean() }),
)

const hundredth = (value: number) => Decimal.of(value).times('0.01').text

/** Plays events on a book and books what a strategy would book; `restart` may put another book in its place after each. */
async function play(
  events: readonly Event[],
  first: AccountBook,
  restart: (book: AccountBook) => Promise<AccountBook> = async book => book,
) {
  let book = first
  let booked = 0
  let time = start
  const told: unknown[] = []
  const sums = new Map<string, Decimal>()
  const fills: NewFill[] = []
  const ids: string[] = []
  const hear = (what: { readonly postings: readonly Posting[] }) => {
    told.push(what)
    for (const { measure, amount } of what.postings)
      sums.set(measure, (sums.get(measure) ?? Decimal.of('0')).plus(amount))
  }
  const ask = async (acknowledges: boolean) => {
    const results = await book.results('momentum', booked)
    for (const [i, result] of results.entries()) expect(result.seq).toBe(booked + 1 + i)
    if (!acknowledges) return
    results.forEach(hear)
    booked = results.at(-1)?.seq ?? booked
  }
  for (const each of events) {
    time += 1
    if (each.kind === 'open') {
      const id = `o${ids.length}`
      ids.push(id)
      const stopPrice = each.stop ? (each.side === 'buy' ? '50' : '150') : undefined
      await book.send(newOrder(id, { side: each.side, quantity: hundredth(each.quantity), stopPrice, at: time }))
      const given = await receipt(book, id)
      hear(given)
      expect(await receipt(book, id)).toEqual(given)
    }
    const order = 'order' in each && ids.length > 0 ? book.order(ids[each.order % ids.length] as string) : undefined
    if (each.kind === 'fill' && order?.status === 'open') {
      const left = Decimal.of(order.quantity).minus(order.filled)
      const part = left.dividedBy(each.part, 2)
      const fill = newFill(`${fills.length}`, order.clientOrderId, {
        side: order.side,
        price: hundredth(each.price),
        quantity: part.isZero ? left.text : part.text,
        fee: hundredth(each.feeCents),
        at: time,
      })
      fills.push(fill)
      expect(await book.fill(fill, usdt)).toBe('applied')
    }
    if (each.kind === 'cancel' && order !== undefined) await book.end(order.clientOrderId, 'cancelled', time)
    if (each.kind === 'again' && fills.length > 0)
      expect(await book.fill(fills[each.fill % fills.length] as NewFill, usdt)).toBe('duplicate')
    if (each.kind === 'mark') book.mark(symbol, hundredth(each.price), time)
    if (each.kind === 'ask') await ask(each.acknowledges)
    book = await restart(book)
  }
  await ask(true)
  return { book, fills, told, sum: (measure: string) => sums.get(measure) ?? Decimal.of('0'), time }
}

/** What a fill did to the purse. */
function cashOf({ side, price: paid, quantity, fee }: NewFill): Decimal {
  const value = Decimal.of(paid).times(quantity)
  return (side === 'buy' ? value.negated() : value).minus(fee)
}

const sumOf = (values: readonly Decimal[]) => values.reduce((sum, value) => sum.plus(value), Decimal.of('0'))

describe('laws of the account book', () => {
  it('told budgets in all exactly where the levels stand, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async events => {
        const { book, sum } = await play(events, await AccountBook.open({ name: 'test' }))
        const [position] = book.positions('momentum')
        const held = Decimal.of(position?.quantity ?? '0').abs()
        const open = book.openOrders()
        const left = open.map(({ quantity, filled }) => Decimal.of(quantity).minus(filled))
        expect(sum('position').text).toBe(held.plus(sumOf(left)).text)
        if (position === undefined && open.length === 0)
          for (const measure of ['exposure', 'open-loss', 'unrealised-loss']) expect(sum(measure).text).toBe('0')
        if (open.length > 0 || position !== undefined) expect(sum('exposure').isPositive).toBe(true)
      }),
    )
  })

  it('realises the cash flow, to the last digit, once it is flat', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), price, async (events, lastPrice) => {
        const { book, fills, sum, time } = await play(events, await AccountBook.open({ name: 'test' }))
        const quantity = Decimal.of(book.positions('momentum')[0]?.quantity ?? '0')
        let loss = sum('loss')
        if (!quantity.isZero) {
          const side: Side = quantity.isPositive ? 'sell' : 'buy'
          await book.send(newOrder('last', { side, quantity: quantity.abs().text, isClosing: true }))
          const fill = newFill('last', 'last', {
            side,
            quantity: quantity.abs().text,
            price: hundredth(lastPrice),
            at: time + 1,
          })
          fills.push(fill)
          await book.fill(fill, usdt)
          loss = loss.plus(amounts((await receipt(book, 'last')).postings)['loss'] ?? '0')
        }
        expect(loss.text).toBe(sumOf(fills.map(cashOf)).negated().text)
      }),
    )
  })

  it('comes to the same whatever the order of delivery, and however often a fill is delivered', async () => {
    const fills = fc
      .array(
        fc.record({ side: fc.constantFrom<Side>('buy', 'sell'), price, quantity: fc.integer({ min: 1, max: 999 }) }),
        {
          minLength: 1,
          maxLength: 16,
        },
      )
      .map(rows =>
        rows.map((row, i) =>
          newFill(`${i}`, `o${row.side}`, {
            side: row.side,
            price: hundredth(row.price),
            quantity: hundredth(row.quantity),
            fee: '0.01',
            // Two share each millisecond.
            at: start + Math.floor(i / 2),
          }),
        ),
      )
    const shuffled = fills.chain(list =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2, maxLength: list.length * 2 }),
      ),
    )
    await fc.assert(
      fc.asyncProperty(shuffled, async ([inOrder, asDelivered]) => {
        const totals = async (delivered: readonly NewFill[]) => {
          const book = await AccountBook.open({ name: 'test' })
          for (const side of ['buy', 'sell'] as const)
            await book.send(newOrder(`o${side}`, { side, quantity: '1000000', worstPrice: '100' }))
          for (const fill of delivered) await book.fill(fill, usdt)
          book.mark(symbol, '101', start)
          const results = await book.results('momentum', 0)
          return { positions: book.positions(), postings: results[0]?.postings }
        }
        expect(await totals(asDelivered)).toEqual(await totals(inOrder))
      }),
    )
  })

  it('goes on after a restart at any point as if there had been none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async events => {
        const store = memoryStore()
        const steady = await play(events, await AccountBook.open({ name: 'test' }))
        const restarted = await play(events, await AccountBook.open({ name: 'test', store }), () =>
          AccountBook.open({ name: 'test', store }),
        )
        // A mark that no result rests on is not written down: it comes again with the next tick.
        const withoutMarks = events.every(({ kind }) => kind !== 'mark')
        if (withoutMarks) expect(restarted.told).toEqual(steady.told)
        expect(restarted.sum('loss').text).toBe(steady.sum('loss').text)
        expect(restarted.sum('exposure').text).toBe(steady.sum('exposure').text)
        expect(restarted.sum('open-loss').text).toBe(steady.sum('open-loss').text)
        expect(restarted.book.openOrders()).toEqual(steady.book.openOrders())
      }),
      { numRuns: 50 },
    )
  })
})
