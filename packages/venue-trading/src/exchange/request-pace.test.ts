import { AutomationError, compareWithReplay, memoryStore, type Store, VirtualClock } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RequestPace } from './request-pace.ts'

const minute = 60_000
const startMs = Date.UTC(2026, 0, 1)

function paceOn(store: Store, clock: VirtualClock, weightPerMinute: number, account = 'x:1'): RequestPace {
  return new RequestPace({ store, clock, exchange: 'x', account, weightPerMinute })
}

describe('RequestPace', () => {
  it('two processes on one store never take more than a minute’s weight in a minute, and waste little of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 300, maxLength: 400 }), async weights => {
        const clock = new VirtualClock({ startMs })
        const store = memoryStore()
        const taken = new Map<number, number>()
        const run = async (pace: RequestPace, mine: readonly number[]) => {
          for (const weight of mine) {
            await pace.take(weight, undefined)
            const at = Math.floor(clock.now() / minute)
            taken.set(at, (taken.get(at) ?? 0) + weight)
          }
        }
        const half = weights.length / 2
        await clock.run(() =>
          Promise.all([
            run(paceOn(store, clock, 1_200), weights.slice(0, half)),
            run(paceOn(store, clock, 1_200), weights.slice(half)),
          ]),
        )
        for (const weight of taken.values()) expect(weight).toBeLessThanOrEqual(1_200)
        const whole = [...taken.values()].slice(1, -1)
        for (const weight of whole) expect(weight).toBeGreaterThan(900)
      }),
      { numRuns: 20 },
    )
  })

  it('lets no more than a quarter of a minute’s weight go at once after a pause', async () => {
    const clock = new VirtualClock({ startMs: startMs + 50_000 })
    const pace = paceOn(memoryStore(), clock, 1_200)
    let atOnce = 0
    await clock.run(async () => {
      const from = clock.now()
      for (let i = 0; i < 500; i++) {
        await pace.take(1, undefined)
        if (clock.now() === from) atOnce++
      }
    })
    expect(atOnce).toBe(300)
  })

  it('a stop holds every process of the account, and no other account', async () => {
    const clock = new VirtualClock({ startMs })
    const store = memoryStore()
    const [a, b, other] = [paceOn(store, clock, 60), paceOn(store, clock, 60), paceOn(store, clock, 60, 'x:2')]
    await clock.run(async () => {
      await a.stop(clock.now() + 20_000)
      // An earlier end does not shorten it.
      await b.stop(clock.now() + 5_000)
      await other.take(1, undefined)
      expect(clock.now()).toBe(startMs)
      await b.take(1, undefined)
      expect(clock.now()).toBe(startMs + 20_000)
    })
  })

  it('does not wait for the end of a ban, but says when it is', async () => {
    const clock = new VirtualClock({ startMs })
    const pace = paceOn(memoryStore(), clock, 60)
    await clock.run(async () => {
      await pace.stop(clock.now() + 600_000)
      await expect(pace.take(1, undefined)).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        effect: 'none',
        retryAfterMs: 600_000,
        message: expect.stringContaining('another 600 s'),
      })
    })
  })

  it('a request heavier than the exchange allows waits, and ends', async () => {
    const clock = new VirtualClock({ startMs })
    await clock.run(() => paceOn(memoryStore(), clock, 60).take(1_000, undefined))
    expect(clock.now()).toBeLessThan(startMs + minute)
  })

  it('who waits can be aborted, and those behind go on', async () => {
    const clock = new VirtualClock({ startMs })
    const pace = paceOn(memoryStore(), clock, 60)
    await clock.run(async () => {
      const stop = new AbortController()
      const first = pace.take(30, stop.signal)
      const second = pace.take(1, undefined)
      stop.abort()
      const thrown: unknown = await first.catch((error: unknown) => error)
      expect(AutomationError.isInstance(thrown) && thrown.code).toBe('ABORTED')
      await second
    })
  })

  it('leaves a ledger that its journal explains', async () => {
    const clock = new VirtualClock({ startMs })
    const store = memoryStore()
    await clock.run(async () => {
      for (let i = 0; i < 50; i++) await paceOn(store, clock, 60).take(3, undefined)
    })
    expect(await compareWithReplay(store)).toEqual([])
  })
})
