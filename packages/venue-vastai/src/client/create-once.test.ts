import { type AutomationError, seededRandom, silentLogger, VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { type CreatePlan, createOnce, lookWaitsMs, sendsMax } from './create-once.ts'
import { VastAiConnectionError, VastAiOfferGoneError, VastAiServerError, VastAiTimeoutError } from './errors.ts'

const broken = new VastAiConnectionError({ message: 'reset', effect: 'unknown' })
const server = new VastAiServerError({ message: '502', effect: 'unknown' })
const timeout = new VastAiTimeoutError({ message: 'slow', effect: 'unknown' })
const gone = new VastAiOfferGoneError({ message: 'gone' })

/** A market with one account: sends end as told, and rentals show up after a while. */
function market(
  sends: readonly { readonly rents?: number; readonly fails?: AutomationError; readonly visibleAfterMs?: number }[],
) {
  const clock = new VirtualClock({ startMs: 0 })
  const rentals: { id: number; visibleAtMs: number }[] = []
  const destroyed: number[] = []
  let sent = 0
  let looks = 0
  const plan: CreatePlan = {
    label: '#key',
    looksFirst: false,
    clock,
    logger: silentLogger,
    async send() {
      const step = sends[sent++]
      if (step?.rents !== undefined)
        rentals.push({ id: step.rents, visibleAtMs: clock.now() + (step.visibleAfterMs ?? 0) })
      if (step?.fails !== undefined) throw step.fails
      return step?.rents ?? 0
    },
    async find() {
      looks++
      return rentals
        .filter(({ id, visibleAtMs }) => visibleAtMs <= clock.now() && !destroyed.includes(id))
        .map(({ id }) => id)
    },
    async destroy(id) {
      destroyed.push(id)
    },
  }
  return {
    plan,
    destroyed,
    run: (changes: Partial<CreatePlan> = {}, options?: { signal?: AbortSignal }) =>
      clock.run(() => createOnce({ ...plan, ...changes }, options)),
    get sent() {
      return sent
    },
    get looks() {
      return looks
    },
    get rented() {
      return rentals.length - destroyed.length
    },
  }
}

describe('createOnce', () => {
  it('sends one request when all is well, and does not look', async () => {
    const world = market([{ rents: 5 }])
    expect(await world.run()).toEqual({ instanceId: 5, wasFound: false })
    expect([world.sent, world.looks]).toEqual([1, 0])
  })

  it('finds what an earlier run with the same key rented, and sends nothing', async () => {
    const world = market([{ rents: 5, fails: timeout }])
    await world.run().catch(() => undefined)
    expect(await world.run({ looksFirst: true })).toEqual({ instanceId: 5, wasFound: true })
    expect([world.sent, world.rented]).toEqual([1, 1])
  })

  it.each([broken, server, timeout])('after a lost answer (%s) finds what was rented', async fails => {
    const world = market([{ rents: 5, fails }])
    expect(await world.run()).toEqual({ instanceId: 5, wasFound: true })
    expect([world.sent, world.rented]).toEqual([1, 1])
  })

  it('waits for a rental that shows up late', async () => {
    const world = market([{ rents: 5, fails: broken, visibleAfterMs: 16_000 }])
    expect(await world.run()).toEqual({ instanceId: 5, wasFound: true })
    expect([world.sent, world.rented]).toEqual([1, 1])
  })

  it('sends again only after it has looked for long and found nothing', async () => {
    const world = market([{ fails: broken }, { rents: 6 }])
    expect(await world.run()).toEqual({ instanceId: 6, wasFound: false })
    expect(world.sent).toBe(2)
    expect(world.looks).toBe(lookWaitsMs.length + 1)
  })

  it('never sends again after a time-out: the server may still be at it', async () => {
    const world = market([{ fails: timeout }, { rents: 6 }])
    await expect(world.run()).rejects.toMatchObject({ code: 'VASTAI_TIMEOUT', effect: 'unknown' })
    expect(world.sent).toBe(1)
  })

  it('believes a refusal of the first request: nothing is rented', async () => {
    const world = market([{ fails: gone }])
    await expect(world.run()).rejects.toMatchObject({ code: 'VASTAI_OFFER_GONE', effect: 'none' })
    expect([world.sent, world.looks]).toEqual([1, 0])
  })

  it('looks again when the offer is gone at the second request: the first may have taken it', async () => {
    const world = market([{ rents: 5, fails: broken, visibleAfterMs: 20_000 }, { fails: gone }])
    expect(await world.run()).toEqual({ instanceId: 5, wasFound: true })
    expect([world.sent, world.rented]).toEqual([2, 1])
  })

  it('says that nobody knows when it stays unclear', async () => {
    const world = market([{ fails: broken }, { fails: gone }])
    await expect(world.run()).rejects.toMatchObject({ code: 'VASTAI_OFFER_GONE', effect: 'unknown' })
  })

  it('destroys the younger one when a slow server made two after all', async () => {
    const world = market([{ rents: 5, fails: broken, visibleAfterMs: 17_000 + 1 }, { rents: 6 }])
    // The first becomes visible just after the last look, before the second is answered.
    const late = {
      ...world.plan,
      send: async () => {
        const id = await world.plan.send()
        await world.plan.clock.sleep(5)
        return id
      },
    }
    expect(await world.run(late)).toEqual({ instanceId: 5, wasFound: true })
    expect(world.destroyed).toEqual([6])
    expect(world.rented).toBe(1)
  })

  it('names both when the younger one cannot be destroyed', async () => {
    const world = market([{ rents: 5, fails: broken, visibleAfterMs: 17_000 + 1 }, { rents: 6 }])
    const run = world.run({
      send: async () => {
        const id = await world.plan.send()
        await world.plan.clock.sleep(5)
        return id
      },
      destroy: async () => {
        throw server
      },
    })
    await expect(run).rejects.toMatchObject({ effect: 'done', message: expect.stringContaining('instances 5 and 6') })
  })

  it('gives up after a bounded number of requests', async () => {
    const world = market(Array.from({ length: 10 }, () => ({ fails: broken })))
    await expect(world.run()).rejects.toMatchObject({ effect: 'unknown' })
    expect(world.sent).toBe(sendsMax)
  })

  it('says that nobody knows when looking fails as well', async () => {
    const world = market([{ rents: 5, fails: broken }])
    const find = async () => {
      throw new VastAiServerError({ message: 'down' })
    }
    await expect(world.run({ find })).rejects.toMatchObject({ code: 'VASTAI_CONNECTION', effect: 'unknown' })
    expect(world.sent).toBe(1)
  })

  it('has done nothing when the look before the first request fails', async () => {
    const world = market([{ rents: 5 }])
    const find = async () => {
      throw new VastAiServerError({ message: 'down' })
    }
    await expect(world.run({ find, looksFirst: true })).rejects.toMatchObject({ effect: 'none' })
    expect(world.sent).toBe(0)
  })

  it('ends at once when it is aborted while looking, and says that nobody knows', async () => {
    const controller = new AbortController()
    const world = market([{ rents: 5, fails: broken, visibleAfterMs: 60_000 }])
    const find = async () => {
      controller.abort()
      return []
    }
    await expect(world.run({ find }, { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
      effect: 'unknown',
    })
  })

  it('rents at most once whatever fails, and knows it when it says so', async () => {
    const failures = [undefined, broken, server, timeout, gone]
    for (let seed = 0; seed < 300; seed++) {
      const random = seededRandom(seed)
      const sends = Array.from({ length: 4 }, (_, i) => {
        const fails = failures[Math.floor(random.next() * failures.length)]
        const acts = fails === undefined || (fails !== gone && random.next() < 0.5)
        return {
          ...(acts ? { rents: i + 1 } : {}),
          ...(fails === undefined ? {} : { fails }),
          visibleAfterMs: random.next() < 0.5 ? 0 : random.next() * 17_000,
        }
      })
      const world = market(sends)
      const outcome = await world.run().catch(error => error as AutomationError)
      expect(world.rented, `seed ${seed}`).toBeLessThanOrEqual(1)
      if ('instanceId' in outcome) expect(world.rented).toBe(1)
      else if (outcome.effect === 'none') expect(world.rented).toBe(0)
    }
  })
})
