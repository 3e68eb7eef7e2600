import { existsSync, readFileSync } from 'node:fs'
import { AutomationError, Decimal, memoryStore, VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { CcxtClient } from '../src/exchange/ccxt-client.ts'
import { readOrder } from '../src/exchange/read-account.ts'
import { ExchangeVenue, fixedRates } from '../src/index.ts'
import { intentOf } from './exchange-world.ts'
import { type KrakenStandIn, startKrakenStandIn } from './kraken-stand-in.ts'

const dataPath = new URL('../../../../shared/data/ccxt/', import.meta.url)
const hasData = existsSync(dataPath)
const load = (name: string) =>
  JSON.parse(readFileSync(new URL(name, dataPath), 'utf8')) as { readonly cases: readonly Case[] }

/** ccxt keeps the zeros that an exchange writes; what counts is the number, to the digit. */
const plain = (value: unknown) =>
  typeof value === 'string' && /^\d+\.\d+$/.test(value) ? Decimal.of(value).text : (value ?? null)

interface Case {
  readonly what: string
  readonly call: string
  readonly input: readonly unknown[]
  readonly url: string
  readonly body: string
  readonly ignore: readonly string[]
  readonly http: unknown
  readonly order: Readonly<Record<string, unknown>>
}

const credentials = { apiKey: 'stand-in-key-1', secret: Buffer.from('stand-in-secret').toString('base64') }

function clientOf(kraken: KrakenStandIn): CcxtClient {
  const clock = new VirtualClock()
  return new CcxtClient({
    exchange: 'kraken',
    credentials,
    config: kraken.config,
    clock,
    store: memoryStore(),
    weightPerMinute: 1e9,
  })
}

describe('known answers of Kraken', () => {
  it('every unified call sends what it must, amounts as text', async context => {
    if (!hasData) return context.skip('../shared/data/ccxt is not there')
    await using kraken = await startKrakenStandIn()
    const client = clientOf(kraken)
    await client.loadMarkets()
    const cases = load('kraken-requests.json').cases
    for (const { what, call, input, url, body, ignore } of cases) {
      const path = new URL(url).pathname
      kraken.answers.set(path, () => ({
        error: [],
        result: { txid: ['O1'], trades: {}, open: {}, count: 1, pending: false },
      }))
      // Times are numbers; amounts and prices are the exchange's own text from end to end.
      const args = input.map(value =>
        call === 'createOrder' && typeof value === 'number' ? String(value) : (value ?? undefined),
      )
      const calls = client.exchange as unknown as Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>
      await client.write(call, () => calls[call]?.apply(client.exchange, args) ?? Promise.reject(new Error(call)))
      const sent = kraken.requests.at(-1)
      const { form, path: sentPath } = sent ?? { form: {}, path: '' }
      const rest = Object.fromEntries(Object.entries(form).filter(([key]) => !ignore.includes(key)))
      expect({ what, path: sentPath, form: rest }).toEqual({
        what,
        path,
        form: Object.fromEntries(new URLSearchParams(body)),
      })
    }
    expect(cases.length).toBeGreaterThan(10)
  })

  it('every answer is read as it must be, to the digit', async context => {
    if (!hasData) return context.skip('../shared/data/ccxt is not there')
    await using kraken = await startKrakenStandIn()
    const client = clientOf(kraken)
    await client.loadMarkets()
    for (const { call, http, order, what } of load('kraken-responses.json').cases) {
      kraken.answers.set('/0/private/AddOrder', () => http)
      kraken.answers.set('/0/private/QueryOrders', () => http)
      const { id, symbol = '' } = order as { id: string; symbol: string }
      const answer = (await client.write(call, exchange =>
        call === 'createOrder' ? exchange.createOrder(symbol, 'market', 'buy', '0.1') : exchange.fetchOrder(id, symbol),
      )) as Readonly<Record<string, unknown>>
      const fee = answer['fee'] as { readonly cost?: string; readonly currency?: string } | undefined
      const said = { ...answer, fee: fee?.cost, feeCurrency: fee?.currency }
      for (const [field, value] of Object.entries(order))
        expect({ what, field, value: plain(said[field as keyof typeof said]) }).toEqual({ what, field, value })
      expect(readOrder('kraken', answer)).toMatchObject({ orderId: id, symbol, side: 'buy', quantity: '0.1' })
    }
  })
})

describe('a venue over an exchange that answers an order with its id alone', () => {
  it('asks what became of it, finds its trades, and gives them to the strategy', async () => {
    await using kraken = await startKrakenStandIn()
    const clock = new VirtualClock({ startMs: 1_705_260_540_000 })
    let sent: Readonly<Record<string, string>> = {}
    const result = (value: unknown) => () => ({ error: [], result: value })
    kraken.answers.set('/0/public/Time', result({ unixtime: clock.now() / 1_000 }))
    kraken.answers.set('/0/private/BalanceEx', () => ({
      error: [],
      result:
        sent['pair'] === undefined
          ? { USDT: { balance: '100', hold_trade: '0' } }
          : { USDT: { balance: '92.875784', hold_trade: '0' }, LTC: { balance: '0.1', hold_trade: '0' } },
    }))
    kraken.answers.set(
      '/0/private/TradeVolume',
      result({ currency: 'ZUSD', fees: { LTCUSDT: { fee: '0.26' } }, fees_maker: { LTCUSDT: { fee: '0.16' } } }),
    )
    kraken.answers.set('/0/private/AddOrder', ({ form }) => {
      sent = form
      return {
        error: [],
        result: { txid: ['OGMZCL-KC6MC-ZRBGM6'], descr: { order: 'buy 0.10000000 LTCUSDT @ limit 72' } },
      }
    })
    const order = {
      status: 'closed',
      opentm: '1705260540.5',
      descr: { pair: 'LTCUSDT', type: 'buy', ordertype: 'limit', price: '72' },
      vol: '0.10000000',
      vol_exec: '0.10000000',
      cost: '7.105741',
      fee: '0.018475',
      price: '71.05741',
      trades: ['TWA6QJ-ZO4EM-6QIHQJ'],
      oflags: 'fciq',
    }
    kraken.answers.set('/0/private/QueryOrders', () => ({
      error: [],
      result: { 'OGMZCL-KC6MC-ZRBGM6': { ...order, cl_ord_id: sent['cl_ord_id'] } },
    }))
    const trade = {
      ordertxid: 'OGMZCL-KC6MC-ZRBGM6',
      pair: 'LTCUSDT',
      time: 1_705_260_540.6,
      type: 'buy',
      ordertype: 'limit',
      maker: false,
    }
    kraken.answers.set(
      '/0/private/TradesHistory',
      result({
        count: 1,
        trades: {
          'TWA6QJ-ZO4EM-6QIHQJ': { ...trade, price: '71.05741', cost: '7.105741', fee: '0.018475', vol: '0.10000000' },
        },
      }),
    )
    await using venue = new ExchangeVenue({
      exchange: 'kraken',
      credentials,
      config: kraken.config,
      store: memoryStore(),
      clock,
      rates: fixedRates({ 'USDT/USD': '1' }, { clock }),
      weightPerMinute: 1e9,
    })
    expect(venue.isReal).toBe(false)
    const intent = intentOf('place-order', { symbol: 'LTC/USDT', side: 'buy', quantity: '0.1', worstPrice: '72' })
    const receipt = await clock.run(() => venue.execute(intent, { idempotencyKey: 'momentum-mjyv9k00-1x8fk3q' }))
    expect(sent).toMatchObject({
      pair: 'LTCUSDT',
      type: 'buy',
      ordertype: 'limit',
      volume: '0.1',
      price: '72',
      timeinforce: 'IOC',
      cl_ord_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    expect(receipt).toMatchObject({
      venueRef: 'OGMZCL-KC6MC-ZRBGM6',
      details: { status: 'filled', filled: '0.1', averagePrice: '71.05741' },
    })
    const { value: positions } = await clock.run(() => venue.observe('positions', {}))
    expect(await clock.run(() => venue.mismatches())).toEqual([])
    expect(positions).toMatchObject([{ symbol: 'LTC/USDT', quantity: '0.1', averagePrice: '71.05741' }])
  })
})

describe('a call that is aborted', () => {
  it('does not wait for the answer, and an order that had left is unknown', async () => {
    await using kraken = await startKrakenStandIn()
    const client = clientOf(kraken)
    await client.loadMarkets()
    const stop = new AbortController()
    for (const path of ['/0/private/AddOrder', '/0/private/OpenOrders'])
      kraken.answers.set(path, () => {
        stop.abort()
        return undefined
      })
    const thrown: unknown = await client
      .write('createOrder', each => each.createOrder('LTC/USDT', 'market', 'buy', '0.1'), { signal: stop.signal })
      .catch((error: unknown) => error)
    expect(AutomationError.isInstance(thrown) && [thrown.code, thrown.effect]).toEqual(['ABORTED', 'unknown'])
    const after: unknown = await client
      .write('createOrder', each => each.createOrder('LTC/USDT', 'market', 'buy', '0.1'), { signal: stop.signal })
      .catch((error: unknown) => error)
    expect(AutomationError.isInstance(after) && [after.code, after.effect]).toEqual(['ABORTED', 'none'])
  })

  it('no answer in time is unknown for an order', async () => {
    await using kraken = await startKrakenStandIn()
    const client = new CcxtClient({
      exchange: 'kraken',
      credentials,
      config: kraken.config,
      clock: new VirtualClock(),
      store: memoryStore(),
      timeoutMs: 50,
    })
    await client.loadMarkets()
    kraken.answers.set('/0/private/AddOrder', () => undefined)
    await expect(
      client.write('createOrder', each => each.createOrder('LTC/USDT', 'market', 'buy', '0.1')),
    ).rejects.toMatchObject({
      code: 'EXCHANGE_TIMEOUT',
      effect: 'unknown',
      retryable: false,
    })
  })
})
