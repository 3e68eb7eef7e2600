import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@org/core'
import type { StandIn } from '@org/testkit'

export interface LemonOrder {
  readonly id: number
  readonly key: string
  readonly action: string
  readonly boxes: number
  readonly loss: number
}

/** A market for boxes of lemons over HTTP, with its books open to tests. */
export interface LemonMarket extends StandIn {
  readonly apiKey: string
  /** Everything that was bought and sold. */
  readonly orders: LemonOrder[]
  /** What stands on the stall's sign. */
  sign: string
  /** Boxes that we own. */
  boxes: number
  /** When the price was set, milliseconds since the epoch. */
  pricedAt: number
}

type Answer = readonly [status: number, body: unknown]

/** Buying does not look at keys; selling with a key that is known answers with the sale that it made. */
export async function startLemonMarket({ clock }: { readonly clock: Clock }): Promise<LemonMarket> {
  const orders: LemonOrder[] = []
  const pricePerBox = 4

  const book = (action: string, key: string, boxes: number): LemonOrder => {
    const loss = action === 'buy' ? boxes * pricePerBox * 0.25 : 0
    const order = { id: orders.length + 1, key, action, boxes, loss }
    orders.push(order)
    market.boxes += action === 'buy' ? boxes : -boxes
    return order
  }

  const routes: { readonly [route: string]: (query: URLSearchParams, body: never) => Answer } = {
    'GET /board': query =>
      query.get('grade') === 'A'
        ? [200, { grade: 'A', pricePerBox, pricedAt: market.pricedAt, left: { boxes: 50 } }]
        : [404, { error: 'no such grade' }],
    'GET /stock': () => [200, { boxes: market.boxes, rentPerHour: market.boxes * 0.01 }],
    'GET /orders': query => [200, { orders: orders.filter(({ key }) => key === query.get('key')) }],
    'POST /purchases': (_query, { key, boxes }: { key: string; boxes: number }) => [201, book('buy', key, boxes)],
    'POST /sales': (_query, { key, boxes }: { key: string; boxes: number }) => {
      const known = orders.find(order => order.key === key)
      if (known !== undefined) return [200, known]
      return market.boxes >= boxes ? [201, book('sell', key, boxes)] : [409, { error: 'not so many boxes' }]
    },
    'GET /sign': () => [200, { text: market.sign }],
    'PUT /sign': (_query, { text }: { text: string }) => {
      market.sign = text
      return [200, { text }]
    },
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk as Buffer)
    const url = new URL(message.url ?? '/', 'http://lemons')
    const route = routes[`${message.method} ${url.pathname}`]
    const text = Buffer.concat(chunks).toString()
    const [status, body]: Answer =
      message.headers.authorization !== `Bearer ${market.apiKey}`
        ? [401, { error: 'unknown key' }]
        : route === undefined
          ? [404, { error: 'nothing is here' }]
          : route(url.searchParams, (text === '' ? {} : JSON.parse(text)) as never)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }

  const server = createServer((message, response) => {
    void handle(message, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const market: LemonMarket = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: 'lemon/key+7=42',
    orders,
    sign: 'Lemons',
    boxes: 0,
    pricedAt: clock.now(),
    async close() {
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
  return market
}
