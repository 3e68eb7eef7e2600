import {
  Decimal,
  type Intent,
  type IntentId,
  type Json,
  memoryStore,
  type Posting,
  type Store,
  VirtualClock,
} from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TradingAction } from '../src/index.ts'
import { PaperVenue, scriptedMarket } from '../src/index.ts'

const symbol = 'BTC/USDT'
const start = Date.UTC(2026, 0, 1)

/** What happens, small enough to be shrunk: orders by strategy, and prices. */
type Event =
  | {
      readonly kind: 'order'
      readonly side: 'buy' | 'sell'
      readonly isClosing: boolean
      readonly hundredths: number
      readonly limit: number | null
      readonly stop: number | null
    }
  | { readonly kind: 'cancel'; readonly order: number }
  | { readonly kind: 'quote'; readonly bid: number; readonly quantity: number }
  | { readonly kind: 'ask' }

const price = fc.integer({ min: 90, max: 110 })
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      isClosing: fc.boolean(),
      hundredths: fc.integer({ min: 1, max: 500 }),
      limit: fc.option(price),
      stop: fc.option(price),
    }),
  },
  fc.record({ kind: fc.constant('cancel' as const), order: fc.nat(9) }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('quote' as const),
      bid: price,
      quantity: fc.integer({ min: 1, max: 300 }),
    }),
  },
  fc.record({ kind: fc.constant('ask' as const) }),
)

/** A store that takes `writes` values, but for one, and then, as for a process that is dead, none. */
function mortal(store: Store, writes: number, hiccup: number) {
  let left = writes
  let write = 0
  return {
    die: () => {
      left = 0
    },
    loadState: (key: string) => store.loadState(key),
    async saveState(key: string, value: Json) {
      write++
      if (left <= 0) throw new Error('the process is dead')
      if (write === hiccup) throw new Error('the disk is busy')
      left--
      return store.saveState(key, value)
    },
  }
}

const hundredth = (value: number) => Decimal.of(value).times('0.01').text
const sumOf = (values: readonly string[]) => values.reduce((sum, value) => sum.plus(value), Decimal.of('0'))

/** Plays events; after `writes` writes the process dies, a new one takes its place and asks what became of what was under way. */
async function play(events: readonly Event[], writes: number, hiccup: number, account: 'cash' | 'margin') {
  const store = memoryStore()
  const clock = new VirtualClock({ startMs: start })
  const market = scriptedMarket({ clock, symbols: { [symbol]: { takerFee: '0.001', makerFee: '0.0005' } } })
  const options = { market, clock, account, leverage: '5', baseCurrency: 'USDT', balances: { USDT: '2000', BTC: '5' } }
  let port = mortal(store, writes, hiccup)
  let venue = new PaperVenue({ ...options, store: port })
  const told: Posting[] = []
  const inDoubt: Intent[] = []
  let booked = 0

  async function restart() {
    port.die()
    await venue.close()
    port = mortal(store, Number.POSITIVE_INFINITY, 0)
    venue = new PaperVenue({ ...options, store: port })
    for (const intent of inDoubt.splice(0)) {
      const fate = await venue.reconcile(intent, { idempotencyKey: intent.id })
      if (fate.status === 'done') told.push(...fate.receipt.postings)
      expect(fate.status).not.toBe('unknown')
    }
  }

  async function act(action: TradingAction, params: object, number: number) {
    const intent: Intent = {
      id: `i${number}` as IntentId,
      strategyId: 'momentum',
      venueId: 'paper',
      domain: 'trading',
      asset: symbol,
      action,
      params,
      effects: [],
      reduces: action !== 'place-order',
      expiresAt: start + 1e9,
      rationale: { reason: 'test', summary: 'test' },
    }
    try {
      told.push(...(await venue.execute(intent, { idempotencyKey: intent.id })).postings)
    } catch (error) {
      const { code, effect } = error as { code?: string; effect?: string }
      if (code !== undefined && effect === 'none') return
      inDoubt.push(intent)
      await restart()
    }
  }

  async function ask() {
    try {
      const { value } = await venue.observe('results', { strategyId: 'momentum', after: booked })
      for (const [i, result] of value.entries()) expect(result.seq).toBe(booked + 1 + i)
      told.push(...value.flatMap(({ postings }) => postings))
      booked = value.at(-1)?.seq ?? booked
    } catch {
      await restart()
    }
  }

  market.quote(symbol, { bid: '99', ask: '100', bidQuantity: '3', askQuantity: '3' })
  for (const [number, each] of events.entries()) {
    clock.jumpTo(start + number)
    if (each.kind === 'order') {
      const { side, isClosing, hundredths, limit, stop } = each
      const quantity = hundredth(hundredths)
      const stopPrice = isClosing ? (stop ?? undefined) : side === 'sell' ? '120' : '80'
      const params = { symbol, side, quantity, price: limit ?? undefined, stopPrice }
      const text = { ...params, price: params.price?.toString(), stopPrice: stopPrice?.toString() }
      await act(isClosing ? 'close-position' : 'place-order', text, number)
    }
    if (each.kind === 'cancel') await act('cancel-order', { symbol, clientOrderId: `i${each.order}` }, number)
    if (each.kind === 'quote') {
      const there = hundredth(each.quantity)
      market.quote(symbol, { bid: `${each.bid}`, ask: `${each.bid + 1}`, bidQuantity: there, askQuantity: there })
    }
    if (each.kind === 'ask') await ask()
  }
  await ask()
  // Where the process died unseen, its end is seen now.
  await restart()
  await ask()
  await ask()
  return { venue, told }
}

describe('a paper account', () => {
  it.each(['cash', 'margin'] as const)(
    'on %s: whenever its process dies, nothing is lost or booked twice, and the account agrees with the book',
    async account => {
      await fc.assert(
        fc.asyncProperty(fc.array(event, { maxLength: 30 }), fc.nat(80), fc.nat(80), async (events, writes, hiccup) => {
          const { venue, told } = await play(events, writes, hiccup, account)
          const { value: fills } = await venue.observe('fills', { symbol })
          const { value: balances } = await venue.observe('balances', {})
          const { value: positions } = await venue.observe('positions', {})
          const { value: orders } = await venue.observe('open-orders', {})
          const total = (asset: string) => {
            const row = balances.find(balance => balance.asset === asset)
            return Decimal.of(row?.free ?? '0').plus(row?.locked ?? '0')
          }
          const told1 = (measure: string) =>
            sumOf(told.filter(posting => posting.measure === measure).map(({ amount }) => String(amount)))
          const bought = sumOf(fills.map(({ side, quantity }) => (side === 'buy' ? quantity : `-${quantity}`)))
          const held = sumOf(positions.map(({ quantity }) => quantity))
          expect(held.text).toBe(bought.text)

          const cash = sumOf(
            fills.map(({ side, price: paid, quantity, fee }) => {
              const value = Decimal.of(paid).times(quantity)
              return (side === 'buy' ? value.negated() : value).minus(fee).text
            }),
          )
          if (account === 'cash') {
            expect(total('BTC').text).toBe(Decimal.of('5').plus(bought).text)
            expect(total('USDT').text).toBe(Decimal.of('2000').plus(cash).text)
            for (const { free } of balances) expect(Decimal.of(free).compare('0')).toBeGreaterThanOrEqual(0)
          } else if (held.isZero) expect(total('USDT').text).toBe(Decimal.of('2000').plus(cash).text)

          const left = sumOf(orders.map(({ quantity, filled }) => Decimal.of(quantity).minus(filled).text))
          const atMost = held.abs().plus(left)
          expect(told1('position').compare(atMost)).toBeLessThanOrEqual(0)
          expect(told1('position').compare(held.abs())).toBeGreaterThanOrEqual(0)
          if (held.isZero) {
            const loss = cash.negated().toPlaces(6, cash.isPositive ? 'trunc' : 'up')
            expect(told1('loss').text).toBe(loss.text)
          }
          if (held.isZero && orders.length === 0)
            for (const measure of ['exposure', 'open-loss', 'unrealised-loss', 'position'])
              expect(told1(measure).text).toBe('0')
        }),
        { numRuns: 200 },
      )
    },
  )
})
