import { seededRandom, VirtualClock } from '@org/core'
import { type Fault, startVastAiSimulator, type VastAiSimulator } from '@org/sim-vastai'
import { describe, expect, it } from 'vitest'
import { type Offer, SeenWebhooks, VastAiClient, verifyWebhook } from '../src/index.ts'
import { startServer } from './scripted-server.ts'

interface World {
  readonly clock: VirtualClock
  readonly simulator: VastAiSimulator
  readonly renter: VastAiClient
  readonly host: VastAiClient
}

/** A small market on virtual time, with a renter's and a host's client. */
async function inMarket<T>(work: (world: World) => Promise<T>, faults: readonly Fault[] = []): Promise<T> {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 5, 1) })
  await using simulator = await startVastAiSimulator({ clock, seed: 7, models: ['RTX_4090'], faults })
  const common = { baseUrl: simulator.url, clock, random: seededRandom(1) }
  await using renter = new VastAiClient({ ...common, apiKey: simulator.renterKey })
  await using host = new VastAiClient({ ...common, apiKey: simulator.hostKey })
  return await clock.run(() => work({ clock, simulator, renter, host }))
}

/** The cheapest whole machine: an offer of a part may stand for several, and can be rented again. */
async function cheapest(renter: VastAiClient): Promise<Offer> {
  const { offers } = await renter.offers.search({
    filter: { gpu_name: 'rtx4090', gpu_frac: 1 },
    order: 'dph',
    limit: 5,
  })
  const [offer] = offers
  if (offer === undefined) throw new Error('no offer')
  return offer
}

describe('against the simulator, a renter', () => {
  it('searches, rents, manages and destroys', async () => {
    await inMarket(async ({ renter }) => {
      const offers = await renter.searchOffers({ gpuName: 'RTX 4090', maxDph: 2, minReliability: 0.9, limit: 10 })
      expect(offers.length).toBeGreaterThan(0)
      for (const offer of offers) {
        expect(offer.gpu_name).toBe('RTX 4090')
        expect(offer.dph_total).toBeLessThanOrEqual(2)
      }
      const offer = await cheapest(renter)
      const { instanceId } = await renter.createInstance({ offerId: offer.id, image: 'pytorch/pytorch', label: 'job' })
      const instance = await renter.instances.get(instanceId)
      expect(instance.label).toMatch(/^job #/)
      expect(await renter.listInstances()).toHaveLength(1)
      await renter.instances.stop(instanceId)
      await renter.instances.start(instanceId)
      await renter.instances.label(instanceId, 'other')
      expect((await renter.instances.list({ filter: { label: ['other'] } })).map(({ id }) => id)).toEqual([instanceId])
      expect(await renter.instances.logs(instanceId, { tailLines: 5 })).toEqual(expect.any(String))
      expect(await renter.instances.execute(instanceId, 'ls')).toEqual(expect.any(String))
      await renter.destroyInstance(instanceId)
      await expect(renter.instances.get(instanceId)).rejects.toMatchObject({ code: 'VASTAI_NOT_FOUND' })
    })
  })

  it('is told when an offer is gone', async () => {
    await inMarket(async ({ renter }) => {
      const { id } = await cheapest(renter)
      await renter.createInstance({ offerId: id, image: 'a' })
      await expect(renter.createInstance({ offerId: id, image: 'a' })).rejects.toMatchObject({
        code: 'VASTAI_OFFER_GONE',
        effect: 'none',
      })
    })
  })

  it('may not see market metrics, and is told why', async () => {
    await inMarket(async ({ renter }) => {
      await expect(renter.metrics.gpuCurrent()).rejects.toThrow(/only keys of hosts|hosts with a machine/)
    })
  })

  it('reads account, keys, invoices and templates', async () => {
    await inMarket(async ({ renter, clock }) => {
      expect((await renter.users.current()).id).toBeGreaterThan(0)
      const key = await renter.sshKeys.create('ssh-ed25519 AAAAC3Nz a@b')
      expect((await renter.sshKeys.list()).map(({ id }) => id)).toContain(key.id)
      await renter.sshKeys.delete(key.id)
      await renter.envVars.create('HF_TOKEN', 'abc')
      expect(await renter.envVars.list()).toHaveProperty('HF_TOKEN')
      await renter.envVars.delete('HF_TOKEN')
      const period = { fromMs: clock.now() - 86_400_000, toMs: clock.now() }
      expect((await renter.invoices.charges(period)).results).toEqual(expect.any(Array))
      expect((await renter.invoices.listOld(period)).invoices).toEqual(expect.any(Array))
      expect(await renter.templates.search('name=nothing')).toEqual([])
      expect(await renter.auditLogs.list()).toEqual(expect.any(Array))
      expect(await renter.users.apiKeys.list()).toEqual(expect.any(Array))
      expect(await renter.users.ipAddresses()).toEqual(expect.any(Array))
      expect(await renter.volumes.list()).toEqual([])
      expect(await renter.benchmarks.search()).toEqual(expect.any(Array))
      expect(await renter.scheduledJobs.list()).toEqual([])
      expect(await renter.gpuNames.list()).toContain('RTX 4090')
    })
  })
})

describe('against the simulator, a host', () => {
  it('lists, reprices and unlists a machine, and sees it', async () => {
    await inMarket(async ({ host }) => {
      const [machine] = await host.machines.list()
      if (machine === undefined) throw new Error('no machine')
      const terms = {
        pricePerGpuHour: 0.31,
        minBidPerGpuHour: 0.1,
        minChunkGpus: 1,
        diskPerGbMonth: 0.15,
        uploadPerGb: 0.01,
        downloadPerGb: 0.01,
        discountMax: 0.2,
        endDateMs: null,
        durationMs: null,
        volumeGb: 0,
        volumePerGbMonth: null,
      }
      await host.machines.writeListing(machine.id, terms)
      expect(await host.machines.get(machine.id)).toMatchObject({
        listed: true,
        listed_gpu_cost: 0.31,
        listed_min_gpu_count: 1,
      })
      await host.machines.setMinBid(machine.id, 0.12)
      expect((await host.machines.get(machine.id)).min_bid_price).toBe(0.12)
      await host.machines.unlist(machine.id)
      expect((await host.machines.get(machine.id)).listed).toBe(false)
    })
  })

  it('reads earnings, metrics, reports and maintenance', async () => {
    await inMarket(async ({ host, clock }) => {
      const [machine] = await host.machines.list()
      const machineId = machine?.id ?? 0
      const toDay = Math.floor(clock.now() / 86_400_000)
      expect((await host.earnings.get({ fromDay: toDay - 1, toDay })).per_machine).toEqual(expect.any(Array))
      expect((await host.metrics.gpuCurrent()).map(({ gpu_name }) => gpu_name)).toContain('RTX 4090')
      expect(await host.metrics.gpuHistory({ models: ['RTX_4090'] })).toHaveProperty('RTX 4090')
      expect(await host.metrics.gpuLocations()).toEqual(expect.any(Array))
      expect(await host.machines.reports(machineId)).toEqual(expect.any(Array))
      await host.machines.scheduleMaintenance(machineId, {
        startMs: clock.now() + 86_400_000,
        hours: 2,
        category: 'power',
      })
      expect(await host.machines.listMaintenance([machineId])).toHaveLength(1)
      await host.machines.cancelMaintenance(machineId)
      expect(await host.machines.listMaintenance([machineId])).toHaveLength(0)
      await host.machines.setDefaultJob(machineId, { image: 'alpine', pricePerGpuHour: 0.1 })
      await host.machines.removeDefaultJob(machineId)
      expect(await host.machines.cleanup(machineId)).toEqual({ removed: expect.any(Number) })
      await host.machines.defrag([machineId])
    })
  })

  it('subscribes to notifications, and believes those that are signed, once', async () => {
    await using receiver = await startServer([{ status: 204 }])
    await inMarket(async ({ host, simulator, clock }) => {
      const types = await host.webhooks.notificationTypes()
      expect(types.map(({ key }) => key)).toContain('host:machine_offline')
      const made = await host.webhooks.create({ url: receiver.url, eventTypes: ['host:machine_offline'] })
      await host.webhooks.test(made.id)
      await simulator.settled()
      const [delivered] = receiver.requests
      if (delivered === undefined) throw new Error('nothing was delivered')
      const seen = new SeenWebhooks()
      const delivery = { body: delivered.text, headers: delivered.headers, secret: made.webhook_secret, clock, seen }
      expect(verifyWebhook(delivery).notif_type).toBe('webhook_test')
      expect(() => verifyWebhook(delivery)).toThrow(expect.objectContaining({ code: 'WEBHOOK_REPLAYED' }))

      const rotated = await host.webhooks.rotateSecret(made.id)
      expect(() => verifyWebhook({ ...delivery, secret: rotated.webhook_secret })).toThrow(
        expect.objectContaining({ code: 'WEBHOOK_FORGED' }),
      )
      await host.webhooks.update(made.id, { name: 'ops' })
      expect((await host.webhooks.list()).map(({ name }) => name)).toEqual(['ops'])
      await host.webhooks.delete(made.id)
      expect(await host.webhooks.list()).toEqual([])
    })
  })

  it('is told when a machine has vanished', async () => {
    await inMarket(async ({ host }) => {
      await expect(host.machines.get(999_999)).rejects.toMatchObject({ code: 'VASTAI_NOT_FOUND', effect: 'none' })
    })
  })
})

describe('creating an instance while the network fails', () => {
  const create = { method: 'PUT', path: '/asks/*' } as const
  const faults: readonly (readonly [string, Fault])[] = [
    ['the connection breaks after the effect', { ...create, kind: 'reset-after', count: 1 }],
    ['the connection breaks before the effect', { ...create, kind: 'reset-before', count: 1 }],
    [
      'the server answers 502 after the effect',
      { ...create, kind: 'status', status: 502, afterEffect: true, count: 1 },
    ],
    ['the server answers 503 before the effect', { ...create, kind: 'status', status: 503, count: 1 }],
    ['the answer is garbage', { ...create, kind: 'malformed-json', count: 1 }],
    ['the answer lacks the id', { ...create, kind: 'missing-field', field: 'new_contract', count: 1 }],
    ['the throttle refuses', { ...create, kind: 'status', status: 429, count: 2 }],
  ]

  it.each(faults)('rents exactly once when %s', async (_what, fault) => {
    await inMarket(
      async ({ renter, simulator }) => {
        const offer = await cheapest(renter)
        const { instanceId } = await renter.createInstance({ offerId: offer.id, image: 'a', idempotencyKey: 'run-42' })
        const instances = await renter.listInstances()
        expect(instances.map(({ id }) => id)).toEqual([instanceId])
        expect(instances[0]?.label).toBe('#run-42')
        expect(simulator.inspect.duplicateCreates).toEqual([])
      },
      [fault],
    )
  })

  it('rents exactly once even when every answer to a create is lost', async () => {
    await inMarket(
      async ({ renter, simulator }) => {
        const offer = await cheapest(renter)
        await renter.createInstance({ offerId: offer.id, image: 'a' })
        expect(await renter.listInstances()).toHaveLength(1)
        expect(
          simulator.inspect.requests.filter(({ method, path }) => method === 'PUT' && /asks/.test(path)),
        ).toHaveLength(1)
      },
      [{ ...create, kind: 'reset-after' }],
    )
  })

  it('gives the same instance for the same key, also from another client, at once or later', async () => {
    await inMarket(async ({ renter, simulator, clock }) => {
      const offer = await cheapest(renter)
      const wanted = { offerId: offer.id, image: 'a', idempotencyKey: 'once' }
      const [first, second] = await Promise.all([renter.createInstance(wanted), renter.createInstance(wanted)])
      expect(second.instanceId).toBe(first.instanceId)
      await using later = new VastAiClient({ apiKey: simulator.renterKey, baseUrl: simulator.url, clock })
      expect(await later.createInstance(wanted)).toEqual({
        instanceId: first.instanceId,
        idempotencyKey: 'once',
        wasFound: true,
      })
      expect(await renter.listInstances()).toHaveLength(1)
      expect((await renter.instances.findByKey({ idempotencyKey: 'once' }))?.id).toBe(first.instanceId)
    })
  })
})
