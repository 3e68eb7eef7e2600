import { createServer, type IncomingMessage } from 'node:http'

/** A request as it came, its form apart. */
export interface KrakenRequest {
  readonly path: string
  readonly form: Readonly<Record<string, string>>
}

export interface KrakenStandIn extends AsyncDisposable {
  readonly url: string
  readonly requests: KrakenRequest[]
  /** By path, such as `/0/private/AddOrder`. A handler that returns `undefined` never answers. */
  readonly answers: Map<string, (request: KrakenRequest) => unknown>
  /** What ccxt's `kraken` is constructed with to talk to it. */
  readonly config: Readonly<Record<string, unknown>>
}

const pair = (altname: string, base: string, quote: string, decimals: number) => ({
  altname,
  wsname: `${altname.slice(0, 3)}/${altname.slice(3)}`,
  aclass_base: 'currency',
  base,
  aclass_quote: 'currency',
  quote,
  pair_decimals: decimals,
  cost_decimals: 5,
  lot_decimals: 8,
  lot_multiplier: 1,
  leverage_buy: [],
  leverage_sell: [],
  fees: [[0, 0.4]],
  fees_maker: [[0, 0.25]],
  ordermin: '0.04',
  costmin: '0.5',
  tick_size: '0.01',
  status: 'online',
})

const asset = (altname: string) => ({
  aclass: 'currency',
  altname,
  decimals: 8,
  display_decimals: 5,
  status: 'enabled',
})

/** Answers as Kraken does to whatever a test says; market data of two pairs are there from the start. */
export async function startKrakenStandIn(): Promise<KrakenStandIn> {
  const requests: KrakenRequest[] = []
  const answers: KrakenStandIn['answers'] = new Map()
  const result = (value: unknown) => () => ({ error: [], result: value })
  answers.set(
    '/0/public/AssetPairs',
    result({
      LTCUSDT: pair('LTCUSDT', 'LTC', 'USDT', 5),
      XXBTZUSD: { ...pair('XBTUSD', 'XXBT', 'ZUSD', 1), ordermin: '0.00005' },
    }),
  )
  answers.set(
    '/0/public/Assets',
    result({ LTC: asset('LTC'), USDT: asset('USDT'), XXBT: asset('XBT'), ZUSD: asset('USD') }),
  )
  const server = createServer(async (message, response) => {
    const { pathname, search } = new URL(message.url ?? '/', 'http://127.0.0.1')
    const body = message.method === 'GET' ? search.slice(1) : await textOf(message)
    const request = { path: pathname, form: Object.fromEntries(new URLSearchParams(body)) }
    requests.push(request)
    const answer = answers.has(pathname) ? answers.get(pathname)?.(request) : { error: ['EGeneral:Unknown method'] }
    if (answer === undefined) return
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(answer))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    url,
    requests,
    answers,
    config: { urls: { api: { public: url, private: url, zendesk: url } } },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function textOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
