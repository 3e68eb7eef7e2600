import { AutomationError, seededRandom, VirtualClock } from '@org/core'
import { createWorld, type Fault, startVastAiSimulator, type VastAiSimulator } from '@org/sim-vastai'
import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { VastAiClient } from '../src/index.ts'

const create = { method: 'PUT', path: '/asks/*' } as const

interface World {
  readonly clock: VirtualClock
  readonly simulator: VastAiSimulator
  /** An ask that stands for eight free GPUs: whoever repeats a create on it rents again. */
  readonly askId: number
  client(): VastAiClient
  /** Instances that are rented and billed now. */
  rented(): number
}

async function onWideAsk<Result>(work: (world: World) => Promise<Result>, seed = 7): Promise<Result> {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 5, 1) })
  const world = createWorld({ seed, startMs: clock.now(), models: ['B200'] })
  const owner = world.addAccount({ kind: 'host', name: 'another host' })
  const machine = world.addMachine({ hostId: owner.id, model: 'B200', gpuCount: 8, failuresPer30Days: 0 })
  world.list(machine.id, { gpuUsdPerHour: 90, minChunk: 1 })
  // The throttle stops some repetitions, by luck; here nothing but the client prevents them.
  await using simulator = await startVastAiSimulator({ clock, seed, world, machines: [], rateLimits: false })
  const clients: VastAiClient[] = []
  const common = { apiKey: simulator.renterKey, baseUrl: simulator.url, clock, spacing: 'off' } as const
  try {
    return await clock.run(async () => {
      const client = () => {
        const made = new VastAiClient({ ...common, random: seededRandom(seed) })
        clients.push(made)
        return made
      }
      const { offers } = await client().offers.search({ filter: { machine_id: machine.id, num_gpus: 1 } })
      const rented = () => world.contracts({ accountId: simulator.renterId }).length
      return work({ clock, simulator, askId: offers[0]?.id ?? 0, client, rented })
    })
  } finally {
    for (const each of clients) await each.close()
  }
}

/** As the official client does: up to three attempts, the same body, whatever happened to the answer. */
async function createAsOfficialClient({ simulator, askId, clock }: World): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const answer = await clock.track(
        request(`${simulator.url}/api/v0/asks/${askId}/`, {
          method: 'PUT',
          headers: { authorization: `Bearer ${simulator.renterKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ client_id: 'me', image: 'ubuntu', disk: 10, label: 'only-one' }),
        }),
      )
      await answer.body.text()
      if (answer.statusCode < 500) return
    } catch {
      // It sends the same again.
    }
  }
}

const lost: readonly (readonly [string, Fault, number])[] = [
  ['the connection breaks twice after the effect', { ...create, kind: 'reset-after', count: 2 }, 3],
  ['the connection breaks once after the effect', { ...create, kind: 'reset-after', count: 1 }, 2],
  ['502 comes twice after the effect', { ...create, kind: 'status', status: 502, afterEffect: true, count: 2 }, 3],
  ['the connection breaks twice before the effect', { ...create, kind: 'reset-before', count: 2 }, 1],
]

describe('when the answer to a create is lost', () => {
  it.each(lost)('repeating it blindly rents again: %s', async (_what, fault, rentals) => {
    await onWideAsk(async world => {
      world.simulator.faults.add(fault)
      await createAsOfficialClient(world)
      expect(world.rented()).toBe(rentals)
      // What came before its effect is no duplicate: nothing was rented yet.
      expect(world.simulator.inspect.duplicateCreates.flatMap(({ instanceIds }) => instanceIds)).toHaveLength(
        rentals - 1,
      )
    })
  })

  it.each(lost)('this client rents once: %s', async (_what, fault) => {
    await onWideAsk(async world => {
      world.simulator.faults.add(fault)
      await world.client().instances.create({ offerId: world.askId, image: 'ubuntu', idempotencyKey: 'only-one' })
      expect(world.rented()).toBe(1)
      // Not even for a moment were there two.
      expect(world.simulator.inspect.duplicateCreates.flatMap(({ instanceIds }) => instanceIds)).toEqual([])
    })
  })

  it('this client rents once, whatever breaks and however often the caller tries again (100 seeds)', async () => {
    let lostAnswers = 0
    for (let seed = 1; seed <= 100; seed++)
      await onWideAsk(async world => {
        const { simulator, askId, rented } = world
        const probability = 0.5
        simulator.faults.add({ ...create, kind: 'reset-after', probability })
        simulator.faults.add({ ...create, kind: 'reset-before', probability: 0.3 })
        simulator.faults.add({ ...create, kind: 'status', status: 502, afterEffect: true, probability: 0.3 })
        simulator.faults.add({ ...create, kind: 'malformed-json', probability: 0.2 })
        simulator.faults.add({ path: '/api/v1/instances', kind: 'status', status: 503, probability })
        simulator.faults.add({ path: '/instances', kind: 'status', status: 503, probability })
        let instanceId: number | undefined
        let isUncertain = false
        for (let tries = 0; tries < 20 && instanceId === undefined; tries++)
          try {
            // A new client each time, as after a crash: nothing but the key is remembered.
            const spec = { offerId: askId, image: 'ubuntu', idempotencyKey: `seed-${seed}` }
            instanceId = (await world.client().instances.create(spec)).instanceId
          } catch (error) {
            if (!AutomationError.isInstance(error)) throw error
            lostAnswers++
            // A call that says it did nothing has done nothing; what an earlier one did is another matter.
            isUncertain ||= error.effect !== 'none'
            if (!isUncertain) expect(rented()).toBe(0)
          }
        expect(instanceId).toBeDefined()
        expect(rented()).toBe(1)
      }, seed)
    expect(lostAnswers).toBeGreaterThan(10)
  }, 60_000)

  it('two clients that use one key at the same instant keep one instance', async () => {
    await onWideAsk(async world => {
      const spec = { offerId: world.askId, image: 'ubuntu', idempotencyKey: 'shared' }
      const made = await Promise.all([1, 2, 3].map(() => world.client().instances.create(spec)))
      expect(new Set(made.map(({ instanceId }) => instanceId)).size).toBe(1)
      expect(world.rented()).toBe(1)
    })
  })
})
