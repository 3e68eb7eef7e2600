import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { DAY_MS, inMarket, type Market, type Row, rows, START_MS } from './market.ts'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
}

/** Takes deliveries, and answers them with these statuses in turn, then with 200. */
async function startReceiver(...statuses: readonly number[]): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((message, response) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      received.push({ headers: message.headers, text: Buffer.concat(chunks).toString() })
      response.writeHead(statuses[received.length - 1] ?? 200).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function subscribe({ ask }: Market, url: string, events: readonly string[], as: 'host' | 'renter' = 'host') {
  const body = { name: 'alerts', webhook_url: url, event_types: events }
  return (await ask('POST', '/webhooks/', { as, body }))['webhook'] as Row & { readonly webhook_secret: string }
}

const typeOf = ({ text }: Received) => (JSON.parse(text) as Row)['notif_type']

describe('a webhook', () => {
  it('is told what happened, signed over timestamp and body', () =>
    inMarket(async market => {
      await using receiver = await startReceiver()
      const { webhook_secret: secret } = await subscribe(market, receiver.url, ['host:machine_offline'])
      const { id } = await market.machine()
      market.simulator.world.setOnline(Number(id), false)
      market.simulator.advance()
      await market.simulator.settled()
      expect(receiver.received).toHaveLength(1)
      const [{ headers, text }] = receiver.received as [Received]
      const event = JSON.parse(text) as Row
      expect(event).toMatchObject({
        user_id: market.simulator.hostId,
        notif_type: 'machine_offline',
        message: expect.stringContaining(String(id)),
        timestamp: START_MS / 1000,
      })
      const timestamp = headers['x-vast-timestamp']
      expect(timestamp).toBe(String(START_MS / 1000))
      expect(headers['x-vast-signature-256']).toBe(
        `sha256=${createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex')}`,
      )
      expect(headers['x-vast-event-id']).toBe(event['event_id'])
      expect(headers['x-vast-delivery-attempt']).toBe('1')
    }))

  it.each([
    [408, 429, 503],
    [500, 408, 429],
  ])('is told again of the same event after %i and %i, three times in all', (...statuses) =>
    inMarket(async market => {
      await using receiver = await startReceiver(...statuses)
      await subscribe(market, receiver.url, ['host:machine_offline'])
      market.simulator.world.setOnline(Number((await market.machine())['id']), false)
      market.simulator.advance()
      await market.simulator.settled()
      expect(receiver.received.map(({ headers }) => headers['x-vast-delivery-attempt'])).toEqual(['1', '2', '3'])
      expect(new Set(receiver.received.map(({ headers }) => headers['x-vast-event-id'])).size).toBe(1)
      expect(market.simulator.inspect.deliveries.map(({ status }) => status)).toEqual(statuses)
    }),
  )

  it('is not told again after a refusal', () =>
    inMarket(async market => {
      await using receiver = await startReceiver(410)
      await subscribe(market, receiver.url, ['host:machine_offline'])
      market.simulator.world.setOnline(Number((await market.machine())['id']), false)
      market.simulator.advance()
      await market.simulator.settled()
      expect(receiver.received).toHaveLength(1)
    }))

  it('hears of the events it asked for and of no others', () =>
    inMarket(async market => {
      await using receiver = await startReceiver()
      const events = ['client:instance_created', 'client:instance_stopped', 'client:instance_deleted', 'client:outbid']
      await subscribe(market, receiver.url, events, 'renter')
      const { id } = await market.machine()
      await market.list(id, { price_gpu: 0.3, price_min_bid: 0.1, end_date: (START_MS + 30 * DAY_MS) / 1000 })
      const [offer] = await market.offers({ machine_id: { eq: id }, type: 'bid' })
      const low = await market.rent(offer?.['id'], { price: 0.15 })
      market.advance(60_000)
      const [better] = await market.offers({ machine_id: { eq: id }, type: 'bid' })
      await market.rent(better?.['id'], { price: 0.2 })
      market.advance(60_000)
      await market.ask('DELETE', `/instances/${low}/`)
      market.advance(60_000)
      await market.simulator.settled()
      expect(receiver.received.map(typeOf).sort()).toEqual([
        'instance_created',
        'instance_created',
        'instance_deleted',
        'outbid',
      ])
    }))

  it('can be tried, renamed, given a new secret and deleted; its secret is shown once', () =>
    inMarket(async market => {
      const { ask, send } = market
      await using receiver = await startReceiver(200, 500)
      const { id, webhook_secret: first } = await subscribe(market, receiver.url, ['host:listing_ending'])
      const as = 'host'
      expect(await ask('POST', `/webhooks/${id}/test/`, { as, body: {} })).toMatchObject({ success: true })
      expect((await send('POST', `/webhooks/${id}/test/`, { as, body: {} })).status).toBe(400)
      expect(receiver.received.map(typeOf)).toEqual(['webhook_test', 'webhook_test'])
      await ask('PUT', `/webhooks/${id}/`, { as, body: { name: 'other' } })
      const { webhooks } = await ask('GET', '/webhooks/', { as })
      expect(rows(webhooks)).toEqual([expect.objectContaining({ id, name: 'other' })])
      expect(JSON.stringify(webhooks)).not.toContain(first)
      const rotated = await ask('POST', `/webhooks/${id}/rotate-secret/`, { as, body: {} })
      expect((rotated['webhook'] as Row)['webhook_secret']).toMatch(/^(?!undefined).{32,}$/)
      expect((rotated['webhook'] as Row)['webhook_secret']).not.toBe(first)
      await ask('DELETE', `/webhooks/${id}/`, { as })
      expect((await ask('GET', '/webhooks/', { as }))['webhooks']).toEqual([])
    }))

  it('leads to this machine alone', () =>
    inMarket(async market => {
      for (const url of ['https://example.com/hook', 'http://192.0.2.1/', 'http://localhost.example.com/', 'nonsense'])
        await expect(subscribe(market, url, ['host:machine_offline'])).rejects.toThrow(/400.*Invalid webhook_url/)
      await expect(subscribe(market, 'http://127.0.0.1:1/', ['host:party'])).rejects.toThrow(/unknown host:party/)
    }))
})
