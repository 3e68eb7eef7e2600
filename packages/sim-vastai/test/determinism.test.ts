import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, inMarket, type Reply } from './market.ts'

/** Half a day in the life of a host and a renter, with every byte that came back. */
function halfDayOf(seed: number): Promise<readonly string[]> {
  return inMarket(
    async ({ simulator, send, machine, offers, advance }) => {
      const replies: Reply[] = []
      const { id } = await machine(1)
      const body = { machine: id, price_gpu: 0.3, min_chunk: 1, end_date: (Date.UTC(2026, 5, 1) + 20 * DAY_MS) / 1000 }
      replies.push(await send('PUT', '/machines/create_asks/', { as: 'host', body }))
      for (let hour = 0; hour < 12; hour++) {
        replies.push(await send('POST', '/bundles/', { body: { limit: 20 } }))
        const [offer] = await offers({ rentable: { eq: true }, limit: 1 })
        replies.push(await send('PUT', `/asks/${offer?.['id']}/`, { body: { image: 'ubuntu' } }))
        advance(HOUR_MS)
      }
      for (const path of ['/machines', '/users/me/machine-earnings', '/metrics/gpu/current/', '/metrics/gpu/history/'])
        replies.push(await send('GET', path, { as: 'host' }))
      replies.push(await send('GET', '/instances/'))
      return [...replies.map(reply => `${reply.status} ${reply.text}`), simulator.world.digest(), simulator.hostKey]
    },
    { seed },
  )
}

describe('the simulator', () => {
  it('gives the same bytes for the same seed and requests, others for another seed', async () => {
    const first = await halfDayOf(7)
    expect(first.filter(text => text.startsWith('200')).length).toBeGreaterThan(20)
    expect(await halfDayOf(7)).toEqual(first)
    const other = await halfDayOf(8)
    expect(other.at(-1)).not.toBe(first.at(-1))
    expect(other.at(-2)).not.toBe(first.at(-2))
  })
})
