import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from './virtual-clock.ts'

const startMs = Date.UTC(2026, 0, 1)
const dayMs = 86_400_000

describe('VirtualClock', () => {
  it('wakes sleepers in the order of their time, those of one instant in the order in which they lay down', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 }), async delays => {
        const clock = new VirtualClock({ startMs })
        const woken: number[] = []
        await clock.run(() =>
          Promise.all(
            delays.map(async (delayMs, i) => {
              await clock.sleep(delayMs)
              expect(clock.now()).toBe(startMs + delayMs)
              woken.push(i)
            }),
          ),
        )
        const expected = delays.map((_, i) => i).sort((a, b) => (delays[a] as number) - (delays[b] as number) || a - b)
        expect(woken).toEqual(expected)
      }),
      { numRuns: 100 },
    )
  })

  it('lets a month pass without waiting', async () => {
    const clock = new VirtualClock({ startMs })
    await clock.run(async () => {
      for (let day = 0; day < 30; day++) await clock.sleep(dayMs)
    })
    expect(clock.now()).toBe(startMs + 30 * dayMs)
  })

  it('stands still while tracked work is under way', async () => {
    const clock = new VirtualClock({ startMs })
    let answered = -1
    await clock.run(async () => {
      const slow = clock.track(
        (async () => {
          for (let i = 0; i < 50; i++) await new Promise(resolve => setImmediate(resolve))
          answered = clock.now()
        })(),
      )
      await Promise.all([slow, clock.sleep(1000)])
    })
    expect(answered).toBe(startMs)
    expect(clock.now()).toBe(startMs + 1000)
  })

  it('goes on after tracked work that failed', async () => {
    const clock = new VirtualClock({ startMs })
    await clock.run(async () => {
      await clock.track(Promise.reject(new Error('refused'))).catch(() => {})
      await clock.sleep(5)
    })
    expect(clock.now()).toBe(startMs + 5)
  })

  it('ends a sleep at once when its signal aborts, and is not moved by it', async () => {
    const clock = new VirtualClock({ startMs })
    const stop = new AbortController()
    await clock.run(async () => {
      const sleep = clock.sleep(dayMs, { signal: stop.signal })
      await clock.sleep(10)
      stop.abort('enough')
      await expect(sleep).rejects.toMatchObject({ code: 'ABORTED', effect: 'none', cause: 'enough' })
    })
    expect(clock.now()).toBe(startMs + 10)
    await expect(clock.sleep(1, { signal: stop.signal })).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('forgets time limits that were not needed', async () => {
    const clock = new VirtualClock({ startMs })
    await clock.run(async () => {
      for (let i = 0; i < 5000; i++) {
        const limit = new AbortController()
        const tooLate = clock.sleep(365 * dayMs, { signal: limit.signal }).catch(() => {})
        limit.abort()
        await tooLate
      }
    })
    expect(clock.sleeping).toBe(0)
  })

  it('keeps the order also after forgetting', async () => {
    const clock = new VirtualClock({ startMs })
    const woken: number[] = []
    await clock.run(async () => {
      const limit = new AbortController()
      const cancelled = Array.from({ length: 200 }, (_, i) => clock.sleep(i, { signal: limit.signal }).catch(() => {}))
      const kept = [30, 10, 20, 10].map(async delayMs => {
        await clock.sleep(delayMs)
        woken.push(delayMs)
      })
      limit.abort()
      await Promise.all([...cancelled, ...kept])
    })
    expect(woken).toEqual([10, 10, 20, 30])
  })

  it('says so when nothing can move time any more', async () => {
    const clock = new VirtualClock({ startMs })
    await expect(clock.run(() => new Promise(() => {}))).rejects.toMatchObject({
      code: 'VIRTUAL_CLOCK_STUCK',
      message: expect.stringContaining('clock.track()'),
    })
  })

  it('hands on what the run throws', async () => {
    const clock = new VirtualClock({ startMs })
    await expect(clock.run(async () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  })

  it('takes a length that is no number for none, so that time goes on', async () => {
    const clock = new VirtualClock({ startMs })
    await clock.run(async () => {
      await clock.sleep(Number.NaN)
      await clock.sleep(-5)
      await clock.sleep(7)
    })
    expect(clock.now()).toBe(startMs + 7)
  })
})
