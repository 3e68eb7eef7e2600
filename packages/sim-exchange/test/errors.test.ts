import ccxt from 'ccxt'
import { describe, expect, it } from 'vitest'
import { type CcxtBinance, onExchange, type StoryTools } from './exchange-story.ts'

/** A request of the exchange's own form, past ccxt's checks. */
const raw = (exchange: CcxtBinance, params: Readonly<Record<string, string | number>>) =>
  exchange.request('order', 'private', 'POST', {
    symbol: 'BTCUSDT',
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    ...params,
  })

describe('errors, as ccxt names them', { timeout: 30_000 }, () => {
  const cases: readonly (readonly [
    name: string,
    error: new (...args: never[]) => Error,
    text: string,
    act: (tools: StoryTools) => Promise<unknown>,
  ])[] = [
    [
      'too little money',
      ccxt.InsufficientFunds,
      'insufficient balance',
      ({ exchange }) => exchange.createOrder('BTC/USDT', 'limit', 'buy', 100, 60_000),
    ],
    [
      'too little to sell',
      ccxt.InsufficientFunds,
      'insufficient balance',
      ({ exchange }) => exchange.createOrder('BTC/USDT', 'market', 'sell', 11),
    ],
    [
      'a price between ticks',
      ccxt.InvalidOrder,
      'PRICE_FILTER',
      ({ exchange }) => raw(exchange, { quantity: '0.01', price: '60000.001' }),
    ],
    [
      'a quantity between lots',
      ccxt.InvalidOrder,
      'LOT_SIZE',
      ({ exchange }) => raw(exchange, { quantity: '0.0100001', price: '60000' }),
    ],
    [
      'a quantity of zero',
      ccxt.InvalidOrder,
      'LOT_SIZE',
      ({ exchange }) => raw(exchange, { quantity: '0', price: '60000' }),
    ],
    [
      'a worth below the minimum',
      ccxt.BadRequest,
      'NOTIONAL',
      ({ exchange }) => raw(exchange, { quantity: '0.00001', price: '60000' }),
    ],
    [
      'a price far away',
      ccxt.InvalidOrder,
      'PERCENT_PRICE',
      ({ exchange }) => raw(exchange, { quantity: '0.1', price: '600' }),
    ],
    [
      'a post-only order that would take',
      ccxt.OrderImmediatelyFillable,
      'immediately match',
      ({ exchange }) => exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, 70_000, { postOnly: true }),
    ],
    [
      'a stop that is passed already',
      ccxt.InvalidOrder,
      'trigger immediately',
      ({ exchange }) => exchange.createOrder('BTC/USDT', 'limit', 'sell', 0.01, 70_000, { stopLossPrice: 75_000 }),
    ],
    [
      'an unknown symbol',
      ccxt.BadSymbol,
      'Invalid symbol',
      ({ exchange }) => raw(exchange, { symbol: 'NOPEUSDT', quantity: '1', price: '1' }),
    ],
    ['no quantity', ccxt.BadRequest, "'quantity'", ({ exchange }) => raw(exchange, { price: '60000' })],
    [
      'letters for a price',
      ccxt.BadRequest,
      "'price'",
      ({ exchange }) => raw(exchange, { quantity: '1', price: 'NaN' }),
    ],
    [
      'a negative quantity',
      ccxt.BadRequest,
      "'quantity'",
      ({ exchange }) => raw(exchange, { quantity: '-1', price: '60000' }),
    ],
    [
      'an unknown type',
      ccxt.BadRequest,
      'orderType',
      ({ exchange }) => raw(exchange, { type: 'ICEBERG', quantity: '1', price: '60000' }),
    ],
    [
      'an unknown order asked for',
      ccxt.OrderNotFound,
      'does not exist',
      ({ exchange }) => exchange.fetchOrder('999', 'BTC/USDT'),
    ],
    [
      'an unknown order cancelled',
      ccxt.OrderNotFound,
      'Unknown order',
      ({ exchange }) => exchange.cancelOrder('999', 'BTC/USDT'),
    ],
    [
      'a wrong secret',
      ccxt.AuthenticationError,
      '-1022',
      ({ exchange }) => {
        exchange.secret = 'wrong'
        return exchange.fetchBalance()
      },
    ],
    [
      'an unknown key',
      ccxt.AuthenticationError,
      '-2015',
      ({ exchange }) => {
        exchange.apiKey = 'a'.repeat(64)
        return exchange.fetchBalance()
      },
    ],
    [
      'a key of no form',
      ccxt.AuthenticationError,
      '-2014',
      ({ exchange }) => {
        exchange.apiKey = 'key'
        return exchange.fetchBalance()
      },
    ],
    [
      'a key that may only read',
      ccxt.AuthenticationError,
      '-2015',
      ({ client }) => client('reader').createOrder('BTC/USDT', 'market', 'buy', 0.01),
    ],
    [
      'a clock that is late',
      ccxt.InvalidNonce,
      '-1021',
      ({ exchange, simulator }) => {
        simulator.clockSkewMs = 11_000
        return exchange.fetchBalance()
      },
    ],
    [
      'a clock that is early',
      ccxt.InvalidNonce,
      '-1021',
      ({ exchange, simulator }) => {
        simulator.clockSkewMs = -2_000
        return exchange.fetchBalance()
      },
    ],
    [
      'a closed market',
      ccxt.OperationRejected,
      'closed',
      ({ exchange, simulator }) => {
        simulator.inspect.setTrading('BTCUSDT', false)
        return exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01)
      },
    ],
    [
      'an exchange in maintenance',
      ccxt.OnMaintenance,
      'maintenance',
      ({ exchange, simulator }) => {
        simulator.faults.add({ kind: 'maintenance' })
        return exchange.fetchBalance()
      },
    ],
    [
      'a server that fails',
      ccxt.ExchangeNotAvailable,
      '502',
      ({ exchange, simulator }) => {
        simulator.faults.add({ kind: 'status', status: 502 })
        return exchange.fetchBalance()
      },
    ],
    [
      'a gateway that gives up',
      ccxt.RequestTimeout,
      '504',
      ({ exchange, simulator }) => {
        simulator.faults.add({ kind: 'status', status: 504 })
        return exchange.fetchBalance()
      },
    ],
    [
      'a wall that refuses',
      ccxt.ExchangeNotAvailable,
      '403',
      ({ exchange, simulator }) => {
        simulator.faults.add({ kind: 'status', status: 403 })
        return exchange.fetchBalance()
      },
    ],
    [
      'a throttle',
      ccxt.DDoSProtection,
      '429',
      ({ exchange, simulator }) => {
        simulator.faults.add({ kind: 'status', status: 429 })
        return exchange.fetchBalance()
      },
    ],
    [
      'a broken connection',
      ccxt.NetworkError,
      '',
      ({ exchange, simulator }) => {
        simulator.faults.add({ kind: 'reset-before' })
        return exchange.fetchBalance()
      },
    ],
  ]

  it.each(cases)('%s', async (_, error, text, act) => {
    const accounts = {
      main: { balances: { BTC: '10', USDT: '1000000' } },
      reader: { balances: { USDT: '1000' }, permission: 'read' as const },
    }
    await onExchange(
      async tools => {
        const thrown = await act(tools).then(
          value => `no error: ${JSON.stringify(value).slice(0, 100)}`,
          (reason: unknown) => reason,
        )
        expect(thrown).toBeInstanceOf(error)
        expect(String(thrown)).toContain(text)
        for (const { secret, apiKey } of [tools.simulator, tools.simulator.credentials('reader')]) {
          expect(String(thrown)).not.toContain(secret)
          expect(JSON.stringify(tools.simulator.inspect.requests)).not.toContain(apiKey)
        }
      },
      { accounts },
    )
  })

  it('half an answer passes through ccxt as text: who uses ccxt must look at what came', async () => {
    await onExchange(async ({ exchange, simulator }) => {
      simulator.faults.add({ kind: 'malformed-json', path: '/api/v3/account' })
      const balance = await exchange.fetchBalance()
      expect([typeof balance.info, balance['BTC']]).toEqual(['string', undefined])
    })
  })

  it('a late clock is set right by ccxt’s own adjustment', async () => {
    await onExchange(async ({ exchange, simulator }) => {
      simulator.clockSkewMs = 3_600_000
      await expect(exchange.fetchBalance()).rejects.toBeInstanceOf(ccxt.InvalidNonce)
      await exchange.loadTimeDifference()
      const difference = exchange.options['timeDifference'] as number
      expect(difference).toBe(-3_600_000)
      const { nonce } = exchange
      exchange.nonce = () => nonce() - difference
      expect((await exchange.fetchBalance())['BTC']?.total).toBe(10)
    })
  })
})

describe('request limits', () => {
  it('show the weight used, then 429 with a wait, then 418 with a ban, and end', async () => {
    await onExchange(
      async ({ simulator, clock }) => {
        const ask = () => fetch(`${simulator.url}/api/v3/depth?symbol=BTCUSDT&limit=100`)
        const first = await ask()
        // The client has loaded the markets for 20.
        expect([first.status, first.headers.get('x-mbx-used-weight-1m')]).toEqual([200, '25'])
        const statuses: number[] = []
        for (let i = 0; i < 40; i++) statuses.push((await ask()).status)
        expect(new Set(statuses)).toEqual(new Set([200, 429, 418]))
        expect(statuses).toEqual(statuses.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)))
        const banned = await ask()
        expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '120'])
        expect(await banned.json()).toMatchObject({ code: -1003, msg: expect.stringContaining('banned until') })
        clock.jumpTo(clock.now() + 121_000)
        expect((await ask()).status).toBe(200)
      },
      { rateLimits: { weightPerMinute: 100 } },
    )
  })

  it('refuse one order too many in ten seconds', async () => {
    await onExchange(
      async ({ exchange, clock }) => {
        const place = () => exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, 50_000)
        await place()
        await place()
        await expect(place()).rejects.toThrow('-1015')
        clock.jumpTo(clock.now() + 10_000)
        await place()
      },
      { rateLimits: { ordersPerTenSeconds: 2 } },
    )
  })
})

const order = [200, 429, 418]
