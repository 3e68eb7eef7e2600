import { describe, expect, it, vi } from 'vitest'
import { systemClock } from './system-clock.ts'

describe('systemClock', () => {
  it('sleeps longer than one timer can', async () => {
    vi.useFakeTimers()
    try {
      let isAwake = false
      const sleep = systemClock.sleep(30 * 86_400_000).then(() => {
        isAwake = true
      })
      await vi.advanceTimersByTimeAsync(30 * 86_400_000 - 1)
      expect(isAwake).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      await sleep
      expect(isAwake).toBe(true)
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('leaves no timer behind when it is woken by its signal', async () => {
    vi.useFakeTimers()
    try {
      const stop = new AbortController()
      const sleep = systemClock.sleep(1000, { signal: stop.signal })
      stop.abort()
      await expect(sleep).rejects.toMatchObject({ code: 'ABORTED' })
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})
