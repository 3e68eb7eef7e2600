import { createLogger, VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { VastAiVenue } from '../src/index.ts'
import { act } from './market-world.ts'
import { type SeenRequest, startServer } from './scripted-server.ts'

const good = (id: number, change: Readonly<Record<string, unknown>> = {}) => ({
  id,
  machine_id: id,
  num_gpus: 1,
  gpu_name: 'B200',
  listed: false,
  ...change,
})
const broken = good(2, { num_gpus: 'one' })

const offers = Array.from({ length: 8 }, (_, index) => ({
  id: 100 + index,
  machine_id: 2 + index,
  gpu_name: 'B200',
  num_gpus: 1,
  gpu_ids: [index],
  dph_base: 4,
  rentable: true,
  verification: 'verified',
  reliability: 0.99,
}))

function answer({ method, target }: SeenRequest) {
  if (method !== 'GET') return { body: target.includes('bundles') ? { offers } : { success: true } }
  if (target.includes('/machines/2')) return { body: [broken] }
  return { body: { machines: [good(1), broken] } }
}

/** A host of two machines; what Vast.ai says of the second cannot be read. */
async function inFleet(work: (venue: VastAiVenue, lines: readonly string[]) => Promise<void>): Promise<void> {
  await using server = await startServer(answer)
  const clock = new VirtualClock()
  const lines: string[] = []
  const logger = createLogger({ destination: { write: line => lines.push(line) } })
  await using venue = new VastAiVenue({ apiKey: 'k', baseUrl: server.url, clock, logger })
  await clock.run(() => work(venue, lines))
}

describe('a machine whose row cannot be read', () => {
  it('does not keep the others from being managed; a warning names it, once', async () => {
    await inFleet(async (venue, lines) => {
      await venue.connect()
      for (let scan = 0; scan < 3; scan++)
        expect((await venue.observe('machines', {})).value.map(({ machineId }) => machineId)).toEqual([1])
      await expect(act(venue, 'unlist', { machineId: 1 })).resolves.toMatchObject({ details: { runningContracts: 0 } })
      expect(lines.filter(line => line.includes('machine 2 '))).toHaveLength(1)
    })
  })

  it('is never called gone, and nothing of it is called done', async () => {
    await inFleet(async venue => {
      await expect(venue.observe('machine', { machineId: 2 })).rejects.toMatchObject({
        code: 'MACHINE_UNREADABLE',
        effect: 'none',
      })
      await expect(act(venue, 'unlist', { machineId: 2 })).rejects.toMatchObject({
        code: 'READ_BACK_FAILED',
        effect: 'unknown',
      })
    })
  })

  it('is no peer of one’s own machines', async () => {
    await inFleet(async venue => {
      expect(await venue.getMarketRate('B200')).toMatchObject({ machinesCounted: 7, leftOut: { own: 1 } })
    })
  })
})
