import { describe, expect, it } from 'vitest'
import type { CcxtSocket } from './ccxt-exchange.ts'
import { guardSocket } from './guard-socket.ts'

describe('guardSocket', () => {
  it('takes a subscription that could not be sent for a broken stream, once, however often it is guarded', async () => {
    const errors: unknown[] = []
    const closed = new Error('WebSocket is not open')
    const socket: CcxtSocket = {
      future: () => Promise.reject(closed),
      send: () => Promise.reject(closed),
      onError: error => errors.push(error),
    }
    const guarded = guardSocket(guardSocket(socket))
    // Nobody waits for either, as in ccxt: unhandled, they would fail this test run.
    void guarded.send('subscribe')
    void guarded.future('ticker')
    await new Promise(resolve => setImmediate(resolve))
    expect(errors).toEqual([closed])
  })
})
