import { request } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inMarket, parsed } from './market.ts'

describe('a request that cannot be served', () => {
  it('is refused in JSON that says why', () =>
    inMarket(async ({ send }) => {
      for (const [method, path, body, status, error] of [
        ['GET', '/nowhere/', undefined, 404, 'not_found'],
        ['GET', '/asks/5/', undefined, 405, 'method_not_allowed'],
        ['POST', '/bundles/', '{"num_gpus":', 400, 'invalid_json'],
        ['POST', '/bundles/', '[1]', 400, 'invalid_json'],
        ['GET', '/users/me/machine-earnings?sday=%zz', undefined, 400, 'invalid_args'],
        ['GET', '/users/me/machine-earnings?sday=soon', undefined, 400, 'invalid_args'],
        ['PUT', '/asks/many/', '{"image":"a"}', 400, 'invalid_args'],
        ['DELETE', '/instances/', '{"instance_ids":[]}', 400, 'invalid_args'],
        ['PUT', '/instances/', '{"ids":["x"],"state":"running"}', 400, 'invalid_args'],
      ] as const) {
        const reply = await send(method, path, { as: 'host', ...(body === undefined ? {} : { body }) })
        const answer = { success: false, error, msg: expect.any(String) }
        expect([path, reply.status, reply.contentType, parsed(reply)]).toEqual([
          path,
          status,
          'application/json',
          answer,
        ])
      }
    }))

  it('outside the API answers JSON, too', () =>
    inMarket(async ({ simulator }) => {
      const response = await fetch(`${simulator.url}/login`)
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json'])
    }))

  it('is refused when it is larger than a megabyte', () =>
    inMarket(async ({ send, simulator }) => {
      const reply = await send('POST', '/bundles/', { body: JSON.stringify({ note: 'x'.repeat(1_000_001) }) })
      expect([reply.status, parsed(reply)['error']]).toEqual([413, 'too_large'])
      expect(simulator.inspect.requestCount).toBe(0)
    }))

  it('may break off in the middle without harm', () =>
    inMarket(async ({ simulator, send }) => {
      await new Promise<void>(resolve => {
        const half = request(`${simulator.url}/api/v0/bundles/`, { method: 'POST', headers: { 'Content-Length': 100 } })
        half.on('error', () => resolve())
        half.write('{"num', () => half.destroy())
      })
      expect((await send('GET', '/users/current')).status).toBe(200)
    }))

  it('never ends in a server error, whatever a search says', () =>
    inMarket(async ({ send }) => {
      const name = fc.oneof(
        fc.constantFrom('num_gpus', 'gpu_name', 'geolocation', 'verified', 'order', 'limit', 'type', 'driver_version'),
        fc.string(),
      )
      const condition = fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.dictionary(fc.constantFrom('eq', 'neq', 'gt', 'lte', 'in', 'notin'), fc.jsonValue({ maxDepth: 1 })),
      )
      await fc.assert(
        fc.asyncProperty(fc.dictionary(name, condition), async query => {
          const reply = await send('POST', '/bundles/', { body: query })
          expect([200, 400]).toContain(reply.status)
          expect(() => parsed(reply)).not.toThrow()
        }),
        { numRuns: 150, seed: 1 },
      )
    }))

  it('never ends in a server error, whatever a create or a listing says', () =>
    inMarket(async ({ send, machine, offers }) => {
      const { id } = await machine()
      const [offer] = await offers({ rentable: { eq: true } })
      const fields = fc.constantFrom(
        ...['image', 'disk', 'price', 'label', 'env', 'args', 'template_hash_id', 'cancel_unavail', 'volume_info'],
        ...['price_gpu', 'price_disk', 'price_min_bid', 'min_chunk', 'end_date', 'duration', 'vol_size', 'vol_price'],
      )
      const body = fc.dictionary(fields, fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.double(), fc.constant('30 days')))
      await fc.assert(
        fc.asyncProperty(body, async terms => {
          const listing = await send('PUT', '/machines/create_asks/', { as: 'host', body: { machine: id, ...terms } })
          expect([200, 400], listing.text).toContain(listing.status)
          const create = await send('PUT', `/asks/${offer?.['id']}/`, { body: terms })
          expect([200, 400, 404, 410], create.text).toContain(create.status)
        }),
        { numRuns: 150, seed: 1 },
      )
    }))
})
