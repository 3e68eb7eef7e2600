import { VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { scaledClock } from './scaled-clock.ts'

describe('scaledClock', () => {
  it('begins at the base’s now and runs faster from there', () => {
    const base = new VirtualClock({ startMs: 1_000_000 })
    const clock = scaledClock(60, base)
    expect(clock.now()).toBe(1_000_000)
    base.jumpTo(1_001_000)
    expect(clock.now()).toBe(1_060_000)
  })

  it('sleeps for a part of the time', async () => {
    const base = new VirtualClock({ startMs: 0 })
    const clock = scaledClock(60, base)
    await base.run(() => clock.sleep(3_600_000))
    expect(base.now()).toBe(60_000)
    expect(clock.now()).toBe(3_600_000)
  })
})
