import { describe, expect, it } from 'vitest'
import { priceReach } from './price-reach.ts'

describe('priceReach', () => {
  it('is a factor of four both ways, within what any GPU is rented out for', () => {
    expect(priceReach(0.2)).toEqual({ min: 0.05, max: 0.8 })
    expect(priceReach(60)).toEqual({ min: 15, max: 100 })
    expect(priceReach(0.002)).toEqual({ min: 0.001, max: 0.008 })
  })

  it('is everything where there is no price to compare with', () => {
    expect(priceReach(undefined)).toEqual({ min: 0.001, max: 100 })
    expect(priceReach(0)).toEqual({ min: 0.001, max: 100 })
  })

  it('leads back from prices that no GPU is rented out for', () => {
    expect(priceReach(0.00001)).toEqual({ min: 0.001, max: 0.004 })
    expect(priceReach(4000)).toEqual({ min: 25, max: 100 })
  })
})
