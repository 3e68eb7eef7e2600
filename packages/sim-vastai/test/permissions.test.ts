import { describe, expect, it } from 'vitest'
import { inMarket, type Market, parsed } from './market.ts'

async function scopedKey({ ask }: Market, groups: readonly string[], as: 'host' | 'renter') {
  const permissions = { api: Object.fromEntries(groups.map(group => [group, {}])) }
  const { key } = await ask('POST', '/auth/apikeys/', { as, body: { name: 'scoped', permissions } })
  return { key: String(key) }
}

describe('a scoped key', () => {
  it.each([
    ['instance_read', 'GET', '/api/v1/instances/', 'DELETE', '/instances/1/', 'instance_write'],
    ['machine_read', 'GET', '/machines', 'PUT', '/machines/create_asks/', 'machine_write'],
    ['user_read', 'GET', '/users/current', 'POST', '/ssh/', 'user_write'],
    ['billing_read', 'GET', '/users/me/machine-earnings', 'GET', '/machines', 'machine_read'],
    ['misc', 'GET', '/metrics/gpu/current/', 'GET', '/users/current', 'user_read'],
  ])('of %s may %s %s and not %s %s', (group, method, path, otherMethod, otherPath, missing) =>
    inMarket(async market => {
      const as = await scopedKey(market, [group], 'host')
      expect((await market.send(method, path, { as })).status).toBe(200)
      const refused = await market.send(otherMethod, otherPath, { as, body: {} })
      expect(refused.status).toBe(403)
      expect(parsed(refused)).toMatchObject({ success: false, error: 'not_authorized' })
      expect(refused.text).toContain(missing)
    }),
  )

  it('stops working when it is deleted', () =>
    inMarket(async market => {
      const as = await scopedKey(market, ['user_read'], 'renter')
      const { apikeys } = await market.ask('GET', '/auth/apikeys/')
      const { id } = (apikeys as readonly { readonly id: number; readonly name: string }[]).find(
        each => each.name === 'scoped',
      ) ?? { id: 0 }
      await market.ask('DELETE', `/auth/apikeys/${id}/`)
      expect((await market.send('GET', '/users/current', { as })).status).toBe(401)
    }))

  it('cannot be made with a group that does not exist', () =>
    inMarket(async market => {
      await expect(scopedKey(market, ['everything'], 'renter')).rejects.toThrow(/400.*unknown group everything/)
    }))
})

describe('an account', () => {
  it('cannot touch another’s machines, instances or keys', () =>
    inMarket(async ({ send, machine, offers, rent }) => {
      const { id } = await machine()
      const listing = { machine: id, price_gpu: 0.1, min_chunk: 1 }
      expect((await send('PUT', '/machines/create_asks/', { body: listing })).status).toBe(403)
      expect((await send('DELETE', `/machines/${id}/asks/`)).status).toBe(403)
      expect((await send('GET', `/machines/${id}`)).status).toBe(403)
      const [offer] = await offers({ rentable: { eq: true } })
      const instance = await rent(offer?.['id'])
      expect((await send('DELETE', `/instances/${instance}/`, { as: 'host' })).status).toBe(404)
      expect((await send('DELETE', `/instances/${instance}/`)).status).toBe(200)
    }))

  it('that hosts can rent its own machines alone, free of GPU charge and marked as own use', () =>
    inMarket(async ({ simulator, send, ask, machine, list, offers, rent }) => {
      const [strangers] = await offers({ rentable: { eq: true } })
      const refused = await send('PUT', `/asks/${strangers?.['id']}/`, { as: 'host', body: { image: 'ubuntu' } })
      expect(refused.status).toBe(403)
      expect(refused.text).toContain('error 403/3586')
      const { id } = await machine()
      await list(id, { price_gpu: 0.3, price_disk: 0.15 })
      const [own] = await offers({ machine_id: { eq: id } })
      const instance = await rent(own?.['id'], { disk: 20 }, { as: 'host' })
      const { instances } = await ask('GET', `/instances/${instance}/`, { as: 'host' })
      // 20 GB at 0.15 / 0.75 $/GB/month of 720 h.
      expect(instances).toMatchObject({ search: { gpuCostPerHour: 0, diskHour: expect.closeTo(0.0055556, 7) } })
      expect((await machine())['current_rentals_running']).toBe(1)
      expect(simulator.world.machine(Number(id)).ownUseGpus).toBe(1)
      const again = await send('PUT', `/asks/${own?.['id']}/`, { as: 'host', body: { image: 'ubuntu' } })
      expect([400, 404]).toContain(again.status)
    }))

  it('that rents cannot read market metrics; one that hosts nothing is told that it needs a machine', () =>
    inMarket(
      async ({ send, ask }) => {
        expect((await send('GET', '/metrics/gpu/current/')).status).toBe(401)
        expect(await ask('GET', '/metrics/gpu/current/', { as: 'host' })).toEqual({
          success: true,
          gpus: [],
          needs_machine: true,
        })
      },
      { machines: [] },
    ))
})

describe('a key', () => {
  it('stands in no inspection, audit log or list', () =>
    inMarket(async market => {
      const { simulator, send, ask } = market
      const made = await scopedKey(market, ['user_read'], 'renter')
      await send('GET', '/users/current', { as: 'nobody', query: { api_key: simulator.renterKey } })
      await ask('POST', '/secrets/', { body: { key: 'HF_TOKEN', value: 'very-secret' } })
      const shown = [
        JSON.stringify(simulator.inspect.requests),
        (await send('GET', '/__sim__/requests')).text,
        (await send('GET', '/__sim__/state')).text,
        (await send('GET', '/auth/apikeys/')).text,
        (await send('GET', '/audit_logs/')).text,
        (await send('GET', '/users/current')).text,
      ].join('\n')
      for (const secret of [simulator.renterKey, simulator.hostKey, made.key, 'very-secret'])
        expect(shown).not.toContain(secret)
      expect(shown).toContain('HF_TOKEN')
    }))
})
