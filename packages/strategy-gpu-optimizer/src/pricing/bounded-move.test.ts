import { priceReach } from '@org/venue-vastai/actions'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourMs, startMs } from '../../test/sample-market.ts'
import { boundedMove, roundUp, type WantedMove } from './bounded-move.ts'
import { usualPriceLimits } from './price-limits.ts'

function move(wanted: Partial<WantedMove>) {
  return boundedMove(
    {
      nowMs: startMs,
      price: 0.3,
      targetPrice: 0.3,
      floorPerGpuHour: 0.174,
      rentedShare: 0,
      lastChangeMs: undefined,
      changesMs: [],
      ...wanted,
    },
    usualPriceLimits,
  )
}

describe('a price', () => {
  it('stays for a target less than 2 % away', () => {
    expect(move({ targetPrice: 0.305 })).toEqual({ move: false, reason: 'within-hysteresis' })
    expect(move({ targetPrice: 0.294 })).toMatchObject({ move: true })
  })

  it('goes to a target less than 10 % away', () => {
    expect(move({ targetPrice: 0.28 })).toEqual({ move: true, price: 0.28, reason: 'to-target' })
  })

  it('moves by 10 % at most', () => {
    expect(move({ targetPrice: 0.6 })).toEqual({ move: true, price: 0.33, reason: 'step-towards-target' })
    expect(move({ targetPrice: 0.2 })).toEqual({ move: true, price: 0.27, reason: 'step-towards-target' })
  })

  it('stands for an hour at least', () => {
    expect(move({ targetPrice: 0.28, lastChangeMs: startMs - hourMs + 1 })).toEqual({
      move: false,
      reason: 'changed-recently',
    })
    expect(move({ targetPrice: 0.28, lastChangeMs: startMs - hourMs })).toMatchObject({ move: true })
  })

  it('changes six times a day at most', () => {
    const changesMs = [1, 2, 3, 4, 5, 6].map(ago => startMs - ago * hourMs)
    expect(move({ targetPrice: 0.28, changesMs })).toEqual({ move: false, reason: 'daily-changes-used' })
  })

  it('below the floor goes up to it at once, whatever else holds', () => {
    expect(move({ price: 0.1, targetPrice: 0.1, lastChangeMs: startMs, rentedShare: 1 })).toEqual({
      move: true,
      price: 0.174,
      reason: 'up-to-floor',
    })
  })

  it('far below the floor goes up in steps that the venue lets through, one at each scan, whatever else holds', () => {
    const steps: number[] = []
    for (let price = 0.01; price < 1.5; ) {
      const verdict = move({ price, targetPrice: 0.1, floorPerGpuHour: 1.5, lastChangeMs: startMs, rentedShare: 1 })
      if (!verdict.move) throw new Error(`stays at ${price}: ${verdict.reason}`)
      price = verdict.price
      steps.push(price)
    }
    expect(steps).toEqual([0.04, 0.16, 0.64, 1.5])
  })

  it('at the floor stays there, binary noise or not', () => {
    const floorPerGpuHour = 0.1 + 0.2
    expect(floorPerGpuHour).toBeGreaterThan(0.3)
    expect(move({ price: 0.3, targetPrice: 0.3, floorPerGpuHour })).toEqual({
      move: false,
      reason: 'within-hysteresis',
    })
  })

  it('over tenants rises by a quarter or not at all, and then in one move', () => {
    expect(move({ targetPrice: 0.36, rentedShare: 1 })).toEqual({ move: false, reason: 'tenants-keep-price' })
    expect(move({ targetPrice: 0.375, rentedShare: 1 })).toEqual({ move: true, price: 0.375, reason: 'to-target' })
  })

  it('over tenants may fall: a lower price keeps their contracts extendable', () => {
    expect(move({ targetPrice: 0.28, rentedShare: 1 })).toMatchObject({ move: true, price: 0.28 })
  })

  it('is never below the floor unless it cannot get there at once, never moved more than its limits allow, whatever is wanted', () => {
    const price = fc.double({ min: 0.01, max: 5, noNaN: true })
    fc.assert(
      fc.property(price, price, price, fc.constantFrom(0, 0.5, 1), (now, targetPrice, floorPerGpuHour, rentedShare) => {
        const verdict = move({ price: now, targetPrice, floorPerGpuHour, rentedShare })
        if (!verdict.move) return
        const reach = priceReach(now)
        expect(verdict.price).toBeLessThanOrEqual(reach.max)
        expect(verdict.price).toBeGreaterThanOrEqual(reach.min)
        expect(verdict.price).toBeGreaterThanOrEqual(Math.min(floorPerGpuHour, reach.max - 1e-4) - 1e-9)
        if (verdict.reason === 'up-to-floor') return
        // A hundredth of a cent is lost to rounding.
        expect(verdict.price / now).toBeLessThanOrEqual(1 + Math.max(0.1, 0.25 * rentedShare) + 1e-4 / now)
        expect(verdict.price).toBeGreaterThanOrEqual(Math.min(now, now * 0.9 - 1e-9))
      }),
    )
  })
})

describe('rounding', () => {
  it('goes up to a hundredth of a cent, and takes binary noise for none', () => {
    expect(roundUp(0.29001)).toBe(0.2901)
    expect(roundUp(0.98 * 0.3)).toBe(0.294)
  })
})
