import { Decimal, memoryStore, type Store, seededRandom } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AccountBook } from '../src/book/account-book.ts'
import type { NewFill, NewOrder } from '../src/book/book-order.ts'

const symbol = 'BTC/USDT'
const start = Date.UTC(2026, 0, 1)
const usdt = { quote: '1', fee: '1' }
const strategies = ['arbitrage', 'momentum'] as const

function orderOf(number: number, owner: 0 | 1): NewOrder {
  return {
    clientOrderId: `o${number}`,
    strategyId: strategies[owner],
    intentId: `i${number}`,
    symbol,
    side: owner === 0 ? 'sell' : 'buy',
    quantity: '1',
    isClosing: false,
    worstPrice: '100',
    stopPrice: owner === 0 ? '110' : '90',
    feesRatio: '0.002',
    quoteRate: '1',
    at: start + number,
  }
}

function fillOf({ clientOrderId, side, at }: NewOrder): NewFill {
  return {
    tradeId: `t-${clientOrderId}`,
    orderId: clientOrderId,
    clientOrderId,
    symbol,
    side,
    price: '100',
    quantity: '1',
    fee: '0.1',
    feeAsset: 'USDT',
    isMaker: false,
    at: at + 1,
  }
}

/** A store that takes its time, each time another, so that two who use it meet in every way. */
function unhurried(store: Store, seed: number): Pick<Store, 'loadState' | 'saveState'> {
  const random = seededRandom(seed)
  const wait = async () => {
    for (let turns = Math.floor(random.next() * 12); turns > 0; turns--) await undefined
  }
  return {
    async loadState(key) {
      await wait()
      const value = await store.loadState(key)
      await wait()
      return value
    },
    async saveState(key, value) {
      await wait()
      await store.saveState(key, value)
      await wait()
    },
  }
}

describe('one book that two processes write', () => {
  it('knows of a fill whose order the other process sent', async () => {
    const store = memoryStore()
    const [a, b] = [await AccountBook.open({ name: 'x', store }), await AccountBook.open({ name: 'x', store })]
    const order = orderOf(1, 0)
    await a.send(order)
    expect(await b.fill(fillOf(order), usdt)).toBe('applied')
    expect(await a.fill(fillOf(order), usdt)).toBe('applied')
    expect((await AccountBook.open({ name: 'x', store })).positions()).toMatchObject([
      { strategyId: 'arbitrage', quantity: '-1', realised: '-0.1' },
    ])
  })

  it('comes to what one process would have come to, also where both write at one time', async () => {
    const seenBy = fc.option(fc.constantFrom(0, 1, 2))
    const pair = fc.tuple(seenBy, seenBy)
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { maxLength: 8 }), fc.integer(), async (pairs, seed) => {
        const store = unhurried(memoryStore(), seed)
        const open = () => AccountBook.open({ name: 'x', store })
        const books = [await open(), await open()] as const
        const told = [Decimal.of('0'), Decimal.of('0')]
        const booked: [number, number] = [0, 0]
        const counts = [0, 0]
        const sent: { readonly order: NewOrder; readonly owner: 0 | 1 }[] = []
        let number = 0

        async function ask(owner: 0 | 1) {
          const results = await books[owner].results(strategies[owner], booked[owner])
          for (const { seq, postings } of results) {
            expect(seq).toBe(booked[owner] + 1)
            booked[owner] = seq
            for (const { measure, amount } of postings)
              if (measure === 'position') told[owner] = (told[owner] as Decimal).plus(amount)
          }
        }

        async function trade(owner: 0 | 1, seenBy: number, order: NewOrder) {
          const own = books[owner]
          sent.push({ order, owner })
          await own.send(order)
          const { clientOrderId, strategyId, intentId } = order
          const { postings } = await own.receipt({ intentId, strategyId, symbol, clientOrderId, at: start })
          told[owner] = (told[owner] as Decimal).plus(
            postings.find(({ measure }) => measure === 'position')?.amount ?? 0,
          )
          const seeing = seenBy === 2 ? books : [books[seenBy as 0 | 1]]
          await Promise.all(seeing.map(book => book.fill(fillOf(order), usdt)))
          await ask(owner)
        }

        for (const pair of pairs) {
          const work = pair.flatMap((seer, i) => {
            if (seer === null) return []
            const owner = i as 0 | 1
            counts[owner] = (counts[owner] ?? 0) + 1
            return [trade(owner, seer, orderOf(number++, owner))]
          })
          await Promise.all(work)
        }
        // What was overwritten is written again with the next.
        for (const owner of [0, 1, 0, 1] as const) {
          const order = orderOf(number++, owner)
          counts[owner] = (counts[owner] ?? 0) + 1
          await trade(owner, owner, order)
        }
        // Each asks the exchange for its fills again, as it does all the time.
        for (const { order, owner } of sent) await books[owner].fill(fillOf(order), usdt)
        for (const owner of [0, 1] as const) await ask(owner)

        const again = await open()
        for (const owner of [0, 1] as const) {
          const held = Decimal.of(again.positions(strategies[owner])[0]?.quantity ?? '0').abs()
          expect(held.text).toBe(String(counts[owner]))
          expect(told[owner]?.text).toBe(held.text)
        }
        expect(again.positions('external')).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
