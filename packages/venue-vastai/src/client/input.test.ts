import { describe, expect, it } from 'vitest'
import { startServer } from '../../test/scripted-server.ts'
import type { ListingWrite } from './listing-input.ts'
import { VastAiClient } from './vast-ai-client.ts'

const listing: ListingWrite = {
  pricePerGpuHour: 0.4,
  minBidPerGpuHour: null,
  minChunkGpus: 1,
  diskPerGbMonth: null,
  uploadPerGb: null,
  downloadPerGb: null,
  discountMax: null,
  endDateMs: null,
  durationMs: null,
  volumeGb: null,
  volumePerGbMonth: null,
}
const { minChunkGpus: _left, ...halfListing } = listing

const bad: readonly (readonly [string, (client: VastAiClient) => Promise<unknown>, string])[] = [
  ['an id of 0', client => client.machines.unlist(0), 'expected machineId to be a positive integer, was 0'],
  [
    'an id of NaN',
    client => client.instances.destroy(Number.NaN),
    'expected instanceId to be a positive integer, was NaN',
  ],
  [
    'a negative price',
    client => client.machines.writeListing(1, { ...listing, pricePerGpuHour: -1 }),
    'pricePerGpuHour',
  ],
  [
    'a price of NaN',
    client => client.machines.writeListing(1, { ...listing, pricePerGpuHour: Number.NaN }),
    'pricePerGpuHour',
  ],
  [
    'a price of nothing',
    client => client.machines.writeListing(1, { ...listing, pricePerGpuHour: 0 }),
    'pricePerGpuHour',
  ],
  ['half a listing', client => client.machines.writeListing(1, halfListing as ListingWrite), 'minChunkGpus'],
  [
    'two ends',
    client => client.machines.writeListing(1, { ...listing, endDateMs: 1, durationMs: 1 }),
    'exclude each other',
  ],
  ['a misspelt term', client => client.machines.writeListing(1, { ...listing, prize: 1 } as ListingWrite), 'prize'],
  ['a bid below zero', client => client.machines.setMinBid(1, -0.1), 'pricePerGpuHour from 0'],
  ['a bid of NaN', client => client.instances.changeBid(1, Number.NaN), 'bidPerHour from 0.001 to 32'],
  ['an absurd bid', client => client.instances.changeBid(1, 33), 'bidPerHour from 0.001 to 32'],
  ['a payment of nothing', client => client.instances.prepay(1, 0), 'amount above 0'],
  ['a tiny disk', client => client.instances.create({ offerId: 1, image: 'a', diskGb: 1 }), 'diskGb'],
  [
    'a bid in a launch, which would rent at the full price',
    client => {
      const withBid = { search: {}, image: 'a', bidPerHour: 0.1 }
      return client.instances.launch(withBid)
    },
    'a launch cannot say bidPerHour: search',
  ],
  ['no image', client => client.instances.create({ offerId: 1 }), 'image such as'],
  [
    'an odd key',
    client => client.instances.create({ offerId: 1, image: 'a', idempotencyKey: 'a b' }),
    'idempotencyKey',
  ],
  [
    'too many at once',
    client => client.instances.destroyMany(Array.from({ length: 65 }, (_, i) => i + 1)),
    '1 to 64 instanceIds',
  ],
  ['none at once', client => client.instances.stopMany([]), '1 to 64 instanceIds'],
  [
    'a private key',
    client => client.sshKeys.create('-----BEGIN OPENSSH PRIVATE KEY----- abc'),
    'this is a private SSH key',
  ],
  ['no key at all', client => client.sshKeys.create('hello'), 'expected a public SSH key'],
  ['days in disorder', client => client.earnings.get({ fromDay: 5, toDay: 4 }), 'in order'],
  ['an unknown field', client => client.offers.search({ query: 'gpu_nam=x' }), 'did you mean gpu_name'],
  ['filter and query', client => client.offers.search({ query: 'num_gpus=1', filter: {} }), 'either filter or query'],
  ['half a row', client => client.offers.search({ limit: 0.5 }), 'limit to be an integer'],
  ['a wish of NaN', client => client.searchOffers({ maxDph: Number.NaN }), 'maxDph above 0'],
  ['a webhook in clear', client => client.webhooks.create({ url: 'http://a.b/c', eventTypes: ['x'] }), 'url'],
  ['a webhook to nowhere', client => client.webhooks.create({ url: 'nowhere', eventTypes: ['x'] }), 'url'],
  [
    'a webhook in clear to a name that only begins like this machine',
    client => client.webhooks.create({ url: 'http://127.0.0.1.b.c/', eventTypes: ['x'] }),
    'url',
  ],
  ['an odd variable', client => client.envVars.create('A-B', 'x'), 'letters, digits and _'],
]

describe('bad input', () => {
  it.each(bad)('%s is refused in one clear line, before any request', async (_what, call, words) => {
    await using server = await startServer([{}])
    await using client = new VastAiClient({ apiKey: 'k', baseUrl: server.url })
    const error = (await call(client).catch((caught: unknown) => caught)) as Error
    expect(error).toMatchObject({ code: 'VASTAI_INVALID_INPUT', effect: 'none' })
    expect(error.message).toContain(words)
    expect(error.message).not.toMatch(/\n|BEGIN/)
    expect(server.requests).toHaveLength(0)
  })
})
