import { AutomationError, VirtualClock } from '@org/core'
import type { Fault } from '@org/sim-vastai'
import { describe, expect, it } from 'vitest'
import { hostPrice, VastAiClient, VastAiVenue } from '../src/index.ts'
import { act, inMarket, type MarketWorld, terms } from './market-world.ts'

/** The error of `work`: one line that says what to do, of a stable code. */
async function refusal(work: () => unknown): Promise<AutomationError> {
  try {
    await work()
  } catch (error) {
    if (!AutomationError.isInstance(error)) throw error
    expect(error.shortMessage).not.toMatch(/\n| {4}at /)
    expect(error.shortMessage.length).toBeLessThan(400)
    return error
  }
  throw new Error('nothing was refused')
}

const nowhere = 'http://127.0.0.1:9'
const look = ({ host }: MarketWorld) => host.getMarketRate('B200')
const machines = ({ host }: MarketWorld) => host.observe('machines', {})

describe('bad input: what is asked for', () => {
  it.each([
    ['no key', '', /apiKey|VAST_AI_API_KEY/],
    ['a key with a line break, as copied', 'abc\ndef', /apiKey|key/],
  ])('%s', async (_what, apiKey, message) => {
    const error = await refusal(() => new VastAiClient({ apiKey, baseUrl: nowhere }))
    expect(error).toMatchObject({ effect: 'none', shortMessage: expect.stringMatching(message) })
  })

  it.each([
    ['RTX 4900', /nearest names are RTX 4090,/],
    ['4090', /nearest names are RTX 4090/],
    ['H100 SMX', /H100 SXM/],
    ['', /GPU/],
  ])('an unknown GPU, %j, with the nearest known names', async (model, message) => {
    await inMarket(async ({ host, simulator }) => {
      const error = await refusal(() => host.getMarketRate(model))
      expect(error).toMatchObject({ effect: 'none', shortMessage: expect.stringMatching(message) })
      // Vast.ai's own list of names is all that was asked for.
      expect(simulator.inspect.countByEndpoint).toEqual({ 'GET /gpu_names/unique': 1 })
    })
  })

  it.each([
    [
      'write-listing',
      { machineId: 7, terms: { ...terms(), pricePerGpuHour: Number.NaN }, expected: null },
      /pricePerGpuHour/,
    ],
    ['write-listing', { machineId: 7, terms: { ...terms(), pricePerGpuHour: -1 }, expected: null }, /pricePerGpuHour/],
    ['write-listing', { machineId: 7, terms: { pricePerGpuHour: 0.3 }, expected: null }, /minBidPerGpuHour/],
    ['set-min-bid', { machineId: 7, minBidPerGpuHour: '0.1' }, /minBidPerGpuHour/],
    ['unlist', {}, /machineId/],
    ['create-instance', { offerId: 7, image: '' }, /image/],
    ['rent-out', {}, /known: write-listing, unlist, set-min-bid/],
  ])('%s with unusable parameters', async (action, params, message) => {
    await inMarket(async ({ host, simulator }) => {
      const error = await refusal(() => act(host, action, params))
      expect(error).toMatchObject({ effect: 'none', shortMessage: expect.stringMatching(message) })
      expect(simulator.inspect.requestCount).toBe(0)
    })
  })

  it.each([
    ['weather', {}, /known: market-rate, machines, machine, earnings, listing-impact/],
    ['machine', { machineId: '7' }, /machineId/],
    ['market-rate', { model: 'B200', like: { gpu: 1 } }, /like/],
  ])('the question %s, wrongly put', async (kind, query, message) => {
    await inMarket(async ({ host, simulator }) => {
      const error = await refusal(() => host.observe(kind as 'machine', query as { machineId: number }))
      expect(error).toMatchObject({ effect: 'none', shortMessage: expect.stringMatching(message) })
      expect(simulator.inspect.requestCount).toBe(0)
    })
  })
})

describe('bad input: what the market answers', () => {
  const answers: readonly (readonly [string, Fault, (world: MarketWorld) => Promise<unknown>, string, RegExp])[] = [
    [
      '401: a wrong key',
      { kind: 'status', status: 401 },
      world => world.host.connect(),
      'VASTAI_AUTHENTICATION',
      /set VAST_AI_API_KEY/,
    ],
    [
      '403: a key without permission',
      { kind: 'status', status: 403 },
      machines,
      'VASTAI_PERMISSION',
      /permission group machine_read/,
    ],
    ['404', { kind: 'status', status: 404 }, machines, 'VASTAI_NOT_FOUND', /not found/],
    [
      '429 in plain text',
      { kind: 'status', status: 429 },
      look,
      'VASTAI_RATE_LIMIT',
      /called too often.*scan less often/,
    ],
    ['500', { kind: 'status', status: 500 }, look, 'VASTAI_SERVER', /answered 500 .*try again later/],
    ['502', { kind: 'status', status: 502 }, machines, 'VASTAI_SERVER', /answered 502/],
    ['a broken connection', { kind: 'reset-before' }, machines, 'VASTAI_CONNECTION', /the connection to .* broke/],
    ['malformed JSON', { kind: 'malformed-json' }, machines, 'VASTAI_MALFORMED_RESPONSE', /JSON/],
    [
      'rows without their id',
      { kind: 'missing-field', field: 'id' },
      machines,
      'VASTAI_MALFORMED_RESPONSE',
      /machines\[0\]\.id/,
    ],
    ['no list at all', { kind: 'missing-field', field: 'machines' }, machines, 'VASTAI_MALFORMED_RESPONSE', /machines/],
    [
      'no offers',
      { kind: 'truncated-list', keep: 0, path: '/bundles' },
      look,
      'TOO_FEW_PEERS',
      /^0 comparable B200 machines.*nothing is decided/,
    ],
    [
      'a truncated list of offers',
      { kind: 'truncated-list', keep: 3, path: '/bundles' },
      look,
      'TOO_FEW_PEERS',
      /5 are needed/,
    ],
    ['offers without price', { kind: 'missing-field', field: 'dph_base' }, look, 'TOO_FEW_PEERS', /^0 comparable/],
  ]

  it.each(answers)('%s', async (_what, fault, ask, code, message) => {
    await inMarket(async world => {
      world.simulator.faults.add(fault)
      const error = await refusal(() => ask(world))
      expect(error).toMatchObject({ code, effect: 'none', shortMessage: expect.stringMatching(message) })
      expect(error.message).not.toContain(world.simulator.hostKey)
      expect(world.simulator.inspect.changingRequestCount).toBe(0)
    })
  })

  it('a truncated list of instances: what is missing might be the one that is looked for', async () => {
    await inMarket(async world => {
      const { renter, simulator } = world
      const { offers } = await renter.client.offers.search({ filter: { num_gpus: 1 }, limit: 2 })
      await act(renter, 'create-instance', { offerId: offers[0]?.id, image: 'ubuntu:24.04' })
      simulator.faults.add({ kind: 'truncated-list', keep: 0, path: '/instances' })
      simulator.faults.add({ kind: 'truncated-list', keep: 0, path: '/api/v1/instances' })
      const error = await refusal(() => renter.holdings())
      expect(error).toMatchObject({
        code: 'VASTAI_MALFORMED_RESPONSE',
        shortMessage: expect.stringContaining('cut short, 0 of 1 instances came'),
      })
    })
  })

  it('a price in another unit, at the first look: own offers are nowhere near their listings', async () => {
    await inMarket(async world => {
      const { host, simulator, machineId, clock } = world
      await act(host, 'write-listing', { machineId, terms: terms({ pricePerGpuHour: hostPrice(30) }), expected: null })
      simulator.faults.add({ kind: 'wrong-unit', path: '/bundles' })
      const error = await refusal(async () => {
        // A search shows a random part of the market: until it shows the own machine, the unit cannot be told.
        for (;;) {
          await host.getMarketRate('B200', { like: { gpus: 1 } })
          await clock.sleep(15 * 60_000)
        }
      })
      expect(error).toMatchObject({
        code: 'ABSURD_PRICES',
        shortMessage: expect.stringContaining(
          `machine ${machineId} is listed at $30 and offered at $4000 per GPU-hour`,
        ),
      })
    })
  })

  it.each([100, 0.01])(
    'a price in another unit, %s times, later: the prices of before answer for a while, then none',
    async factor => {
      await inMarket(async world => {
        const { host, simulator, clock } = world
        const before = await look(world)
        simulator.faults.add({ kind: 'wrong-unit', factor, path: '/bundles' })
        await clock.sleep(16 * 60_000)
        expect((await host.getMarketRate('B200')).renter.median).toBe(before.renter.median)
        await clock.sleep(16 * 60_000)
        const error = await refusal(() => look(world))
        expect(error.shortMessage).toMatch(/the median price of B200 went from .* probably another unit/)
        simulator.faults.clear()
        const after = await look(world)
        expect(after.renter.median / before.renter.median).toBeGreaterThan(0.5)
        expect(after.renter.median / before.renter.median).toBeLessThan(2)
      })
    },
  )

  it('a machine without price, GPU name or occupancy: what matters is an error, what does not is absent', async () => {
    await inMarket(async world => {
      const { host, simulator, machineId } = world
      await act(host, 'write-listing', { machineId, terms: terms(), expected: null })
      for (const field of ['gpu_occupancy', 'earn_hour', 'client_end_date']) {
        simulator.faults.add({ kind: 'missing-field', field, path: '/machines' })
        expect((await host.observe('machine', { machineId })).value.listing).toEqual(terms())
      }
      simulator.faults.add({ kind: 'missing-field', field: 'gpu_name', path: '/machines' })
      expect(await refusal(() => machines(world))).toMatchObject({ code: 'VASTAI_MALFORMED_RESPONSE' })
    })
  })
})

describe('bad input: a venue that is down', () => {
  it('at start says where it could not connect to', async () => {
    const clock = new VirtualClock()
    await using client = new VastAiClient({ apiKey: 'k'.repeat(64), baseUrl: nowhere, clock })
    const venue = new VastAiVenue({ client, clock })
    const error = await refusal(() => clock.run(() => venue.connect()))
    expect(error).toMatchObject({
      code: 'VASTAI_CONNECTION',
      effect: 'none',
      shortMessage: `GET /machines: cannot connect to ${nowhere} (ECONNREFUSED); check baseUrl and the network`,
    })
  })

  it('takes an AbortSignal in every question and action', async () => {
    await inMarket(async ({ host, simulator, machineId }) => {
      const signal = AbortSignal.abort()
      const aborted = { code: 'ABORTED', effect: 'none' }
      await expect(host.connect({ signal })).rejects.toMatchObject(aborted)
      await expect(host.holdings({ signal })).rejects.toMatchObject(aborted)
      await expect(host.getMarketRate('B200', { signal })).rejects.toMatchObject(aborted)
      await expect(host.observe('machine', { machineId }, { signal })).rejects.toMatchObject(aborted)
      const intents = [
        ['write-listing', { machineId, terms: terms(), expected: null }],
        ['unlist', { machineId }],
        ['set-min-bid', { machineId, minBidPerGpuHour: 0.1 }],
        ['create-instance', { offerId: 7, image: 'ubuntu:24.04' }],
        ['destroy-instance', { instanceId: 7 }],
        ['change-bid', { instanceId: 7, bidPerHour: 0.1 }],
      ] as const
      for (const [action, params] of intents)
        await expect(act(host, action, params, signal)).rejects.toMatchObject(aborted)
      expect(simulator.inspect.requestCount).toBe(0)
    })
  })
})
