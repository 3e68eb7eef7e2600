import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, inMarket, type Market, type Row, rows, START_MS } from './market.ts'

async function rentAny({ offers, rent }: Market, body: Row = {}): Promise<number> {
  const [offer] = await offers({ rentable: { eq: true }, num_gpus: { eq: 1 }, limit: 1 })
  return rent(offer?.['id'], body)
}

describe('an instance', () => {
  it('prints logs and commands under an address that needs no key and is empty at first', () =>
    inMarket(async market => {
      const { ask, send, simulator } = market
      const id = await rentAny(market)
      for (const [path, body, text] of [
        [`/instances/request_logs/${id}/`, { tail: '100' }, 'ready'],
        [`/instances/command/${id}/`, { command: 'ls -la' }, 'ls -la'],
      ] as const) {
        const { result_url: url } = await ask('PUT', path, { body })
        expect(String(url).startsWith(`${simulator.url}/results/`)).toBe(true)
        const { pathname } = new URL(String(url))
        const first = await send('GET', pathname, { as: 'nobody' })
        expect(first.status).toBe(404)
        const second = await send('GET', pathname, { as: 'nobody' })
        expect([second.status, second.contentType]).toEqual([200, 'text/plain'])
        expect(second.text).toContain(text)
      }
    }))

  it('is made from a template and takes the account’s SSH keys', () =>
    inMarket(async market => {
      const { ask } = market
      const key = await ask('POST', '/ssh/', { body: { ssh_key: 'ssh-ed25519 AAAA a@example.com' } })
      expect(key).toMatchObject({ success: true, key: { public_key: 'ssh-ed25519 AAAA a@example.com' } })
      const { template } = await ask('POST', '/template/', { body: { name: 'torch', image: 'pytorch/pytorch' } })
      const { hash_id: hashId } = template as Row
      const id = await rentAny(market, { image: null, template_hash_id: hashId })
      const { instances } = await ask('GET', `/instances/${id}/`)
      expect(instances).toMatchObject({ image_uuid: 'pytorch/pytorch', template_name: 'torch' })
      const keys = async () => rows((await ask('GET', `/instances/${id}/ssh/`))['ssh_keys'])
      expect(await keys()).toHaveLength(1)
      const { id: keyId } = key['key'] as Row
      await ask('DELETE', `/instances/${id}/ssh/${keyId}/`, { body: {} })
      expect(await keys()).toEqual([])
      const query = { select_cols: '["*"]', select_filters: '{"name":{"eq":"torch"}}' }
      expect(await ask('GET', '/template/', { query })).toMatchObject({ templates: [{ count_created: 1 }] })
    }))

  it('is launched by a query: the best offer that matches', () =>
    inMarket(async ({ ask }) => {
      const q = { gpu_name: { eq: 'RTX 4090' }, num_gpus: { eq: '1' }, order: [['dph_total', 'asc']], limit: 10_000 }
      const found = rows((await ask('POST', '/bundles/', { body: { ...q, rentable: { eq: true } } }))['offers'])
      const made = await ask('PUT', '/launch_instance/', { body: { image: 'ubuntu', disk: 8, q } })
      const { instances } = await ask('GET', `/instances/${made['new_contract']}/`)
      expect(instances).toMatchObject({ machine_id: found[0]?.['machine_id'] })
    }))
})

describe('an account', () => {
  it('keeps environment variables', () =>
    inMarket(async ({ ask, send }) => {
      const shown = async () => (await ask('GET', '/secrets/'))['secrets']
      await ask('POST', '/secrets/', { body: { key: 'HF_TOKEN', value: 'abc' } })
      expect(await shown()).toEqual({ HF_TOKEN: 'abc' })
      await ask('PUT', '/secrets/', { body: { key: 'HF_TOKEN', value: 'def' } })
      expect(await shown()).toEqual({ HF_TOKEN: 'def' })
      await ask('DELETE', '/secrets/', { body: { key: 'HF_TOKEN' } })
      expect(await shown()).toEqual({})
      expect((await send('PUT', '/secrets/', { body: { key: 'HF_TOKEN', value: 'x' } })).status).toBe(404)
      expect((await ask('GET', '/secrets/', { as: 'host' }))['secrets']).toEqual({})
    }))

  it('sees its charges and prepayments, which add up to what its credit lost', () =>
    inMarket(async market => {
      const { ask, advance } = market
      const credit = async () => Number((await ask('GET', '/users/current'))['credit'])
      const before = await credit()
      const id = await rentAny(market)
      advance(5 * HOUR_MS)
      const charged = before - (await credit())
      const day = { gte: START_MS / 1000 - 86_400, lte: START_MS / 1000 + 86_400 }
      const charges = await ask('GET', '/charges/', { query: { select_filters: JSON.stringify({ day }), limit: '50' } })
      const sum = rows(charges['results']).reduce((total, row) => total + Number(row['amount']), 0)
      expect(charged).toBeGreaterThan(0.5)
      expect(Math.abs(sum)).toBeCloseTo(charged, 2)
      await ask('PUT', `/instances/prepay/${id}/`, { body: { amount: 50 } })
      const when = { select_filters: JSON.stringify({ when: day }) }
      const invoices = await ask('GET', '/api/v1/invoices/', { query: when })
      expect(JSON.stringify(invoices)).toContain(`Prepayment of instance ${id}`)
    }))

  it('has maintenance windows that take the machine from the market while they last', () =>
    inMarket(async ({ ask, machine, list, offers, advance }) => {
      const { id } = await machine()
      await list(id, { price_gpu: 0.3, end_date: (START_MS + 30 * DAY_MS) / 1000 })
      const startS = (START_MS + DAY_MS) / 1000
      const body = { client_id: 'me', sdate: startS, duration: 2, maintenance_category: 'power' }
      await ask('PUT', `/machines/${id}/dnotify/`, { as: 'host', body })
      expect(await ask('GET', '/machines/maintenances', { as: 'host', query: { machine_ids: `[${id}]` } })).toEqual([
        {
          machine_id: id,
          start_time: startS,
          end_time: startS + 7_200,
          duration_hours: 2,
          maintenance_category: 'power',
        },
      ])
      const rentable = async () => (await offers({ machine_id: { eq: id } }))[0]?.['rentable']
      expect(await rentable()).toBe(true)
      advance(DAY_MS + HOUR_MS)
      expect(await rentable()).toBe(false)
      advance(2 * HOUR_MS)
      expect(await rentable()).toBe(true)
    }))
})
