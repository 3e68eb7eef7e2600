import { describe, expect, it } from 'vitest'
import { HOUR_MS, inMarket, parsed, quietMachine, type Row, rows } from './market.ts'

const all = { type: 'on-demand', limit: 10_000, order: [['id', 'asc']] }

// The points of ../shared/reference/vastai-api.md, section 11, in its order.
describe('the wire', () => {
  it('1: says exactly application/json, without a charset', () =>
    inMarket(async ({ send }) => {
      for (const [method, path] of [
        ['POST', '/bundles/'],
        ['GET', '/users/current'],
        ['GET', '/nowhere/'],
      ] as const)
        expect((await send(method, path, method === 'POST' ? { body: {} } : {})).contentType).toBe('application/json')
    }))

  it('2: takes paths with and without trailing slash, and never redirects', () =>
    inMarket(async ({ send }) => {
      for (const path of ['/machines', '/machines/maintenances', '/users/current', '/audit_logs', '/volumes'])
        for (const variant of [path, `${path}/`])
          expect([variant, (await send('GET', variant, { as: 'host' })).status]).toEqual([variant, 200])
      for (const path of ['/bundles', '/bundles/']) expect((await send('POST', path, { body: {} })).status).toBe(200)
    }))

  it('3: reads filter values by the type of the field, whatever their own', () =>
    inMarket(async ({ offers }) => {
      const ids = async (filter: Row) => (await offers({ ...all, ...filter })).map(row => row['id'])
      const one = await ids({ num_gpus: { eq: 1 } })
      expect(one.length).toBeGreaterThan(0)
      expect(await ids({ num_gpus: { eq: '1' } })).toEqual(one)
      expect(await ids({ num_gpus: { in: ['1'] } })).toEqual(one)
      const cheap = await ids({ dph_total: { lt: 0.5 } })
      expect(cheap.length).toBeGreaterThan(0)
      expect(cheap.length).toBeLessThan((await ids({})).length)
      expect(await ids({ dph_total: { lt: '0.5' } })).toEqual(cheap)
      const verified = await ids({ verified: { eq: true } })
      expect(verified.length).toBeGreaterThan(0)
      expect(verified.length).toBeLessThan((await ids({})).length)
      expect(await ids({ verified: { eq: 'true' } })).toEqual(verified)
      expect(await ids({ external: { eq: 'false' } })).toEqual(await ids({}))
      expect(await ids({ gpu_name: { eq: 'RTX_4090' } })).toEqual(await ids({ gpu_name: { eq: 'RTX 4090' } }))
    }))

  it('4: takes bodies on GET and DELETE', () =>
    inMarket(async ({ ask, machine, list }) => {
      const { id } = await machine()
      await list(id, { price_gpu: 0.3 })
      expect(await ask('GET', `/machines/${id}/reports/`, { as: 'host', body: { machine_id: id } })).toEqual([])
      await ask('DELETE', `/machines/${id}/asks/`, { as: 'host', body: {} })
      expect((await machine())['listed']).toBe(false)
    }))

  it('5: answers bare lists where Vast.ai does', () =>
    inMarket(async ({ ask, machine }) => {
      const { id } = await machine()
      const of = async (path: string) => ask('GET', path, { as: 'host' })
      expect(await of(`/machines/${id}`)).toEqual([expect.objectContaining({ id })])
      for (const path of [`/machines/${id}/reports/`, '/machines/maintenances', '/ssh/', '/audit_logs/'])
        expect([path, await of(path)]).toEqual([path, expect.any(Array)])
      expect(await ask('GET', '/benchmarks', { query: { select_cols: '["*"]', select_filters: '{}' } })).toEqual(
        expect.arrayContaining([expect.objectContaining({ gpu_name: 'RTX 4090' })]),
      )
    }))

  it('6: wraps one instance as an object, a missing one as null', () =>
    inMarket(async ({ ask, offers, rent }) => {
      const [offer] = await offers({ rentable: { eq: true } })
      const id = await rent(offer?.['id'])
      expect((await ask('GET', `/instances/${id}/`, { query: { owner: 'me' } }))['instances']).toMatchObject({ id })
      expect(await ask('GET', '/instances/1/', { query: { owner: 'me' } })).toEqual({ instances: null })
    }))

  it('7: always gives start_date and extra_env', () =>
    inMarket(async ({ ask, offers, rent }) => {
      const [bare, full] = await offers({ rentable: { eq: true } })
      await rent(bare?.['id'])
      await rent(full?.['id'], { env: { TZ: 'UTC', '-p 80:80': '1' } })
      const listed = rows((await ask('GET', '/api/v1/instances/'))['instances'])
      expect(listed.map(row => row['extra_env'])).toEqual([
        [],
        [
          ['TZ', 'UTC'],
          ['-p 80:80', '1'],
        ],
      ])
      for (const row of listed) expect(row['start_date']).toEqual(expect.any(Number))
    }))

  it('8: throttles per endpoint and key in plain text, without telling headers', () =>
    inMarket(
      async ({ send, advance }) => {
        const search = (as: 'host' | 'renter') => send('POST', '/bundles/', { as, body: { limit: 1 } })
        for (let i = 0; i < 10; i++) expect((await search('renter')).status).toBe(200)
        const refused = await search('renter')
        expect(refused.status).toBe(429)
        expect(refused.contentType).toBe('text/plain')
        expect(refused.text).toMatch(/^API requests too frequent/)
        expect(Object.keys(refused.headers).filter(name => /retry|limit|remaining/i.test(name))).toEqual([])
        expect((await search('host')).status).toBe(200)
        expect((await send('GET', '/users/current')).status).toBe(200)
        advance(60_000)
        expect((await search('renter')).status).toBe(200)
      },
      { rateLimits: true },
    ))

  it('8: punishes creates that come too early with a longer wait', () =>
    inMarket(
      async ({ send, advance }) => {
        const create = async () => (await send('PUT', '/asks/1/', { body: { image: 'ubuntu' } })).status
        expect(await create()).toBe(404)
        advance(1_000)
        expect(await create()).toBe(429)
        advance(11_900)
        expect(await create()).toBe(429)
        advance(12_000)
        expect(await create()).toBe(404)
      },
      { rateLimits: true },
    ))

  it('9: answers a repeated DELETE of an instance without harm', () =>
    inMarket(async ({ send, ask, offers, rent }) => {
      const [first, second] = await offers({ rentable: { eq: true } })
      const gone = await rent(first?.['id'])
      const kept = await rent(second?.['id'])
      const destroy = () => send('DELETE', `/instances/${gone}/`, { body: {} })
      expect((await destroy()).status).toBe(200)
      for (let i = 0; i < 5; i++) {
        const again = await destroy()
        expect(again.status).toBe(404)
        expect(parsed(again)).toMatchObject({ success: false, error: 'no_such_instance' })
      }
      const many = { body: { instance_ids: [gone] } }
      for (let i = 0; i < 6; i++) expect(await ask('DELETE', '/instances/', many)).toEqual({ success: true })
      expect(rows((await ask('GET', '/api/v1/instances/'))['instances']).map(row => row['id'])).toEqual([kept])
    }))

  it('10: records creates that come twice, and no others', () =>
    inMarket(async ({ simulator, machine, list, offers, rent, advance }) => {
      const { id } = await machine(1)
      // Dearer than anybody would pay, so that the other renters leave it alone.
      await list(id, { price_gpu: 3 })
      const [offer] = await offers({ machine_id: { eq: id }, num_gpus: { eq: 1 } })
      await rent(offer?.['id'], { label: 'a' })
      await rent(offer?.['id'], { label: 'b' })
      expect(simulator.inspect.duplicateCreates).toEqual([])
      advance(2_000)
      const twin = await rent(offer?.['id'], { label: 'b' })
      expect(simulator.inspect.duplicateCreates).toEqual([
        expect.objectContaining({ path: `/asks/${offer?.['id']}`, instanceIds: [twin] }),
      ])
      advance(HOUR_MS)
      await rent(offer?.['id'], { label: 'a' })
      expect(simulator.inspect.duplicateCreates).toHaveLength(1)
    }))

  it('11: writes numbers as numbers and hostnames as strings', () =>
    inMarket(async ({ machine, offers }) => {
      const [offer] = await offers({ rentable: { eq: true } })
      for (const field of [
        ...['id', 'machine_id', 'num_gpus', 'dph_total', 'dph_base', 'min_bid', 'gpu_ram', 'cpu_ram', 'disk_space'],
        ...['cuda_max_good', 'pcie_bw', 'cpu_ghz', 'cpu_cores_effective', 'dlperf', 'dlperf_per_dphtotal', 'score'],
        ...['inet_up', 'inet_down', 'reliability', 'direct_port_count', 'driver_vers', 'gpu_frac'],
      ])
        expect([field, typeof offer?.[field]]).toEqual([field, 'number'])
      const own = await machine()
      expect(own['hostname']).toEqual(expect.any(String))
      for (const field of ['id', 'num_gpus', 'disk_space', 'reliability2', 'num_reports', 'earn_hour', 'timeout'])
        expect([field, typeof own[field]]).toEqual([field, 'number'])
    }))

  it('12: takes a key as Bearer and as api_key, and refuses a wrong one either way', () =>
    inMarket(async ({ simulator, send }) => {
      const asQuery = (key: string) => send('GET', '/users/current', { as: 'nobody', query: { api_key: key } })
      expect((await send('GET', '/users/current')).status).toBe(200)
      expect((await asQuery(simulator.renterKey)).status).toBe(200)
      for (const reply of [
        await asQuery('0'.repeat(64)),
        await send('GET', '/users/current', { as: { key: '0'.repeat(64) } }),
      ]) {
        expect(reply.status).toBe(401)
        expect(parsed(reply)).toEqual({ success: false, error: 'auth_error', msg: 'Invalid user key' })
      }
      expect((await send('GET', '/users/current', { as: 'nobody' })).status).toBe(401)
      // A search documents 404 for a bad key.
      expect((await send('POST', '/bundles/', { as: { key: 'wrong' }, body: {} })).status).toBe(404)
    }))

  it('13: names GPUs to everybody', () =>
    inMarket(async ({ ask }) => {
      const { gpu_names: names } = await ask('GET', '/gpu_names/unique/', { as: 'nobody' })
      expect(names).toEqual(expect.arrayContaining(['RTX 4090', 'H100 SXM', 'A100 PCIE']))
    }))

  it('14: refuses a min_chunk that is null, takes one that is absent', () =>
    inMarket(async ({ send, machine }) => {
      const { id } = await machine()
      const listing = (body: Row) => send('PUT', '/machines/create_asks/', { as: 'host', body })
      const refused = await listing({ machine: id, price_gpu: 0.3, min_chunk: null })
      expect(refused.status).toBe(400)
      expect(parsed(refused)).toMatchObject({ error: 'invalid_args', msg: 'Invalid machine id or min_chunk' })
      expect((await machine())['listed']).toBe(false)
      expect((await listing({ machine: id, price_gpu: 0.3 })).status).toBe(200)
      expect((await machine())['listed_min_gpu_count']).toBe(1)
    }))

  it('15: shows renters the host’s price divided by the share, for GPU, minimum bid and storage', () =>
    inMarket(async ({ machine, list, offers }) => {
      const { id } = await machine()
      await list(id, { price_gpu: 0.3, price_min_bid: 0.12, price_disk: 0.15, price_inetu: 0.003 })
      const [offer] = await offers({ machine_id: { eq: id }, allocated_storage: 72 })
      expect(offer?.['dph_base']).toBeCloseTo(0.4, 12)
      expect(offer?.['min_bid']).toBeCloseTo(0.16, 12)
      expect(offer?.['storage_cost']).toBeCloseTo(0.2, 12)
      expect(offer?.['inet_up_cost']).toBeCloseTo(0.004, 12)
      // 72 GB at 0.2 $/GB/month of 720 h cost 0.02 $/h.
      expect(offer?.['dph_total']).toBeCloseTo(0.42, 12)
      expect(await machine()).toMatchObject({ listed_gpu_cost: 0.3, min_bid_price: 0.12, listed_storage_cost: 0.15 })
    }))

  it('15: shows the on-demand price as minimum bid where the host set none', () =>
    inMarket(async ({ machine, list, offers }) => {
      const { id } = await machine(1)
      await list(id, { price_gpu: 0.3 })
      for (const offer of await offers({ machine_id: { eq: id } })) expect(offer['min_bid']).toBe(offer['dph_base'])
    }))

  it('16: gives a random sample of a search that matches more than its limit', () =>
    inMarket(async ({ offers }) => {
      const wanted = { rentable: { eq: true }, order: [['id', 'asc']], disable_bundling: true }
      const everything = (await offers({ ...wanted, limit: 10_000 })).map(row => row['id'])
      expect(everything.length).toBeGreaterThan(64)
      const sample = async () => (await offers({ ...wanted, limit: 20 })).map(row => row['id'] as number)
      const first = await sample()
      const second = await sample()
      expect(first).toHaveLength(20)
      expect(new Set(first).size).toBe(20)
      expect(first).not.toEqual(second)
      expect(everything).toEqual(expect.arrayContaining([...first, ...second]))
      expect(first).toEqual([...first].sort((a, b) => a - b))
      expect(await offers(wanted)).toHaveLength(64)
      // Without a key the cap cannot be raised.
      expect(await offers({ ...wanted, limit: 10_000 }, { as: 'nobody' })).toHaveLength(64)
      const seen = new Set(first)
      for (let i = 0; i < 200 && seen.size < everything.length; i++) for (const id of await sample()) seen.add(id)
      expect(seen.size).toBe(everything.length)
    }))

  it('17: offers a machine as a split tree whose chunks name their GPUs', () =>
    inMarket(
      async ({ machine, list, offers, rent }) => {
        const { id } = await machine()
        await list(id, { price_gpu: 0.3, min_chunk: 2 })
        const search = (extra: Row = {}) =>
          offers({ machine_id: { eq: id }, disable_bundling: true, order: [['num_gpus', 'desc']], ...extra })
        const tree = await search()
        expect(tree.map(row => row['num_gpus'])).toEqual([7, 4, 3, 2, 2, 2, 1])
        expect(tree[0]?.['gpu_frac']).toBe(1)
        for (const row of tree) {
          expect(row['gpu_ids']).toHaveLength(Number(row['num_gpus']))
          expect(row['gpu_frac']).toBeCloseTo(Number(row['num_gpus']) / 7, 12)
        }
        const four = tree.find(row => row['num_gpus'] === 4)
        await rent(four?.['id'])
        const after = await search()
        const taken = after.filter(row => row['rentable'] === false)
        expect(taken.map(row => row['num_gpus'])).toEqual([7, 4, 2, 2])
        // Outsiders measure occupancy so: GPUs that no rentable chunk holds.
        const free = new Set(
          after.filter(row => row['rentable'] === true).flatMap(row => row['gpu_ids'] as readonly number[]),
        )
        expect(free.size).toBe(3)
        expect((await search({ rentable: { eq: true } })).map(row => row['num_gpus'])).toEqual([3, 2, 1])
      },
      { machines: [quietMachine(7)] },
    ))

  it('17: counts equal free chunks of a machine as one bundled offer', () =>
    inMarket(async ({ machine, list, offers }) => {
      const { id } = await machine(1)
      await list(id, { price_gpu: 0.3 })
      const bundled = await offers({ machine_id: { eq: id }, order: [['num_gpus', 'asc']] })
      expect(bundled.map(row => [row['num_gpus'], row['bundled_results']])).toEqual([
        [1, 8],
        [2, 4],
        [4, 2],
        [8, null],
      ])
    }))

  it('18: tells occupancy in letters, D, R, I and x, one per GPU', () =>
    inMarket(async ({ machine, list, offers, rent, ask }) => {
      const { id } = await machine(1)
      expect((await machine(1))['gpu_occupancy']).toBe('x x x x x x x x ')
      await list(id, { price_gpu: 0.3, price_min_bid: 0.1 })
      const ofSize = async (size: number, type = 'on-demand') =>
        (await offers({ machine_id: { eq: id }, num_gpus: { eq: size }, rentable: { eq: true }, type }))[0]?.['id']
      await rent(await ofSize(2))
      const reserved = await rent(await ofSize(1))
      await ask('PUT', `/instances/prepay/${reserved}/`, { body: { amount: 100 } })
      await rent(await ofSize(4, 'bid'), { price: 1 })
      const letters = String((await machine(1))['gpu_occupancy'])
      expect(letters.trim().split(' ').sort()).toEqual(['D', 'D', 'I', 'I', 'I', 'I', 'R', 'x'])
      expect(letters.endsWith(' ')).toBe(true)
      expect(await machine(1)).toMatchObject({
        current_rentals_running: 3,
        current_rentals_running_on_demand: 1,
        current_rentals_running_reserved: 1,
      })
    }))

  it('18: hides the occupancy of a machine that was unlisted under its renters', () =>
    inMarket(async ({ machine, list, offers, rent, ask }) => {
      const { id } = await machine()
      await list(id, { price_gpu: 0.3 })
      const [offer] = await offers({ machine_id: { eq: id } })
      await rent(offer?.['id'])
      expect((await machine())['gpu_occupancy']).toBe('D ')
      await ask('DELETE', `/machines/${id}/asks/`, { as: 'host' })
      expect(await machine()).toMatchObject({ gpu_occupancy: '', current_rentals_running: 1, listed: false })
    }))
})
