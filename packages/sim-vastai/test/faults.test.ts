import { describe, expect, it } from 'vitest'
import type { Fault } from '../src/index.ts'
import { HOUR_MS, inMarket, type Market, parsed, type Row, rows } from './market.ts'

const rentable = { rentable: { eq: true }, order: [['id', 'asc']], limit: 10 }

async function firstOffer({ offers }: Market): Promise<Row> {
  const [offer] = await offers(rentable)
  if (offer === undefined) throw new Error('no offer')
  return offer
}

async function instanceCount({ ask }: Market): Promise<number> {
  return rows((await ask('GET', '/api/v1/instances/'))['instances']).length
}

function create(market: Market, offer: Row) {
  return market.send('PUT', `/asks/${offer['id']}/`, { body: { client_id: 'me', image: 'ubuntu' } })
}

describe('a fault', () => {
  it.each([
    [401, 'application/json', /"auth_error".*Invalid user key/],
    [403, 'application/json', /"not_authorized"/],
    [404, 'application/json', /"not_found"/],
    [429, 'text/plain', /^API requests too frequent/],
    [500, 'text/plain', /Internal Server Error/],
    [502, 'text/plain', /Bad Gateway/],
    [503, 'text/plain', /./],
    [504, 'text/plain', /./],
  ])('refuses with %i before anything happens', (status, contentType, text) =>
    inMarket(async market => {
      const offer = await firstOffer(market)
      market.simulator.faults.add({ kind: 'status', status, method: 'PUT', path: '/asks/*', count: 1 })
      const reply = await create(market, offer)
      expect(reply).toMatchObject({ status, contentType })
      expect(reply.text).toMatch(text)
      expect(Object.keys(reply.headers)).not.toContain('retry-after')
      expect(await instanceCount(market)).toBe(0)
      expect((await create(market, offer)).status).toBe(200)
    }),
  )

  it('can answer 502 although the thing was done', () =>
    inMarket(async market => {
      const offer = await firstOffer(market)
      market.simulator.faults.add({ kind: 'status', status: 502, afterEffect: true, path: '/asks/*', count: 1 })
      expect((await create(market, offer)).status).toBe(502)
      expect(await instanceCount(market)).toBe(1)
    }))

  it('resets the connection before the effect', () =>
    inMarket(async market => {
      const offer = await firstOffer(market)
      market.simulator.faults.add({ kind: 'reset-before', path: '/asks/*', count: 1 })
      await expect(create(market, offer)).rejects.toMatchObject({ code: 'ECONNRESET' })
      expect(await instanceCount(market)).toBe(0)
    }))

  it('resets the connection after the effect, and a blind repetition rents twice', () =>
    inMarket(async market => {
      const { id } = await market.machine(1)
      await market.list(id, { price_gpu: 0.3 })
      const [offer] = await market.offers({ machine_id: { eq: id }, num_gpus: { eq: 1 } })
      if (offer === undefined) throw new Error('no offer')
      market.simulator.faults.add({ kind: 'reset-after', path: '/asks/*', count: 1 })
      await expect(create(market, offer)).rejects.toMatchObject({ code: 'ECONNRESET' })
      expect(await instanceCount(market)).toBe(1)
      expect((await create(market, offer)).status).toBe(200)
      expect(await instanceCount(market)).toBe(2)
      expect(market.simulator.inspect.duplicateCreates).toHaveLength(1)
    }))

  it('answers late, and virtual time passes meanwhile', () =>
    inMarket(async ({ simulator, clock, send }) => {
      const before = clock.now()
      simulator.faults.add({ kind: 'slow', delayMs: 30_000, count: 1 })
      expect((await send('GET', '/users/current')).status).toBe(200)
      expect(clock.now() - before).toBe(30_000)
      await send('GET', '/users/current')
      expect(clock.now() - before).toBe(30_000)
    }))

  it('cuts the JSON in half', () =>
    inMarket(async ({ simulator, send }) => {
      simulator.faults.add({ kind: 'malformed-json', count: 1 })
      const reply = await send('GET', '/users/current')
      expect(reply).toMatchObject({ status: 200, contentType: 'application/json' })
      expect(() => parsed(reply)).toThrow(SyntaxError)
      expect(parsed(await send('GET', '/users/current'))).toHaveProperty('id')
    }))

  it('leaves a field out at any depth', () =>
    inMarket(async ({ simulator, offers }) => {
      simulator.faults.add({ kind: 'missing-field', field: 'dph_total', count: 1 })
      for (const row of await offers(rentable)) expect(Object.keys(row)).not.toContain('dph_total')
      for (const row of await offers(rentable)) expect(Object.keys(row)).toContain('dph_total')
    }))

  it('cuts lists short', () =>
    inMarket(async ({ simulator, offers }) => {
      simulator.faults.add({ kind: 'truncated-list', keep: 3, count: 1 })
      simulator.faults.add({ kind: 'truncated-list', skip: 1, count: 1 })
      expect(await offers(rentable)).toHaveLength(3)
      expect(await offers(rentable)).toHaveLength(1)
      expect(await offers(rentable)).toHaveLength(10)
    }))

  it('repeats old rows, whatever happened since', () =>
    inMarket(async market => {
      const { id } = await market.machine()
      market.simulator.faults.add({ kind: 'stale-rows', method: 'GET', path: '/machines' })
      expect((await market.machine())['listed']).toBe(false)
      await market.list(id, { price_gpu: 0.3 })
      market.advance(HOUR_MS)
      expect((await market.machine())['listed']).toBe(false)
      market.simulator.faults.clear()
      expect((await market.machine())['listed']).toBe(true)
    }))

  it('gives prices in a wrong unit, and nothing else', () =>
    inMarket(async ({ simulator, offers }) => {
      const query = { rentable: { eq: true }, order: [['id', 'asc']], limit: 10_000 }
      const right = await offers(query)
      simulator.faults.add({ kind: 'wrong-unit', count: 1 })
      const wrong = await offers(query)
      expect(wrong).toHaveLength(right.length)
      for (const [i, row] of wrong.entries()) {
        for (const field of ['dph_total', 'dph_base', 'min_bid', 'storage_cost'])
          expect(row[field]).toBe(Number(right[i]?.[field]) * 100)
        for (const field of ['id', 'num_gpus', 'gpu_ram', 'reliability']) expect(row[field]).toBe(right[i]?.[field])
      }
    }))

  it.each([
    ['a machine', '/machines', 'host', ['listed_gpu_cost', 'min_bid_price']],
    ['the metrics', '/metrics/gpu/current/', 'host', ['price_median', 'price_p90']],
  ] as const)('gives prices of %s in a wrong unit', (_, path, as, fields) =>
    inMarket(async ({ simulator, machine, list, ask }) => {
      await list((await machine())['id'], { price_gpu: 0.3, price_min_bid: 0.1 })
      const read = async () => rows(Object.values(await ask('GET', path, { as })).find(Array.isArray))[0] as Row
      const right = await read()
      simulator.faults.add({ kind: 'wrong-unit', factor: 10, path: '*' })
      const wrong = await read()
      for (const field of fields) expect(wrong[field]).toBeCloseTo(Number(right[field]) * 10, 9)
    }),
  )
})

describe('a fault plan', () => {
  it('hits only the method and path it names, after those it lets pass', () =>
    inMarket(async ({ simulator, send }) => {
      simulator.faults.add({ kind: 'status', status: 500, method: 'GET', path: '/machines', skip: 1, count: 1 })
      const status = async (path: string) => (await send('GET', path, { as: 'host' })).status
      expect(await status('/users/current')).toBe(200)
      expect(await status('/machines')).toBe(200)
      expect(await status('/machines/')).toBe(500)
      expect(await status('/machines')).toBe(200)
      expect(simulator.faults.faults).toEqual([])
    }))

  it('is taken and shown over the wire', () =>
    inMarket(async ({ simulator, send, ask }) => {
      const fault: Fault = { kind: 'status', status: 503, path: '/users/*' }
      const { id } = await ask('POST', '/__sim__/faults', { as: 'nobody', body: fault })
      expect((await send('GET', '/users/current')).status).toBe(503)
      expect(await ask('GET', '/__sim__/faults')).toMatchObject({ faults: [{ id, hits: 1, fault }] })
      await ask('DELETE', `/__sim__/faults/${id}`)
      expect((await send('GET', '/users/current')).status).toBe(200)
      expect((await send('DELETE', `/__sim__/faults/${id}`)).status).toBe(404)
      // Controls are no requests of a client.
      expect(simulator.inspect.requestCount).toBe(2)
    }))

  it('repeats itself under its seed', async () => {
    const pattern = (seed: number) =>
      inMarket(
        async ({ send }) => {
          const statuses: number[] = []
          for (let i = 0; i < 40; i++) statuses.push((await send('GET', '/users/current')).status)
          return statuses
        },
        { seed, faults: [{ kind: 'status', status: 500, probability: 0.5 }] },
      )
    const first = await pattern(3)
    expect(new Set(first)).toEqual(new Set([200, 500]))
    expect(await pattern(3)).toEqual(first)
    expect(await pattern(4)).not.toEqual(first)
  })
})
