import { createLogger, DefaultRiskManager, Engine } from '@org/core'
import { describe, expect, it } from 'vitest'
import { hostPrice, type ListingTerms, VastAiClient, VastAiVenue } from '../src/index.ts'
import { act, inMarket, intent, type MarketWorld, terms } from './market-world.ts'

const dayMs = 86_400_000
const rtx4090 = { model: 'RTX_4090' }

async function list({ host }: MarketWorld, machineId: number, change: Partial<ListingTerms> = {}) {
  return act(host, 'write-listing', { machineId, terms: terms(change), expected: null })
}

/** A renter takes the whole machine until `endMs`. */
async function rent({ renter, simulator }: MarketWorld, machineId: number) {
  const { offers } = await renter.client.offers.search({ filter: { machine_id: machineId }, limit: 20 })
  const offer = offers.find(({ num_gpus: gpus }) => gpus === simulator.world.machine(machineId).gpuCount)
  if (offer === undefined) throw new Error('no offer of the machine')
  return act(renter, 'create-instance', { offerId: offer.id, image: 'pytorch/pytorch:latest' })
}

describe('VastAiVenue', () => {
  it('is real unless its client speaks to this machine, so that the mode `simulated` cannot spend money', async () => {
    for (const [baseUrl, isReal] of [
      [undefined, true],
      ['https://vast.example', true],
      ['http://127.0.0.1:8080', false],
      ['http://localhost:8080', false],
    ] as const) {
      const venue = new VastAiVenue({ apiKey: 'k', baseUrl })
      expect(venue.isReal).toBe(isReal)
      await venue.close()
    }
    const risk = new DefaultRiskManager([])
    await using client = new VastAiClient({ apiKey: 'k' })
    const venues = [new VastAiVenue({ client })]
    expect(() => new Engine({ venues, strategies: [], risk, mode: 'simulated' })).toThrow('vastai is a real market')
    expect(() => new Engine({ venues, strategies: [], risk })).not.toThrow()
  })
})

describe('VastAiVenue, at its end', () => {
  it('closes the client that it made, and leaves one that it was given to its owner', async () => {
    const baseUrl = 'http://127.0.0.1:9'
    await using client = new VastAiClient({ apiKey: 'k', baseUrl })
    let own: VastAiVenue
    {
      await using made = new VastAiVenue({ apiKey: 'k', baseUrl })
      await using _given = new VastAiVenue({ client })
      own = made
    }
    await expect(own.client.machines.list()).rejects.toThrow('the client is closed')
    const signal = AbortSignal.abort()
    await expect(client.machines.list({ signal })).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

describe('VastAiVenue, the market', () => {
  it('says what comparable machines ask, in renter and in host terms', async () => {
    await inMarket(async ({ host, clock }) => {
      const rate = await host.getMarketRate('rtx 4090')
      expect(rate.model).toBe('RTX_4090')
      expect(rate.machinesCounted).toBeGreaterThanOrEqual(5)
      expect(rate.asOf).toBe(clock.now())
      const { min, p10, p25, median, p75, p90, max } = rate.renter
      expect([min, p10, p25, median, p75, p90, max]).toEqual(
        [min, p10, p25, median, p75, p90, max].sort((a, b) => a - b),
      )
      expect(rate.host.median).toBeCloseTo(median * 0.75, 9)
      expect(rate.rentedShare).toBeGreaterThan(0)
      expect(rate.rentedShare).toBeLessThan(1)
      expect(rate.shareSource).toBe('assumed')
    }, rtx4090)
  })

  it('learns the share of the host from its own offer, and leaves its own machines out', async () => {
    await inMarket(async world => {
      await list(world, world.machineId)
      const rate = await world.host.getMarketRate('RTX_4090', { like: { gpus: 1, verification: 'verified' } })
      expect(rate.share).toBeCloseTo(0.75, 9)
      expect(rate.leftOut.own).toBeLessThanOrEqual(1)
      for (let scan = 0; scan < 4; scan++) {
        await world.clock.sleep(15 * 60_000)
        await world.host.getMarketRate('RTX_4090', { like: { gpus: 1, verification: 'verified' } })
      }
      const later = await world.host.getMarketRate('RTX_4090', { like: { gpus: 1, verification: 'verified' } })
      expect(later.share).toBeCloseTo(0.75, 9)
    }, rtx4090)
  })

  it('compares like with like: model, GPUs, verification and reliability of a machine', async () => {
    await inMarket(async ({ host, largeId }) => {
      const { value: machine } = await host.observe('machine', { machineId: largeId })
      const rate = await host.getMarketRate('RTX_4090', { like: machine })
      expect(rate.like.kind).toMatchObject({ model: 'RTX_4090', gpus: 4, verification: 'verified' })
      const asked = await host.observe('market-rate', { model: 'RTX_4090', like: { machineId: largeId } })
      expect(asked.value.like.kind).toEqual(rate.like.kind)
      expect(asked).toMatchObject({ asOf: rate.asOf, source: 'vastai:bundles' })
    }, rtx4090)
  })

  it('refuses to price one model by a machine of another', async () => {
    await inMarket(async ({ host, largeId, simulator }) => {
      const { value: machine } = await host.observe('machine', { machineId: largeId })
      const before = simulator.inspect.requestCount
      const asked = host.observe('market-rate', { model: 'H100_SXM', like: { machineId: largeId } })
      await expect(asked).rejects.toThrow(`machine ${largeId} holds B200, but the price of H100_SXM was asked`)
      await expect(host.getMarketRate('rtx 4090', { like: machine })).rejects.toMatchObject({ code: 'INVALID_QUERY' })
      expect(simulator.inspect.requestCount).toBe(before)
      await expect(host.getMarketRate('b200', { like: machine })).resolves.toMatchObject({ model: 'B200' })
    })
  })

  it('asks once for all machines of a kind', async () => {
    await inMarket(async ({ host, simulator, machineId }) => {
      const ask = () => host.observe('market-rate', { model: 'RTX_4090', like: { machineId } })
      await Promise.all(Array.from({ length: 50 }, ask))
      const searches = simulator.inspect.requests.filter(({ path }) => path.includes('bundles'))
      expect(searches).toHaveLength(1)
    }, rtx4090)
  })

  it('has the short form of the guide', async () => {
    await inMarket(async ({ renter }) => {
      const prices = await renter.getMarketPrices('RTX 4090')
      const rate = await renter.getMarketRate('RTX 4090')
      expect(prices).toEqual({
        median: rate.renter.median,
        min: rate.renter.min,
        max: rate.renter.max,
        count: rate.machinesCounted,
      })
    }, rtx4090)
  })
})

describe('VastAiVenue, a listing', () => {
  it('is written whole and read back', async () => {
    await inMarket(async world => {
      const { host, simulator, largeId } = world
      const wanted = terms({ minChunkGpus: 2 })
      const receipt = await act(host, 'write-listing', { machineId: largeId, terms: wanted, expected: null })
      expect(receipt).toMatchObject({
        venueRef: `listing of machine ${largeId}`,
        postings: [{ measure: 'count', amount: 1 }],
      })
      const { value: machine } = await host.observe('machine', { machineId: largeId })
      expect(machine.listed).toBe(true)
      expect(machine.listing).toEqual(wanted)
      const write = simulator.inspect.requests.filter(({ path }) => path.includes('create_asks'))
      expect(write).toHaveLength(1)
      expect(Object.values(write[0]?.body as object).filter(value => value === undefined)).toEqual([])
    })
  })

  it('keeps min_chunk, end date, disk, bandwidth and discount when only the price changes (defect 3 of existing pricers)', async () => {
    await inMarket(async world => {
      const before = terms({ minChunkGpus: 2 })
      await list(world, world.largeId, { minChunkGpus: 2 })
      const after = { ...before, pricePerGpuHour: hostPrice(0.33) }
      await act(world.host, 'write-listing', { machineId: world.largeId, terms: after, expected: before })
      expect((await world.host.observe('machine', { machineId: world.largeId })).value.listing).toEqual(after)
    })
  })

  it('names the running contracts that a dearer one touches: extension stops', async () => {
    await inMarket(async world => {
      const { host, machineId } = world
      await list(world, machineId)
      await rent(world, machineId)
      const dearer = terms({ pricePerGpuHour: hostPrice(0.36), endDateMs: Date.UTC(2026, 10, 1) })
      const { value: impact } = await host.observe('listing-impact', { machineId, terms: dearer })
      expect(impact).toMatchObject({
        runningContracts: 1,
        extensionsStopped: 1,
        raises: ['pricePerGpuHour'],
        priceBefore: 0.3,
      })
      const receipt = await act(host, 'write-listing', { machineId, terms: dearer, expected: terms() })
      expect(receipt.details).toMatchObject({
        runningContracts: 1,
        extensionsStopped: 1,
        contractsExtended: 0,
        clientEndDateMs: terms().endDateMs,
        impact: expect.stringContaining('automatic extension stops until each client accepts'),
      })
    })
  })

  it('extends running contracts when it ends later and nothing rises', async () => {
    await inMarket(async world => {
      const { host, machineId } = world
      await list(world, machineId)
      await rent(world, machineId)
      const cheaper = terms({ pricePerGpuHour: hostPrice(0.28), endDateMs: Date.UTC(2026, 10, 1) })
      const receipt = await act(host, 'write-listing', { machineId, terms: cheaper, expected: terms() })
      expect(receipt.details).toMatchObject({ contractsExtended: 1, extensionsStopped: 0, raises: [] })
    })
  })

  it('that somebody changed by hand meanwhile is left alone', async () => {
    await inMarket(async world => {
      const { host, simulator, machineId } = world
      await list(world, machineId)
      await host.client.machines.writeListing(machineId, terms({ pricePerGpuHour: hostPrice(0.5) }))
      const wanted = { machineId, terms: terms({ pricePerGpuHour: hostPrice(0.29) }), expected: terms() }
      const before = simulator.inspect.changingRequestCount
      await expect(act(host, 'write-listing', wanted)).rejects.toMatchObject({
        code: 'LISTING_CHANGED',
        effect: 'none',
        shortMessage: `machine ${machineId}: somebody changed the listing meanwhile (pricePerGpuHour); nothing was written`,
      })
      await host.client.machines.unlist(machineId)
      await expect(act(host, 'write-listing', wanted)).rejects.toMatchObject({
        code: 'LISTING_CHANGED',
        details: { fields: ['unlisted'] },
      })
      await list(world, machineId)
      await expect(act(host, 'write-listing', { ...wanted, expected: null })).rejects.toMatchObject({
        details: { fields: ['listed'] },
      })
      expect(simulator.inspect.changingRequestCount).toBe(before + 2)
    })
  })

  it('of a machine that vanished is not written', async () => {
    await inMarket(async ({ host, simulator, machineId }) => {
      simulator.world.removeMachine(machineId)
      const before = simulator.inspect.changingRequestCount
      for (const [action, params] of [
        ['write-listing', { machineId, terms: terms(), expected: null }],
        ['set-min-bid', { machineId, minBidPerGpuHour: 0.1 }],
      ] as const)
        await expect(act(host, action, params)).rejects.toMatchObject({
          code: 'MACHINE_GONE',
          effect: 'none',
          shortMessage: expect.stringContaining(`machine ${machineId} is not among the machines of this key`),
        })
      expect(simulator.inspect.changingRequestCount).toBe(before)
      await expect(host.observe('machine', { machineId })).rejects.toMatchObject({ code: 'MACHINE_GONE' })
    })
  })

  it.each<[string, Partial<ListingTerms>, RegExp]>([
    ['a price of nothing', { pricePerGpuHour: hostPrice(0) }, /expected a price from 0.001 to 100/],
    ['cents where dollars belong', { pricePerGpuHour: hostPrice(30) }, /would jump from 0.3 to 30/],
    ['a floor of bids above the price', { minBidPerGpuHour: hostPrice(0.4) }, /floor of bids, 0.4, is above/],
    ['chunks larger than the machine', { minChunkGpus: 2 }, /smallest chunk is 2 GPUs, the machine has 1/],
    ['an end in the past', { endDateMs: Date.UTC(2026, 0, 1) }, /the end date 2026-01-01T00:00:00.000Z is past/],
    ['an end and a duration', { durationMs: dayMs }, /exclude each other/],
  ])('with %s is not sent', async (_what, change, message) => {
    await inMarket(async world => {
      const { host, simulator, machineId } = world
      await list(world, machineId)
      const before = simulator.inspect.changingRequestCount
      await expect(
        act(host, 'write-listing', { machineId, terms: terms(change), expected: terms() }),
      ).rejects.toMatchObject({ code: 'INVALID_TERMS', effect: 'none', shortMessage: expect.stringMatching(message) })
      expect(simulator.inspect.changingRequestCount).toBe(before)
    })
  })

  it('that comes back different is an error: done, and somebody must look', async () => {
    await inMarket(async world => {
      const { host, simulator, machineId } = world
      await list(world, machineId)
      // The table shows what it showed before, whatever is written.
      simulator.faults.add({ kind: 'stale-rows', path: '/machines' })
      const wanted = { machineId, terms: terms({ pricePerGpuHour: hostPrice(0.31) }), expected: terms() }
      await expect(act(host, 'write-listing', wanted)).rejects.toMatchObject({
        code: 'LISTING_MISMATCH',
        effect: 'done',
        shortMessage: expect.stringContaining('pricePerGpuHour came back different'),
      })
    })
  })

  it('that could not be read back is in doubt, and reconciles', async () => {
    await inMarket(async ({ host, simulator, machineId }) => {
      simulator.faults.add({ kind: 'status', status: 403, path: '/machines', skip: 1, count: 1 })
      const wanted = intent('write-listing', { machineId, terms: terms(), expected: null })
      await expect(host.execute(wanted, { idempotencyKey: wanted.id })).rejects.toMatchObject({
        code: 'READ_BACK_FAILED',
        effect: 'unknown',
      })
      expect(await host.reconcile(wanted, { idempotencyKey: wanted.id })).toMatchObject({ status: 'done' })
    })
  })

  it('that the market does not show whole is not written over', async () => {
    await inMarket(async world => {
      const { host, simulator, machineId } = world
      await list(world, machineId)
      simulator.faults.add({ kind: 'missing-field', field: 'listed_min_gpu_count', path: '/machines' })
      const wanted = { machineId, terms: terms(), expected: terms() }
      await expect(act(host, 'write-listing', wanted)).rejects.toMatchObject({
        code: 'LISTING_UNREADABLE',
        effect: 'none',
      })
      await expect(act(host, 'set-min-bid', { machineId, minBidPerGpuHour: 0.1 })).rejects.toMatchObject({
        code: 'LISTING_UNREADABLE',
      })
      const { value: machine } = await host.observe('machine', { machineId })
      expect(machine.health).toMatchObject({ ok: false, problems: [{ kind: 'unreadable' }] })
    })
  })

  it('is taken back, and running contracts go on', async () => {
    await inMarket(async world => {
      const { host, machineId } = world
      await list(world, machineId)
      await rent(world, machineId)
      const receipt = await act(host, 'unlist', { machineId })
      expect(receipt.details).toEqual({ runningContracts: 1, clientEndDateMs: terms().endDateMs })
      const { value: machine } = await host.observe('machine', { machineId })
      expect(machine).toMatchObject({ listed: false, rentals: { running: 1 } })
      // Twice is harmless.
      await act(host, 'unlist', { machineId })
    })
  })

  it('of a machine that is gone counts as taken back', async () => {
    await inMarket(async ({ host, simulator, machineId }) => {
      simulator.world.removeMachine(machineId)
      expect((await act(host, 'unlist', { machineId })).details).toEqual({ machineGone: true })
    })
  })

  it('that stands although it was taken back is an error', async () => {
    await inMarket(async world => {
      const { host, simulator, machineId } = world
      await list(world, machineId)
      simulator.faults.add({ kind: 'stale-rows', path: '/machines' })
      await host.observe('machines', {})
      await expect(act(host, 'unlist', { machineId })).rejects.toMatchObject({
        code: 'LISTING_MISMATCH',
        effect: 'done',
      })
    })
  })

  it('gets a new floor of bids, read back', async () => {
    await inMarket(async world => {
      const { host, machineId } = world
      await expect(act(host, 'set-min-bid', { machineId, minBidPerGpuHour: 0.1 })).rejects.toMatchObject({
        code: 'NOT_LISTED',
        effect: 'none',
      })
      await list(world, machineId)
      await expect(act(host, 'set-min-bid', { machineId, minBidPerGpuHour: 0.9 })).rejects.toMatchObject({
        code: 'INVALID_TERMS',
      })
      const receipt = await act(host, 'set-min-bid', { machineId, minBidPerGpuHour: 0.12 })
      expect(receipt.details).toEqual({ minBidPerGpuHour: 0.12, minBidBefore: 0.1 })
      expect((await host.observe('machine', { machineId })).value.listing).toEqual(
        terms({ minBidPerGpuHour: hostPrice(0.12) }),
      )
    })
  })
})

describe('VastAiVenue, what became of an intent', () => {
  const hostActions: readonly (readonly [string, (machineId: number) => object])[] = [
    [
      'write-listing',
      (machineId: number) => ({ machineId, terms: terms({ pricePerGpuHour: hostPrice(0.31) }), expected: terms() }),
    ],
    ['unlist', (machineId: number) => ({ machineId })],
    ['set-min-bid', (machineId: number) => ({ machineId, minBidPerGpuHour: 0.14 })],
  ]

  it.each(hostActions)('%s: not done before, done after, whatever the answer', async (action, params) => {
    await inMarket(async world => {
      const { host, simulator, machineId } = world
      await list(world, machineId)
      const wanted = intent(action, params(machineId), { effects: [{ measure: 'operating-cost', amount: 2 }] })
      const options = { idempotencyKey: wanted.id }
      expect(await host.reconcile(wanted, options)).toEqual({ status: 'not-done' })
      // Every answer is lost, so that execute cannot know.
      simulator.faults.add({ kind: 'reset-after', path: '/machines/*' })
      await expect(host.execute(wanted, options)).rejects.toMatchObject({ effect: 'unknown' })
      simulator.faults.clear()
      expect(await host.reconcile(wanted, options)).toMatchObject({
        status: 'done',
        receipt: {
          intentId: wanted.id,
          postings: [
            { measure: 'count', amount: 1 },
            { measure: 'operating-cost', amount: 0 },
          ],
        },
      })
    })
  })

  it.each(hostActions)('%s: repeated by hand it changes nothing more', async (action, params) => {
    await inMarket(async world => {
      const { host, simulator, machineId } = world
      await list(world, machineId)
      await host.execute(intent(action, params(machineId)), { idempotencyKey: 'a' })
      const before = simulator.world.machine(machineId).listing
      const again = params(machineId)
      await act(host, action, 'terms' in again ? { ...again, expected: again.terms } : again)
      expect(simulator.world.machine(machineId).listing).toEqual(before)
    })
  })

  it('of a vanished machine: nothing stands, an unlisting is done', async () => {
    await inMarket(async ({ host, simulator, machineId }) => {
      simulator.world.removeMachine(machineId)
      const ask = (action: string, params: unknown) => host.reconcile(intent(action, params), { idempotencyKey: 'k' })
      expect(await ask('write-listing', { machineId, terms: terms(), expected: null })).toEqual({ status: 'not-done' })
      expect(await ask('set-min-bid', { machineId, minBidPerGpuHour: 0.1 })).toEqual({ status: 'not-done' })
      expect(await ask('unlist', { machineId })).toMatchObject({ status: 'done' })
    })
  })

  it('a list that was cut short does not make a standing listing undone', async () => {
    await inMarket(async world => {
      const { host, simulator, largeId } = world
      await list(world, largeId)
      simulator.faults.add({ kind: 'truncated-list', keep: 1, path: '/machines' })
      const wanted = intent('write-listing', { machineId: largeId, terms: terms(), expected: null })
      expect(await host.reconcile(wanted, { idempotencyKey: wanted.id })).toMatchObject({ status: 'done' })
      expect((await host.observe('machine', { machineId: largeId })).value.listed).toBe(true)
    })
  })

  it('stays unknown where the market does not show the listing', async () => {
    await inMarket(async world => {
      const { host, simulator, machineId } = world
      await list(world, machineId)
      simulator.faults.add({ kind: 'missing-field', field: 'listed_gpu_cost', path: '/machines' })
      const wanted = intent('write-listing', { machineId, terms: terms(), expected: null })
      expect(await host.reconcile(wanted, { idempotencyKey: wanted.id })).toEqual({
        status: 'unknown',
        reason: `the market does not show the whole listing of machine ${machineId}`,
      })
    })
  })

  it('create-instance: is found by its key, also when it shows up late', async () => {
    await inMarket(async world => {
      const { host, renter, machineId, clock } = world
      await list(world, machineId)
      const { offers } = await renter.client.offers.search({ filter: { machine_id: machineId } })
      const wanted = intent('create-instance', { offerId: offers[0]?.id, image: 'ubuntu:24.04' })
      const options = { idempotencyKey: wanted.id }
      expect(await renter.reconcile(wanted, options)).toEqual({ status: 'not-done' })
      const late = clock
        .sleep(5000)
        .then(() => renter.client.instances.create({ offerId: offers[0]?.id ?? 0, image: 'ubuntu:24.04', ...options }))
      const fate = await renter.reconcile(wanted, options)
      expect(fate).toMatchObject({
        status: 'done',
        receipt: { venueRef: String((await late).instanceId), postings: [] },
      })
      // Executing again finds it instead of renting again.
      expect(await renter.execute(wanted, options)).toMatchObject({ details: { wasFound: true } })
      expect((await host.observe('machine', { machineId })).value.rentals.running).toBe(1)
    })
  })

  it('create-instance: is looked for once when its request cannot be on its way any more', async () => {
    await inMarket(async ({ renter, simulator, clock }) => {
      const wanted = intent('create-instance', { offerId: 5, image: 'ubuntu:24.04' }, { expiresAt: clock.now() - 1 })
      expect(await renter.reconcile(wanted, { idempotencyKey: 'k' })).toEqual({ status: 'not-done' })
      expect(simulator.inspect.requestCount).toBe(1)
    })
  })

  it('destroy-instance: done once it is gone', async () => {
    await inMarket(async world => {
      const { renter, machineId } = world
      await list(world, machineId)
      const instanceId = Number((await rent(world, machineId)).venueRef)
      const wanted = intent('destroy-instance', { instanceId })
      expect(await renter.reconcile(wanted, { idempotencyKey: wanted.id })).toEqual({ status: 'not-done' })
      await renter.execute(wanted, { idempotencyKey: wanted.id })
      expect(await renter.reconcile(wanted, { idempotencyKey: wanted.id })).toMatchObject({ status: 'done' })
      // Gone is what was asked for.
      await renter.execute(wanted, { idempotencyKey: wanted.id })
    })
  })

  it('change-bid: done when the price is the bid', async () => {
    await inMarket(async world => {
      const { renter, machineId } = world
      await list(world, machineId)
      const { offers } = await renter.client.offers.search({ filter: { machine_id: machineId }, type: 'bid' })
      const made = await act(renter, 'create-instance', {
        offerId: offers[0]?.id,
        image: 'ubuntu:24.04',
        bidPerHour: 0.2,
      })
      const instanceId = Number(made.venueRef)
      const wanted = intent('change-bid', { instanceId, bidPerHour: 0.25 })
      expect(await renter.reconcile(wanted, { idempotencyKey: wanted.id })).toEqual({ status: 'not-done' })
      await renter.execute(wanted, { idempotencyKey: wanted.id })
      expect(await renter.reconcile(wanted, { idempotencyKey: wanted.id })).toMatchObject({ status: 'done' })
      await act(renter, 'destroy-instance', { instanceId })
      expect(await renter.reconcile(wanted, { idempotencyKey: wanted.id })).toEqual({ status: 'not-done' })
    })
  })
})

describe('VastAiVenue, what is held', () => {
  it('is every listing and contract on own machines, with what it earns, and every instance, with what it costs', async () => {
    await inMarket(async world => {
      const { host, renter, machineId, largeId } = world
      expect((await host.holdings()).value).toEqual([])
      await list(world, machineId)
      await list(world, largeId)
      const instance = await rent(world, machineId)
      const { value, source } = await host.holdings()
      expect(source).toBe('vastai:machines,instances')
      expect(value.find(({ asset }) => asset === `machine-${machineId}`)).toEqual({
        asset: `machine-${machineId}`,
        kind: 'listing',
        quantity: 1,
        exposure: 0,
        costPerHour: -0.3,
        description: '1 x B200 listed at $0.3 per GPU-hour, 1 contract',
      })
      expect(value.find(({ asset }) => asset === `machine-${largeId}`)).toMatchObject({
        quantity: 4,
        description: expect.stringContaining('0 contracts'),
      })
      await act(host, 'unlist', { machineId })
      expect((await host.holdings()).value.find(({ asset }) => asset === `machine-${machineId}`)).toMatchObject({
        kind: 'contracts',
      })
      const rented = (await renter.holdings()).value
      expect(rented).toMatchObject([{ asset: `instance-${instance.venueRef}`, kind: 'instance', quantity: 1 }])
      expect(rented[0]?.costPerHour).toBeGreaterThan(0.39)
    })
  })

  it.each([
    ['machine_read', 'machines', 'instances', 'instance_read'],
    ['instance_read', 'instances', 'machines', 'machine_read'],
  ])('says what a key that may only %s leaves out, once', async (group, seen, missing, needed) => {
    await inMarket(async world => {
      const { host, simulator, clock, machineId } = world
      await list(world, machineId)
      const { offers } = await host.client.offers.search({ filter: { machine_id: machineId } })
      await act(host, 'create-instance', { offerId: offers[0]?.id, image: 'ubuntu:24.04' })
      const { key } = await host.client.users.apiKeys.create({ name: 'narrow', permissions: { api: { [group]: {} } } })
      const lines: string[] = []
      const logger = createLogger({ destination: { write: line => lines.push(line) } })
      await using narrow = new VastAiVenue({ apiKey: key, baseUrl: simulator.url, clock, logger })
      for (let look = 0; look < 2; look++) {
        const { value, source } = await narrow.holdings()
        expect([source, value.length]).toEqual([`vastai:${seen}`, 1])
      }
      const said = lines.filter(line => line.includes(`holdings are shown without ${missing}`))
      expect(said).toHaveLength(1)
      expect(said[0]).toContain(needed)
    })
  })

  it('is an error for a key that may read neither', async () => {
    await inMarket(async ({ host, simulator, clock }) => {
      const permissions = { api: { user_read: {} } }
      const { key } = await host.client.users.apiKeys.create({ name: 'none', permissions })
      await using narrow = new VastAiVenue({ apiKey: key, baseUrl: simulator.url, clock })
      await expect(narrow.holdings()).rejects.toMatchObject({ code: 'VASTAI_PERMISSION' })
    })
  })

  it('tells own test rentals from demand (defect 7 of existing pricers)', async () => {
    await inMarket(async world => {
      const { host, machineId } = world
      await list(world, machineId)
      const { offers } = await host.client.offers.search({ filter: { machine_id: machineId } })
      await act(host, 'create-instance', { offerId: offers[0]?.id, image: 'ubuntu:24.04' })
      const { value: machine } = await host.observe('machine', { machineId })
      expect(machine).toMatchObject({ rentals: { running: 1 }, ownUseGpus: 1 })
      const listing = (await host.holdings()).value.find(({ asset }) => asset === `machine-${machineId}`)
      expect(listing?.costPerHour).toBeCloseTo(0, 9)
    })
  })
})

describe('VastAiVenue, own test rentals', () => {
  it('are asked for when who holds the GPUs changes, else every quarter of an hour', async () => {
    await inMarket(async world => {
      const { host, simulator, largeId, clock } = world
      const lists = () => simulator.inspect.requests.filter(({ path }) => path.includes('/instances')).length
      const scan = async (minutes: number) => {
        await clock.sleep(minutes * 60_000)
        const before = lists()
        const { value: machine } = await host.observe('machine', { machineId: largeId })
        return [machine.ownUseGpus, lists() - before]
      }
      await list(world, largeId, { pricePerGpuHour: hostPrice(90) })
      expect(await scan(5)).toEqual([0, 0])
      const { offers } = await host.client.offers.search({ filter: { machine_id: largeId, num_gpus: 1 } })
      const made = await act(host, 'create-instance', { offerId: offers[0]?.id, image: 'ubuntu:24.04' })
      expect(await scan(5)).toEqual([1, 1])
      expect(await scan(5)).toEqual([1, 0])
      expect(await scan(5)).toEqual([1, 0])
      expect(await scan(6)).toEqual([1, 1])
      await act(host, 'create-instance', { offerId: offers[1]?.id ?? offers[0]?.id, image: 'ubuntu:24.04' })
      expect(await scan(5)).toEqual([2, 1])
      await act(host, 'destroy-instance', { instanceId: Number(made.venueRef) })
      expect(await scan(5)).toEqual([1, 1])
    })
  })

  it('that the key may not look for are warned about, once', async () => {
    await inMarket(async world => {
      const { host, simulator, clock, machineId } = world
      await list(world, machineId)
      await rent(world, machineId)
      const permissions = { api: { machine_read: {} } }
      const { key } = await host.client.users.apiKeys.create({ name: 'narrow', permissions })
      const lines: string[] = []
      const logger = createLogger({ destination: { write: line => lines.push(line) } })
      const narrow = new VastAiVenue({ apiKey: key, baseUrl: simulator.url, clock, logger })
      for (let scan = 0; scan < 3; scan++) {
        clock.jumpTo(clock.now() + 3_600_000)
        await narrow.observe('machines', {})
      }
      await narrow.close()
      expect(lines.filter(line => line.includes('permission group instance_read'))).toHaveLength(1)
    })
  })
})

describe('VastAiVenue, earnings', () => {
  it('are read by machine and add up', async () => {
    await inMarket(async world => {
      const { host, machineId, clock } = world
      await list(world, machineId)
      await rent(world, machineId)
      await clock.sleep(10 * 3_600_000)
      const toDay = Math.floor(clock.now() / dayMs)
      const { value } = await host.observe('earnings', { machineId, fromDay: toDay, toDay })
      const [row] = value.machines
      expect(row?.machineId).toBe(machineId)
      expect(row?.gpu).toBeGreaterThan(2.9)
      expect(row?.total).toBeCloseTo(
        (row?.gpu ?? 0) + (row?.storage ?? 0) + (row?.upload ?? 0) + (row?.download ?? 0),
        9,
      )
    })
  })
})
