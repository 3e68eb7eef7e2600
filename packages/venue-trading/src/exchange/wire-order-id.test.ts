import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientOrderIdOf } from '../actions/client-order-id.ts'
import { wireOrderId } from './wire-order-id.ts'

describe('wireOrderId', () => {
  it.each([
    ['binance', /^[A-Za-z0-9_-]{1,36}$/],
    ['okx', /^[A-Za-z0-9]{1,32}$/],
    ['kraken', /^([ -~]{1,18}|[0-9a-f]{32})$/],
    ['gate', /^t-[A-Za-z0-9_-]{1,26}$/],
  ])('%s takes it, it differs where keys differ, and made again it is the same', (exchange, accepted) => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (key, other) => {
        const id = wireOrderId(exchange, clientOrderIdOf(key))
        expect(id).toMatch(accepted)
        expect(wireOrderId(exchange, id)).toBe(id)
        if (key !== other) expect(wireOrderId(exchange, clientOrderIdOf(other))).not.toBe(id)
      }),
    )
  })
})
