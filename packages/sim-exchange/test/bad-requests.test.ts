import { createHmac } from 'node:crypto'
import { VirtualClock } from '@org/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ExchangeSimulator, startExchangeSimulator } from '../src/index.ts'

const clock = new VirtualClock()
let simulator: ExchangeSimulator

beforeAll(async () => {
  simulator = await startExchangeSimulator({ clock, seed: 7, rateLimits: false })
})
afterAll(() => simulator.close())

type Entries = readonly (readonly [string, string])[]

async function signed(method: string, path: string, entries: Entries) {
  const query = new URLSearchParams([...entries, ['timestamp', String(clock.now())] as const] as [
    string,
    string,
  ][]).toString()
  const signature = createHmac('sha256', simulator.secret).update(query).digest('hex')
  const response = await fetch(`${simulator.url}${path}?${query}&signature=${signature}`, {
    method,
    headers: { 'X-MBX-APIKEY': simulator.apiKey },
  })
  return [response.status, (await response.json()) as { readonly code?: number; readonly msg?: string }] as const
}

const endpoints = fc.constantFrom(
  ...(['POST', 'GET', 'DELETE'] as const).map(method => [method, '/api/v3/order'] as const),
  ['POST', '/api/v3/order/test'] as const,
  ['GET', '/api/v3/openOrders'] as const,
  ['DELETE', '/api/v3/openOrders'] as const,
  ...[
    'allOrders',
    'myTrades',
    'account',
    'depth',
    'trades',
    'aggTrades',
    'klines',
    'ticker/24hr',
    'ticker/price',
    'exchangeInfo',
    'nothing',
  ].map(name => ['GET', `/api/v3/${name}`] as const),
)
const values = fc.oneof(
  fc.constantFrom(
    'BTCUSDT',
    'NOPE',
    'BUY',
    'SELL',
    'LIMIT',
    'MARKET',
    'STOP_LOSS',
    'GTC',
    'IOC',
    'FOK',
    '',
    '0',
    '-1',
    'NaN',
  ),
  fc.constantFrom(
    '1e9',
    '0.01',
    '60000',
    '99999999999999999999',
    '0.000000001',
    '1m',
    '1M',
    '["BTCUSDT"]',
    '[1]',
    '{',
    'null',
  ),
  fc.string({ maxLength: 12 }),
  fc.integer().map(String),
)
const names = fc.constantFrom(
  ...[
    'symbol',
    'symbols',
    'side',
    'type',
    'timeInForce',
    'quantity',
    'quoteOrderQty',
    'price',
    'stopPrice',
    'limit',
    'interval',
  ],
  ...[
    'orderId',
    'origClientOrderId',
    'newClientOrderId',
    'newOrderRespType',
    'startTime',
    'endTime',
    'fromId',
    'recvWindow',
  ],
)
const plausible = fc.constantFrom<Entries>(
  [],
  [['symbol', 'BTCUSDT']],
  [
    ['symbol', 'BTCUSDT'],
    ['side', 'BUY'],
    ['type', 'LIMIT'],
    ['timeInForce', 'GTC'],
    ['quantity', '0.01'],
    ['price', '60000'],
  ],
  [
    ['symbol', 'BTCUSDT'],
    ['side', 'SELL'],
    ['type', 'MARKET'],
    ['quantity', '0.01'],
  ],
)

describe('whatever is asked', { timeout: 60_000 }, () => {
  it('is answered with rows or with a refusal that has a code and one line, and nothing appears or vanishes', async () => {
    const before = simulator.inspect.totals()
    await fc.assert(
      fc.asyncProperty(
        endpoints,
        plausible,
        fc.array(fc.tuple(names, values), { maxLength: 4 }),
        async ([method, path], base, more) => {
          const [status, answer] = await signed(method, path, [...base, ...more])
          expect([200, 400, 401, 404]).toContain(status)
          if (status === 200) return
          expect(answer).toEqual({ code: expect.any(Number), msg: expect.stringMatching(/^.+$/) })
          expect(answer.code).toBeLessThan(0)
        },
      ),
      { numRuns: 600 },
    )
    expect(simulator.inspect.totals()).toEqual(before)
  })

  it.each([
    [[['symbol', '']], -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    [
      [
        ['symbol', 'BTCUSDT'],
        ['limit', '0'],
      ],
      -1130,
      "Data sent for parameter 'limit' is not valid.",
    ],
    [
      [
        ['symbol', 'BTCUSDT'],
        ['recvWindow', '60001'],
      ],
      -1131,
      'recvWindow must be less than 60000.',
    ],
    [
      [
        ['symbol', 'BTCUSDT'],
        ['startTime', 'x'],
      ],
      -1100,
      'Illegal characters found in parameter',
    ],
  ] as const)('%j is refused with %i', async (entries, code, message) => {
    const [status, answer] = await signed('GET', '/api/v3/myTrades', entries)
    expect([status, answer.code]).toEqual([400, code])
    expect(answer.msg).toContain(message)
  })

  it.each([
    [[['type', 'LIMIT']], -1102],
    [
      [
        ['type', 'LIMIT'],
        ['timeInForce', 'GTD'],
      ],
      -1115,
    ],
    [
      [
        ['type', 'LIMIT_MAKER'],
        ['timeInForce', 'GTC'],
      ],
      -1106,
    ],
    [
      [
        ['type', 'MARKET'],
        ['price', '60000'],
      ],
      -1106,
    ],
    [
      [
        ['type', 'MARKET'],
        ['quantity', '1'],
        ['quoteOrderQty', '1'],
      ],
      -1106,
    ],
    [
      [
        ['type', 'STOP_LOSS'],
        ['quantity', '1'],
      ],
      -1102,
    ],
    [
      [
        ['type', 'LIMIT'],
        ['timeInForce', 'GTC'],
        ['quantity', '1'],
        ['price', '60000.000000001'],
      ],
      -1111,
    ],
    [
      [
        ['type', 'MARKET'],
        ['quantity', '0.01'],
        ['newClientOrderId', 'x'.repeat(37)],
      ],
      -1100,
    ],
    [
      [
        ['type', 'MARKET'],
        ['quantity', '0.01'],
        ['selfTradePreventionMode', 'NONE'],
      ],
      -1013,
    ],
  ] as const)('an order of %j is refused with %i', async (entries, code) => {
    const [status, answer] = await signed('POST', '/api/v3/order/test', [
      ['symbol', 'BTCUSDT'],
      ['side', 'BUY'],
      ...entries,
    ])
    expect([status, answer.code]).toEqual([400, code])
  })
})
