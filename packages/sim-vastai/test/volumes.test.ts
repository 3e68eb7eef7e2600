import { describe, expect, it } from 'vitest'
import { inMarket, rows } from './market.ts'

describe('volumes', () => {
  it('are offered beside a listing, rented, copied, deleted and withdrawn', () =>
    inMarket(async ({ ask, send, machine, list }) => {
      const { id } = await machine()
      const offer = { size: 100, machine: id, price_disk: 0.15 }
      expect((await send('POST', '/volumes/', { as: 'host', body: offer })).status).toBe(400)
      await list(id, { price_gpu: 0.3, price_min_bid: 0.1, vol_size: 0 })
      const found = async () =>
        rows((await ask('POST', '/volumes/search/', { body: { machine_id: { eq: id } } }))['offers'])
      expect(await found()).toEqual([])
      expect((await send('POST', '/volumes/', { body: offer })).status).toBe(403)
      await ask('POST', '/volumes/', { as: 'host', body: offer })
      const [ad] = await found()
      expect(ad).toMatchObject({ disk_space: 100, storage_cost: expect.closeTo(0.2, 9) })
      expect(await machine()).toMatchObject({ listed_gpu_cost: 0.3, min_bid_price: 0.1, volume_total_size: 100 })
      const { id: volume } = await ask('PUT', '/volumes/', { body: { id: ad?.['id'], size: 30, name: 'data' } })
      const copied = await ask('POST', '/volumes/copy/', { body: { src_id: volume, dst_id: ad?.['id'] } })
      const own = async () => rows((await ask('GET', '/volumes', { query: { owner: 'me' } }))['volumes'])
      expect((await own()).map(row => [row['id'], row['disk_space']])).toEqual([
        [volume, 30],
        [copied['id'], 30],
      ])
      expect((await found())[0]?.['disk_space']).toBe(40)
      await ask('DELETE', '/volumes/', { query: { id: String(volume) }, body: {} })
      expect(await own()).toHaveLength(1)
      await ask('POST', '/volumes/unlist', { as: 'host', body: { id: ad?.['id'] } })
      expect(await found()).toEqual([])
      expect(await machine()).toMatchObject({ listed: true, listed_gpu_cost: 0.3 })
    }))
})
