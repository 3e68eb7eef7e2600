import { describe, expect, it } from 'vitest'
import { EarningAverages } from './earning-averages.ts'

const HOUR_MS = 3_600_000

describe('EarningAverages', () => {
  it('settle at what an hour and a day earn, and never reach zero again', () => {
    const averages = new EarningAverages()
    let earned = 0
    averages.update(1, earned, 0)
    let last = { hour: 0, day: 0 }
    for (let hour = 1; hour <= 240; hour++) {
      earned += 0.3
      last = averages.update(1, earned, hour * HOUR_MS)
    }
    expect(last.hour).toBeCloseTo(0.3, 6)
    expect(last.day).toBeCloseTo(7.2, 2)
    const later = averages.update(1, earned, (240 + 48) * HOUR_MS)
    expect(later.hour).toBeGreaterThan(0)
    expect(later.hour).toBeLessThan(1e-15)
  })

  it('do not depend on how often one looks', () => {
    const often = new EarningAverages()
    const once = new EarningAverages()
    for (const averages of [often, once]) averages.update(1, 0, 0)
    for (let minute = 1; minute < 60; minute++) often.update(1, minute / 200, minute * 60_000)
    const [a, b] = [often, once].map(averages => averages.update(1, 0.3, HOUR_MS))
    expect(a?.hour).toBeCloseTo(b?.hour ?? 0, 12)
  })
})
