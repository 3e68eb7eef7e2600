import { describe, expect, it } from 'vitest'
import { isForgotten, isSeen, noSeenFills, see } from './seen-fills.ts'

const start = Date.UTC(2026, 0, 1)

describe('seen fills', () => {
  it('remembers the newest 256 of a symbol whatever their age, and says of older ones that they are forgotten', () => {
    const seen = noSeenFills()
    for (let i = 0; i < 1_000; i++) see(seen, `${i}`, start + i * 3_600_000)
    expect(seen.ids.size).toBe(256)
    expect(isSeen(seen, '744')).toBe(true)
    expect(isSeen(seen, '743')).toBe(false)
    expect(isForgotten(seen, start + 743 * 3_600_000)).toBe(true)
    expect(isForgotten(seen, start + 743 * 3_600_000 + 1)).toBe(false)
  })

  it('remembers all of a burst that an exchange may tell of again, and no more than 4,096', () => {
    const seen = noSeenFills()
    for (let i = 0; i < 3_000; i++) see(seen, `${i}`, start + i)
    expect(seen.ids.size).toBe(3_000)
    for (let i = 3_000; i < 9_000; i++) see(seen, `${i}`, start + i)
    expect(seen.ids.size).toBe(4_096)
  })

  it('forgets none of one and the same millisecond', () => {
    const seen = noSeenFills()
    for (let i = 0; i < 9_000; i++) see(seen, `${i}`, start)
    expect(isForgotten(seen, start)).toBe(false)
    expect(isSeen(seen, '0')).toBe(true)
  })
})
