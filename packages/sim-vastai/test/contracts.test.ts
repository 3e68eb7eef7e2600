import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, inMarket, type Market, parsed, type Row, rows, START_MS } from './market.ts'

const endOf = (days: number) => (START_MS + days * DAY_MS) / 1000

async function instance({ ask }: Market, id: number): Promise<Row> {
  return (await ask('GET', `/instances/${id}/`, { query: { owner: 'me' } }))['instances'] as Row
}

/** Rents the host's first machine. */
async function tenant(market: Market, terms: Row = {}, create: Row = {}): Promise<{ machineId: unknown; id: number }> {
  const { id: machineId } = await market.machine()
  await market.list(machineId, { price_gpu: 0.3, end_date: endOf(10), ...terms })
  const [offer] = await market.offers({ machine_id: { eq: machineId } })
  return { machineId, id: await market.rent(offer?.['id'], create) }
}

// ../shared/reference/vastai-api.md, section 10.
describe('a contract', () => {
  it('keeps price and end date through repricing, shortening and unlisting', () =>
    inMarket(async market => {
      const { machineId, id } = await tenant(market)
      const before = await instance(market, id)
      expect(before).toMatchObject({ dph_base: expect.closeTo(0.4, 9), end_date: endOf(10) })
      await market.list(machineId, { price_gpu: 0.5, end_date: endOf(5) })
      expect(await instance(market, id)).toMatchObject({ dph_base: expect.closeTo(0.4, 9), end_date: endOf(10) })
      expect(await market.machine()).toMatchObject({ listed_gpu_cost: 0.5, client_end_date: endOf(10) })
      await market.ask('DELETE', `/machines/${machineId}/asks/`, { as: 'host' })
      market.advance(DAY_MS)
      expect(await instance(market, id)).toMatchObject({ actual_status: 'running', dph_base: expect.closeTo(0.4, 9) })
      expect(await market.offers({ machine_id: { eq: machineId } })).toEqual([])
    }))

  it('is extended by a later end at the same or a lower price', () =>
    inMarket(async market => {
      const { machineId, id } = await tenant(market)
      expect(await market.list(machineId, { price_gpu: 0.3, end_date: endOf(20) })).toMatchObject({
        success: true,
        extended: 1,
        you_sent: { price_gpu: 0.3 },
      })
      expect(await instance(market, id)).toMatchObject({ end_date: endOf(20), dph_base: expect.closeTo(0.4, 9) })
      expect(await market.list(machineId, { price_gpu: 0.2, end_date: endOf(30) })).toMatchObject({ extended: 1 })
      expect((await instance(market, id))['end_date']).toBe(endOf(30))
      expect(await market.list(machineId, { price_gpu: 0.2, end_date: endOf(30) })).toMatchObject({ extended: 0 })
    }))

  it('is not extended at a higher price of any resource: the renter is asked', () =>
    inMarket(async market => {
      const { machineId, id } = await tenant(market, { price_disk: 0.1 })
      expect(await market.list(machineId, { price_gpu: 0.3, price_disk: 0.2, end_date: endOf(20) })).toMatchObject({
        extended: 0,
      })
      expect((await instance(market, id))['end_date']).toBe(endOf(10))
      const answer = await market.ask('GET', '/instances/pending-price-increases/')
      expect(answer).toMatchObject({ success: true, count: 1, truncated: false })
      const [pending] = rows(answer['pending_price_increases'])
      expect(pending).toMatchObject({ contract_id: id, contract_end_date: endOf(10), ask_end_date: endOf(20) })
      // $/GB/s × 2,592,000 s = $/GB/month, in the renter's terms.
      expect(Number(pending?.['new_disk_ram_costpersec']) * 2_592_000).toBeCloseTo(0.2 / 0.75, 9)
      expect(Number(pending?.['old_gpu_costpersec']) * 3_600).toBeCloseTo(0.4, 9)
    }))

  it('takes the accepted price only after its current end', () =>
    inMarket(async market => {
      const { machineId, id } = await tenant(market)
      await market.list(machineId, { price_gpu: 0.36, end_date: endOf(20) })
      const pending = async () =>
        rows((await market.ask('GET', '/instances/pending-price-increases/'))['pending_price_increases'])
      const [row] = await pending()
      const body = { pending_price_increase_id: row?.['pending_price_increase_id'] }
      const extra = await market.send('PUT', '/instances/accept-price-increase/', {
        body: { ...body, client_id: 'me' },
      })
      expect(extra.status).toBe(400)
      expect(await market.ask('PUT', '/instances/accept-price-increase/', { body })).toEqual({
        success: true,
        ...body,
        contract_id: id,
      })
      expect(await pending()).toEqual([])
      const gone = await market.send('PUT', '/instances/reject-price-increase/', { body })
      expect(gone.status).toBe(404)
      expect(parsed(gone)).toMatchObject({ success: false, error: 'no_pending_price_increase' })
      market.advance(9 * DAY_MS)
      expect((await instance(market, id))['dph_base']).toBeCloseTo(0.4, 9)
      market.advance(2 * DAY_MS)
      expect((await instance(market, id))['dph_base']).toBeCloseTo(0.48, 9)
      expect((await instance(market, id))['end_date']).toBe(endOf(20))
    }))

  it('expires at its end, keeps its disk, and is deleted by the host’s cleanup', () =>
    inMarket(async market => {
      const { machineId, id } = await tenant(market)
      market.advance(10 * DAY_MS + HOUR_MS)
      expect(await instance(market, id)).toMatchObject({ actual_status: 'exited', end_date: endOf(10) })
      expect(await market.machine()).toMatchObject({ listed: false, current_rentals_running: 0 })
      expect((await market.send('PUT', `/instances/${id}/`, { body: { state: 'running' } })).status).toBe(400)
      expect(await market.ask('PUT', `/machines/${machineId}/cleanup/`, { as: 'host', body: {} })).toMatchObject({
        success: true,
        num_deleted: 1,
      })
      expect(await instance(market, id)).toBeNull()
    }))

  it('earns the host its price, and costs the renter a third more', () =>
    inMarket(async market => {
      const { machineId } = await tenant(market, { price_disk: 0 }, { disk: 10 })
      const credit = async () => Number((await market.ask('GET', '/users/current'))['credit'])
      const before = await credit()
      market.advance(10 * HOUR_MS)
      expect(before - (await credit())).toBeCloseTo(4, 6)
      const query = { owner: 'me', sday: `${START_MS / DAY_MS}.0`, eday: `${START_MS / DAY_MS}.0`, machid: 'null' }
      const earned = await market.ask('GET', '/users/me/machine-earnings', { as: 'host', query })
      expect((earned['summary'] as Row)['total_gpu']).toBeCloseTo(3, 6)
      expect(rows(earned['per_machine']).find(row => row['machine_id'] === machineId)?.['gpu_earn']).toBeCloseTo(3, 6)
      expect(Number((await market.ask('GET', '/users/current', { as: 'host' }))['balance'])).toBeCloseTo(3, 6)
    }))

  it('boots over a few minutes, stops, starts and keeps its label', () =>
    inMarket(async market => {
      const { ask, advance } = market
      const { id } = await tenant(market, {}, { label: 'train-7' })
      expect(await instance(market, id)).toMatchObject({ actual_status: null, intended_status: 'running' })
      advance(20_000)
      expect((await instance(market, id))['actual_status']).toBe('loading')
      advance(300_000)
      expect((await instance(market, id))['actual_status']).toBe('running')
      await ask('PUT', `/instances/${id}/`, { body: { state: 'stopped' } })
      expect(await instance(market, id)).toMatchObject({
        actual_status: 'stopped',
        label: 'train-7',
        instance: { gpuCostPerHour: 0 },
      })
      expect((await market.machine())['gpu_occupancy']).toBe('x ')
      await ask('PUT', '/instances/', { body: { state: 'running', ids: [id] } })
      await ask('PUT', `/instances/${id}/`, { body: { label: 'exp-42' } })
      expect(await instance(market, id)).toMatchObject({ intended_status: 'running', label: 'exp-42' })
    }))
})

describe('a listing', () => {
  it('is written whole: what is left out falls back to its default', () =>
    inMarket(async ({ machine, list }) => {
      const { id } = await machine(1)
      await list(id, {
        price_gpu: 0.3,
        price_disk: 0.2,
        price_inetu: 0.01,
        price_min_bid: 0.1,
        min_chunk: 4,
        credit_discount_max: 0.1,
        end_date: endOf(30),
      })
      await list(id, { price_gpu: 0.31, price_disk: null, price_inetu: null, credit_discount_max: null, min_chunk: 1 })
      expect(await machine(1)).toMatchObject({
        listed_gpu_cost: 0.31,
        listed_storage_cost: 0.1,
        listed_inet_up_cost: 0,
        min_bid_price: null,
        listed_min_gpu_count: 1,
        credit_discount_max: 0.4,
        end_date: null,
      })
    }))

  it('moves its end daily when it has a duration', () =>
    inMarket(async ({ machine, list, offers, rent, ask, advance }) => {
      const { id } = await machine(1)
      await list(id, { price_gpu: 0.3, duration: '30 days' })
      const rentOne = async () =>
        rent((await offers({ machine_id: { eq: id }, num_gpus: { eq: 1 }, rentable: { eq: true } }))[0]?.['id'])
      const endDate = async (instanceId: number) =>
        ((await ask('GET', `/instances/${instanceId}/`))['instances'] as Row)['end_date']
      const first = await rentOne()
      expect(await endDate(first)).toBe(endOf(30))
      advance(2 * DAY_MS)
      expect(await endDate(await rentOne())).toBe(endOf(32))
      expect((await machine(1))['listed']).toBe(true)
    }))

  it('that makes no sense is refused and changes nothing', () =>
    inMarket(async ({ machine, list }) => {
      const before = await machine()
      for (const [terms, message] of [
        [{ price_gpu: -0.1 }, /Invalid price_gpu/],
        [{ price_gpu: 'NaN' }, /Invalid price_gpu/],
        [{ price_gpu: 1_000 }, /Invalid price_gpu/],
        [{ price_gpu: 0.3, min_chunk: 99 }, /min_chunk/],
        [{ price_gpu: 0.3, end_date: 1 }, /in the past/],
        [{ price_gpu: 0.3, end_date: endOf(3), duration: '3 days' }, /exclude each other/],
        [{ price_gpu: 0.3, duration: 'soon' }, /Invalid duration/],
        [{}, /Invalid price_gpu/],
      ] as const) {
        await expect(list(before['id'], terms)).rejects.toThrow(message)
        expect([terms, await machine()]).toEqual([terms, before])
      }
    }))

  it('changes its minimum bid alone', () =>
    inMarket(async ({ machine, list, ask, send }) => {
      const { id } = await machine()
      const body = { client_id: 'me', price: 0.22 }
      expect((await send('PUT', `/machines/${id}/minbid/`, { as: 'host', body })).status).toBe(400)
      await list(id, { price_gpu: 0.3, price_disk: 0.2 })
      expect(await ask('PUT', `/machines/${id}/minbid/`, { as: 'host', body })).toEqual({
        success: true,
        you_sent: body,
      })
      expect(await machine()).toMatchObject({ min_bid_price: 0.22, listed_gpu_cost: 0.3, listed_storage_cost: 0.2 })
    }))
})

describe('an interruptible contract', () => {
  const minBid = 0.1

  async function bid(market: Market, price: number): Promise<number> {
    const { id } = await market.machine()
    const [offer] = await market.offers({ machine_id: { eq: id }, type: 'bid' })
    return market.rent(offer?.['id'], { price })
  }

  it('below the floor is refused', () =>
    inMarket(async market => {
      await market.list((await market.machine())['id'], { price_gpu: 0.3, price_min_bid: minBid })
      await expect(bid(market, 0.1)).rejects.toThrow(/400.*invalid_price/)
    }))

  it('runs while it is the highest, waits with its disk when outbid, and comes back', () =>
    inMarket(async market => {
      await market.list((await market.machine())['id'], { price_gpu: 0.3, price_min_bid: minBid })
      const low = await bid(market, 0.15)
      expect(await instance(market, low)).toMatchObject({ is_bid: true, dph_base: 0.15, cur_state: 'running' })
      const high = await bid(market, 0.2)
      expect(await instance(market, low)).toMatchObject({ cur_state: 'stopped', intended_status: 'running' })
      expect((await instance(market, high))['cur_state']).toBe('running')
      await market.ask('PUT', `/instances/bid_price/${low}/`, { body: { client_id: 'me', price: 0.25 } })
      expect((await instance(market, low))['cur_state']).toBe('running')
      expect((await instance(market, high))['cur_state']).toBe('stopped')
      await market.ask('PUT', `/instances/bid_price/${high}/`, { body: { client_id: 'me', price: null } })
      expect((await instance(market, high))['cur_state']).toBe('running')
      const refused = await market.send('PUT', `/instances/bid_price/${low}/`, { body: { price: 0 } })
      expect([refused.status, parsed(refused)['msg']]).toEqual([400, 'Please set a bid price >= 0.001.'])
    }))

  it('gives way to one on demand', () =>
    inMarket(async market => {
      await market.list((await market.machine())['id'], { price_gpu: 0.3, price_min_bid: minBid })
      const low = await bid(market, 0.3)
      const [offer] = await market.offers({ machine_id: { eq: (await market.machine())['id'] } })
      expect(offer).toMatchObject({ rentable: true })
      const firm = await market.rent(offer?.['id'])
      expect((await market.machine())['gpu_occupancy']).toBe('D ')
      expect((await instance(market, low))['cur_state']).toBe('stopped')
      await market.ask('DELETE', `/instances/${firm}/`)
      expect((await instance(market, low))['cur_state']).toBe('running')
    }))
})

describe('a create', () => {
  it('that makes no sense is refused with 400 and names its ask', () =>
    inMarket(async ({ send, offers }) => {
      const [offer] = await offers({ rentable: { eq: true } })
      for (const [body, message] of [
        [{ image: null }, /Must specify image/],
        [{ price: 500 }, /invalid_price/],
        [{ label: 'x'.repeat(1_025) }, /label_too_long/],
        [{ disk: 'much' }, /Invalid disk/],
      ] as const) {
        const reply = await send('PUT', `/asks/${offer?.['id']}/`, { body: { image: 'ubuntu', ...body } })
        expect([reply.status, reply.text]).toEqual([400, expect.stringMatching(message)])
        expect(parsed(reply)).toMatchObject({ success: false, ask_id: offer?.['id'] })
      }
    }))

  it('of a taken offer is refused with 404, or 410 when it asked to be cancelled', () =>
    inMarket(async market => {
      const { machineId } = await tenant(market)
      const [taken] = await market.offers({ machine_id: { eq: machineId } })
      const create = (extra: Row) =>
        market.send('PUT', `/asks/${taken?.['id']}/`, { body: { image: 'ubuntu', ...extra } })
      expect(await create({})).toMatchObject({ status: 404, text: expect.stringContaining('error 404/3603') })
      expect(await create({ cancel_unavail: true })).toMatchObject({
        status: 410,
        text: expect.stringContaining('error 410/3907'),
      })
    }))
})

describe('the list of instances', () => {
  it('comes in pages, filtered by columns, and refuses computed ones', () =>
    inMarket(async ({ ask, send, machine, list, offers, rent }) => {
      const { id } = await machine(1)
      await list(id, { price_gpu: 0.3 })
      for (let i = 0; i < 6; i++) {
        const [offer] = await offers({ machine_id: { eq: id }, num_gpus: { eq: 1 }, rentable: { eq: true } })
        await rent(offer?.['id'], { label: i < 2 ? 'a' : 'b' })
      }
      const page = (query: Readonly<Record<string, string>>) => ask('GET', '/api/v1/instances/', { query })
      const first = await page({ limit: '4' })
      expect(first).toMatchObject({ instances_found: 6, total_instances: 6, label_counts: { a: 2, b: 4 } })
      const second = await page({ limit: '4', after_token: String(first['next_token']) })
      expect(second['next_token']).toBeNull()
      const ids = [...rows(first['instances']), ...rows(second['instances'])].map(row => row['id'])
      expect(new Set(ids).size).toBe(6)
      expect(rows((await page({ limit: '0' }))['instances'])).toHaveLength(5)
      expect(await page({ select_filters: '{"label":{"in":["a"]}}' })).toMatchObject({ instances_found: 2 })
      expect(await page({ select_cols: '["id","nothing"]' })).toMatchObject({
        instances: [{ nothing: null }, {}, {}, {}, {}, {}],
      })
      for (const query of [{ select_filters: '{"dph_total":{"lt":1}}' }, { after_token: 'bm8=' }])
        expect((await send('GET', '/api/v1/instances/', { query })).status).toBe(400)
      expect(rows((await ask('GET', '/instances/'))['instances'])).toHaveLength(6)
    }))
})
