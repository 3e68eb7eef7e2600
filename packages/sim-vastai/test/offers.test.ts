import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, inMarket, type Row, START_MS } from './market.ts'

const everything = { limit: 10_000, disable_bundling: true }

function number(row: Row | undefined, field: string): number {
  const value = row?.[field]
  if (typeof value !== 'number') throw new Error(`expected a number in ${field}, was ${JSON.stringify(value)}`)
  return value
}

// ../shared/reference/vastai-api.md, sections 5 and 6.
describe('an offer', () => {
  it('holds derived values that follow from its own fields', () =>
    inMarket(async ({ offers, machine, list }) => {
      await list((await machine(1))['id'], { price_gpu: 0.31, price_inetu: 0.003, price_inetd: 0.001 })
      const found = await offers({ ...everything, allocated_storage: 20 })
      expect(found.length).toBeGreaterThan(100)
      for (const row of found) {
        const total = number(row, 'dph_total')
        expect(total).toBeCloseTo(number(row, 'dph_base') + (number(row, 'storage_cost') * 20) / 720, 9)
        expect(number(row, 'storage_total_cost')).toBeCloseTo((number(row, 'storage_cost') * 20) / 720, 12)
        expect(number(row, 'dlperf_per_dphtotal')).toBeCloseTo(number(row, 'dlperf') / total, 4)
        expect(number(row, 'flops_per_dphtotal')).toBeCloseTo(number(row, 'total_flops') / total, 4)
        const perGb = number(row, 'inet_up_cost') + number(row, 'inet_down_cost')
        expect(number(row, 'dph_total_adj')).toBeCloseTo(total + perGb, 12)
        expect(row['discounted_dph_total']).toBe(total)
        const vramGib = number(row, 'gpu_total_ram') / 1024
        expect(number(row, 'vram_costperhour')).toBeCloseTo(number(row, 'dph_base') / vramGib, 12)
        expect(row['gpu_total_ram']).toBe(number(row, 'gpu_ram') * number(row, 'num_gpus'))
        expect(number(row, 'cpu_cores_effective')).toBeCloseTo(number(row, 'cpu_cores') * number(row, 'gpu_frac'), 9)
        expect(number(row, 'internet_up_cost_per_tb')).toBeCloseTo(number(row, 'inet_up_cost') * 1024, 9)
        expect(row['reliability']).toBe(row['reliability2'])
        expect(row['vericode'] === 1).toBe(row['verification'] === 'verified')
        const [major = 0, minor = 0, patch = 0] = String(row['driver_version']).split('.').map(Number)
        expect(row['driver_vers']).toBe(major * 1_000_000 + minor * 1_000 + patch)
        expect([row['external'], row['hostname'], row['webpage']]).toEqual([null, null, null])
        expect(row['id']).toBe(row['ask_contract_id'])
        expect(row['gpu_name']).toBe('RTX 4090')
        expect(row['search']).toMatchObject({ gpuCostPerHour: row['dph_base'], totalHour: total })
        expect(row['instance']).toMatchObject({ gpuCostPerHour: 0 })
      }
    }))

  it('counts 8 GB of disk where a search names none', () =>
    inMarket(async ({ offers, machine, list }) => {
      const { id } = await machine()
      await list(id, { price_gpu: 0.3, price_disk: 0.7 })
      const [row] = await offers({ machine_id: { eq: id } })
      // The figures of a recorded row: 8 GB × 0.9333 / 720.
      expect(number(row, 'storage_cost')).toBeCloseTo(0.933333, 6)
      expect(number(row, 'dph_total') - number(row, 'dph_base')).toBeCloseTo(0.0103704, 7)
    }))

  it('costs the minimum bid in a search for interruptible ones, with a discount in one for reserved ones', () =>
    inMarket(async ({ offers, machine, list }) => {
      const { id } = await machine()
      await list(id, { price_gpu: 0.3, price_min_bid: 0.12, credit_discount_max: 0.25 })
      const search = async (type: string) => (await offers({ machine_id: { eq: id }, type, allocated_storage: 0 }))[0]
      expect(await search('bid')).toMatchObject({ is_bid: true, dph_base: 0.16 })
      expect(await search('interruptible')).toEqual(await search('bid'))
      expect(await search('ondemand')).toMatchObject({ is_bid: false })
      const reserved = await search('reserved')
      expect(number(reserved, 'discounted_dph_total')).toBeCloseTo(0.4 * 0.75, 12)
      expect(reserved?.['discount_rate']).toBe(0.25)
    }))

  it('tells how long a rental may last', () =>
    inMarket(async ({ offers, machine, list, advance }) => {
      const { id } = await machine()
      await list(id, { price_gpu: 0.3, end_date: (START_MS + 10 * DAY_MS) / 1000 })
      const [row] = await offers({ machine_id: { eq: id } })
      expect(row).toMatchObject({ end_date: (START_MS + 10 * DAY_MS) / 1000, duration: 10 * 86_400 })
      advance(3 * DAY_MS)
      const search = (days: number) => offers({ machine_id: { eq: id }, duration: { gte: days * 86_400 } })
      expect(await search(6.9)).toHaveLength(1)
      expect(await search(7.1)).toHaveLength(0)
    }))
})

describe('a search', () => {
  const operators: Readonly<Record<string, (own: number, bound: number) => boolean>> = {
    eq: (own, bound) => own === bound,
    neq: (own, bound) => own !== bound,
    gt: (own, bound) => own > bound,
    gte: (own, bound) => own >= bound,
    lt: (own, bound) => own < bound,
    lte: (own, bound) => own <= bound,
  }

  it('gives exactly the rows that its comparisons let through', () =>
    inMarket(async ({ offers }) => {
      const all = await offers(everything)
      const fields = ['num_gpus', 'dph_total', 'cpu_cores_effective', 'inet_down', 'disk_space', 'direct_port_count']
      const condition = fc.record({
        field: fc.constantFrom(...fields),
        operator: fc.constantFrom(...Object.keys(operators)),
        bound: fc.nat({ max: all.length - 1 }),
        asText: fc.boolean(),
      })
      await fc.assert(
        fc.asyncProperty(condition, async ({ field, operator, bound: index, asText }) => {
          const bound = number(all[index], field)
          const expected = all.filter(row => operators[operator]?.(number(row, field), bound)).map(row => row['id'])
          const found = await offers({ ...everything, [field]: { [operator]: asText ? String(bound) : bound } })
          expect(new Set(found.map(row => row['id']))).toEqual(new Set(expected))
        }),
        { numRuns: 40, seed: 1 },
      )
    }))

  it('takes lists, ranges, versions and countries', () =>
    inMarket(async ({ offers }) => {
      const all = await offers(everything)
      const country = (row: Row) => String(row['geolocation']).split(', ').at(-1)
      const places = [...new Set(all.map(country))]
      expect(places.length).toBeGreaterThan(3)
      const wanted = places.slice(0, 2)
      const inside = await offers({ ...everything, geolocation: { in: wanted } })
      expect(inside).toHaveLength(all.filter(row => wanted.includes(country(row))).length)
      for (const operator of ['notin', 'nin'])
        expect(await offers({ ...everything, geolocation: { [operator]: wanted } })).toHaveLength(
          all.length - inside.length,
        )
      const range = await offers({ ...everything, num_gpus: { gte: '2', lte: '4' } })
      expect(range.length).toBeLessThan(all.length)
      expect(range).toHaveLength(all.filter(row => number(row, 'num_gpus') >= 2 && number(row, 'num_gpus') <= 4).length)
      const version = 550_000_000
      expect(await offers({ ...everything, driver_version: { gte: version } })).toHaveLength(
        all.filter(row => number(row, 'driver_vers') >= version).length,
      )
      const ours = { ...everything, datacenter: { eq: true } }
      expect(await offers(ours)).toHaveLength(all.filter(row => number(row, 'hosting_type') > 0).length)
    }))

  it('orders by several columns', () =>
    inMarket(async ({ offers }) => {
      const order = [
        ['num_gpus', 'desc'],
        ['dph_total', 'asc'],
      ]
      const found = await offers({ ...everything, order })
      const sorted = [...found].sort(
        (a, b) => number(b, 'num_gpus') - number(a, 'num_gpus') || number(a, 'dph_total') - number(b, 'dph_total'),
      )
      expect(found).toEqual(sorted)
    }))

  it('takes the same query in its three forms', () =>
    inMarket(async ({ ask, offers }) => {
      const query = { verified: { eq: true }, type: 'on-demand', order: [['id', 'asc']], limit: 10_000 }
      const ids = (answer: Row) => (answer['offers'] as readonly Row[]).map(row => row['id'])
      const posted = (await offers(query)).map(row => row['id'])
      expect(posted.length).toBeGreaterThan(10)
      expect(ids(await ask('PUT', '/search/asks/', { body: { select_cols: ['*'], q: query } }))).toEqual(posted)
      expect(ids(await ask('GET', '/bundles/', { query: { q: JSON.stringify(query) } }))).toEqual(posted)
    }))

  it('remembers fields it does not know, and filters nothing by them', () =>
    inMarket(async ({ simulator, offers }) => {
      const all = await offers(everything)
      expect(await offers({ ...everything, relaibility: { gt: 0.9 } })).toHaveLength(all.length)
      expect(simulator.inspect.ignoredFields).toEqual(['relaibility'])
    }))

  it('that means nothing is refused with a reason', () =>
    inMarket(async ({ send }) => {
      for (const [query, message] of [
        [{ num_gpus: { about: 1 } }, /unknown operator about/],
        [{ num_gpus: { in: 1 } }, /expects a list/],
        [{ type: 'free' }, /Invalid type/],
        [{ allocated_storage: -1 }, /Invalid allocated_storage/],
        [{ limit: 'many' }, /Invalid limit/],
        [{ order: 'dph_total' }, /Invalid order/],
      ] as const) {
        const reply = await send('POST', '/bundles/', { body: query })
        expect([query, reply.status, reply.text]).toEqual([query, 400, expect.stringMatching(message)])
      }
    }))

  it('leaves out machines where the caller rents already when it says rented=false', () =>
    inMarket(async ({ offers, machine, list, rent }) => {
      const { id } = await machine(1)
      await list(id, { price_gpu: 0.3 })
      const own = (rented: boolean) => offers({ machine_id: { eq: id }, rented: { eq: rented } })
      const [chunk] = await own(false)
      expect(chunk).toMatchObject({ rented: false })
      await rent((await offers({ machine_id: { eq: id }, num_gpus: { eq: 1 } }))[0]?.['id'])
      expect(await own(false)).toEqual([])
      expect((await own(true))[0]).toMatchObject({ rented: true })
    }))
})
