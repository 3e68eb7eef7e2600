import { AutomationError, createLogger } from '@org/core'
import type { Fault } from '@org/sim-exchange'
import ccxt from 'ccxt'
import { describe, expect, it } from 'vitest'
import { errorFromCcxt } from '../src/exchange/error-from-ccxt.ts'
import { newTrace } from '../src/exchange/request-trace.ts'
import { ExchangeVenue, fixedRates } from '../src/index.ts'
import { act, type ExchangeWorld, onExchange } from './exchange-world.ts'

const symbol = 'BTC/USDT'

async function failure(work: Promise<unknown>): Promise<AutomationError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!AutomationError.isInstance(thrown)) throw new Error(`expected an AutomationError, was ${String(thrown)}`)
  return thrown
}

describe('what goes wrong at an exchange', () => {
  const cases: readonly (readonly [string, Fault, string, string])[] = [
    ['401', { kind: 'status', status: 401 }, 'BAD_KEYS', 'check key and secret'],
    ['403', { kind: 'status', status: 403 }, 'NO_PERMISSION', 'may not'],
    ['404', { kind: 'status', status: 404 }, 'EXCHANGE_REFUSED', 'check the address'],
    ['429', { kind: 'status', status: 429 }, 'RATE_LIMITED', 'scan less often'],
    ['418', { kind: 'status', status: 418 }, 'RATE_LIMITED', 'scan less often'],
    ['500', { kind: 'status', status: 500 }, 'EXCHANGE_UNAVAILABLE', 'status of the exchange'],
    ['502', { kind: 'status', status: 502 }, 'EXCHANGE_UNAVAILABLE', 'status of the exchange'],
    ['504', { kind: 'status', status: 504 }, 'EXCHANGE_TIMEOUT', 'network'],
    ['a broken connection', { kind: 'reset-before' }, 'EXCHANGE_UNAVAILABLE', 'network'],
    ['half of the text', { kind: 'malformed-json' }, 'MALFORMED_ANSWER', 'could not be read'],
    ['maintenance', { kind: 'maintenance' }, 'EXCHANGE_MAINTENANCE', 'wait until it is back'],
  ]
  it.each(cases)('%s of a question is one clear line, and nothing happened', async (_, fault, code, says) => {
    await onExchange(async ({ venue, simulator }) => {
      await venue.connect()
      simulator.faults.add({ ...fault, count: 1 })
      const error = await failure(venue.observe('balances', {}))
      expect(error).toMatchObject({ code, effect: 'none' })
      expect(error.message).toContain(says)
      expect(error.message).not.toContain('\n')
      expect(error.message.length).toBeLessThan(400)
    })
  })

  it('bad keys are told at the start', async () => {
    await onExchange(async ({ another }) => {
      const venue = another({ credentials: { apiKey: 'k'.repeat(64), secret: 's'.repeat(64) } })
      expect(await failure(venue.connect())).toMatchObject({ code: 'BAD_KEYS', effect: 'none' })
    })
  })

  it('a key that may only read cannot trade, and no order is there', async () => {
    const accounts = { main: { balances: { USDT: '1000' }, permission: 'read' as const } }
    await onExchange(
      async ({ venue, simulator }) => {
        await venue.connect()
        const order = { symbol, side: 'buy', quantity: '0.01', price: '50000' }
        const error = await failure(act(venue, 'place-order', order))
        expect(error).toMatchObject({ code: 'BAD_KEYS', effect: 'none' })
        expect(error.message).toContain('that the key may trade')
        expect(simulator.inspect.orders('main')).toEqual([])
      },
      { simulator: { accounts } },
    )
  })

  it('a clock that runs ahead is told with its fix', async () => {
    await onExchange(async ({ venue, simulator }) => {
      simulator.clockSkewMs = -60_000
      const error = await failure(venue.connect())
      expect(error).toMatchObject({ code: 'CLOCK_SKEW', effect: 'none' })
      expect(error.message).toContain('time synchronisation (NTP)')
    })
  })

  it('nobody there is not a lost order', async () => {
    await onExchange(async ({ venue, simulator }) => {
      await venue.connect()
      await venue.observe('instrument', { symbol })
      await simulator.close()
      // The first request goes into a connection that stood: whoever had sent an order there could not know.
      expect(await failure(venue.observe('balances', {}))).toMatchObject({ code: 'EXCHANGE_UNAVAILABLE' })
      const order = { symbol, side: 'buy', quantity: '0.01', price: '50000' }
      expect(await failure(act(venue, 'place-order', order))).toMatchObject({
        code: 'EXCHANGE_UNAVAILABLE',
        effect: 'none',
      })
    })
  })
})

describe('an order that the exchange answers with a status 400', () => {
  const order = { exchange: 'binance', name: 'createOrder', kind: 'write', timeoutMs: 10_000 } as const
  const answered = { ...newTrace(undefined), wasSent: true, status: 400 }
  const timedOut = 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.'
  const lostInside = 'An unexpected response was received from the message bus. Execution status unknown.'
  const endpoint = 'Endpoint request timeout (does not indicate success or failure of order, please check order status)'
  it.each([
    [new ccxt.RequestTimeout(`binance {"code":-1007,"msg":"${timedOut}"}`), 'unknown', false],
    [new ccxt.BadResponse(`binance {"code":-1006,"msg":"${lostInside}"}`), 'unknown', false],
    [new ccxt.OperationFailed(`okx {"code":"50004","msg":"${endpoint}"}`), 'unknown', false],
    [new ccxt.RequestTimeout('okx no words at all'), 'unknown', false],
    [new ccxt.OperationFailed('binance {"code":-1,"msg":"no"}'), 'none', true],
    [new ccxt.InvalidOrder('binance {"code":-1013,"msg":"Filter failure: LOT_SIZE"}'), 'none', false],
  ] as const)('%s is %s', (failure, effect, retryable) => {
    expect(errorFromCcxt(order, failure, answered, [])).toMatchObject({ effect, retryable })
  })
})

describe('without credentials', () => {
  it('public data is there, and acting says what is missing', async () => {
    await onExchange(async ({ another, simulator }) => {
      const { url } = simulator
      const urls = { api: { public: `${url}/api/v3`, private: `${url}/api/v3`, sapi: `${url}/sapi/v1` } }
      const options = { fetchMarkets: { types: ['spot'] }, fetchMargins: false, fetchCurrencies: false }
      const venue = another({ config: { urls, options } })
      await venue.connect()
      expect((await venue.observe('ticker', { symbol })).value.bid).toBeDefined()
      const order = { symbol, side: 'buy', quantity: '0.01', price: '50000' }
      for (const work of [act(venue, 'place-order', order), venue.observe('balances', {}), venue.holdings()])
        expect(await failure(work)).toMatchObject({ code: 'NO_CREDENTIALS', effect: 'none' })
    })
  })
})

describe('an unknown exchange', () => {
  it('is refused at once', async () => {
    await onExchange(async ({ another }) => {
      expect(() => another({ exchange: 'binanze' })).toThrow('ccxt knows no exchange "binanze"')
    })
  })
})

describe('isReal', () => {
  it('is true wherever a request could leave this machine', async () => {
    await onExchange(async ({ venue, store, clock }) => {
      expect(venue.isReal).toBe(false)
      const real = new ExchangeVenue({ exchange: 'binance', store, clock })
      expect(real.isReal).toBe(true)
      const half = { api: { public: 'http://127.0.0.1:1/api/v3', private: 'https://api.example/api/v3' } }
      expect(new ExchangeVenue({ exchange: 'binance', store, clock, config: { urls: half } }).isReal).toBe(true)
    })
  })

  it('where it is false, an address that was forgotten is refused, not called', async () => {
    await onExchange(async ({ another, simulator }) => {
      // Only the public side is the stand-in's: ccxt would send orders to the internet.
      const venue = another({
        config: {
          apiKey: simulator.apiKey,
          secret: simulator.secret,
          urls: { api: { public: `${simulator.url}/api/v3` } },
          options: { fetchMarkets: { types: ['spot'] }, fetchMargins: false, fetchCurrencies: false },
        },
      })
      expect(venue.isReal).toBe(false)
      const error = await failure(venue.observe('balances', {}))
      expect(error.message).toContain('config.urls.api does not name')
    })
  })
})

describe('secrets', () => {
  it('are in no error, log or store, whatever happens', async () => {
    const lines: string[] = []
    const logger = createLogger({ level: 'debug', destination: { write: line => void lines.push(line) } })
    await onExchange(
      async (world: ExchangeWorld) => {
        const { venue, simulator, store, clock } = world
        const texts: string[] = []
        const note = async (work: Promise<unknown>) => {
          const thrown = await work.then(
            () => undefined,
            (error: unknown) => error,
          )
          for (let cause = thrown; cause instanceof Error; cause = cause.cause)
            texts.push(cause.message, String(cause.stack), JSON.stringify(cause))
        }
        await venue.connect()
        const faults: readonly Fault[] = [
          { kind: 'reset-before' },
          { kind: 'reset-after' },
          { kind: 'malformed-json' },
          { kind: 'maintenance' },
          ...([400, 401, 403, 404, 418, 429, 500, 502, 503, 504] as const).map(
            status => ({ kind: 'status', status }) as const,
          ),
        ]
        for (const fault of faults) {
          for (const method of ['GET', 'POST', 'DELETE']) {
            simulator.faults.add({ ...fault, method })
            await note(venue.observe('balances', {}))
            await note(act(venue, 'place-order', { symbol, side: 'buy', quantity: '0.01', price: '50000' }))
            await note(act(venue, 'cancel-order', { symbol, clientOrderId: 'intent-1' }))
            await note(venue.observe('results', { strategyId: 'momentum', after: 0 }))
            simulator.faults.clear()
            await clock.sleep(200_000)
          }
        }
        expect(texts.length).toBeGreaterThan(50)
        for await (const { fact } of store.journal()) texts.push(JSON.stringify(fact))
        const all = [...texts, ...lines].join('\n')
        for (const secret of [simulator.apiKey, simulator.secret]) expect(all).not.toContain(secret)
        expect(all).not.toMatch(/signature=[0-9a-f]{8}/)
        expect(all).not.toMatch(/\b[0-9a-f]{64}\b/)
      },
      { venue: { logger, rates: fixedRates({ 'USDT/USD': '1' }) } },
    )
  })
})
