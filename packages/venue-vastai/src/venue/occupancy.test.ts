import { describe, expect, it } from 'vitest'
import { parseOccupancy } from './occupancy.ts'

describe('parseOccupancy', () => {
  it('counts the letters: on demand, reserved, interruptible, free', () => {
    expect(parseOccupancy('D R I x x x x D ', 8)).toEqual({ onDemand: 2, reserved: 1, interruptible: 1, free: 4 })
  })

  it.each([
    ['', 4],
    [null, 4],
    [undefined, 4],
    ['D x ', 4],
    ['D ? x x ', 4],
  ])('does not guess from %j for %i GPUs', (text, gpus) => {
    expect(parseOccupancy(text, gpus)).toBeUndefined()
  })
})
