import { VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { type Reply, type SeenRequest, startServer } from '../../test/scripted-server.ts'
import { VastAiClient } from './vast-ai-client.ts'

async function withClient<T>(
  script: (request: SeenRequest, index: number) => Reply,
  work: (client: VastAiClient, requests: readonly SeenRequest[], clock: VirtualClock) => Promise<T>,
): Promise<T> {
  await using server = await startServer(script)
  const clock = new VirtualClock({ startMs: 0 })
  await using client = new VastAiClient({ apiKey: 'k', baseUrl: server.url, clock })
  return await clock.run(() => work(client, server.requests, clock))
}

const queryOf = (request: SeenRequest | undefined) =>
  Object.fromEntries(new URL(request?.target ?? '/', 'http://server').searchParams)

describe('a list of instances', () => {
  const pages = (_request: SeenRequest, index: number): Reply => ({
    body: {
      success: true,
      instances: [{ id: 2 * index + 1 }, { id: 2 * index + 2 }],
      next_token: index < 2 ? `token-${index}` : null,
    },
  })

  it('goes through all pages, a second and a margin apart', async () => {
    await withClient(pages, async (client, requests, clock) => {
      const instances = await client.instances.list()
      expect(instances.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6])
      expect(requests.map(request => queryOf(request)['after_token'])).toEqual([undefined, 'token-0', 'token-1'])
      expect(clock.now()).toBe(2200)
    })
  })

  it('can be read page by page, as far as one likes', async () => {
    await withClient(pages, async (client, requests) => {
      for await (const page of client.instances.pages({ pageSize: 2 }))
        if (page.instances.some(({ id }) => id === 4)) break
      expect(requests).toHaveLength(2)
    })
  })

  it('asks for what is wanted, in an order without ties, with ids', async () => {
    await withClient(pages, async (client, requests) => {
      await client.instances.listPage({
        filter: { actual_status: ['running'], label: ['a', null] },
        order: [['start_date', 'desc']],
        columns: ['label'],
      })
      const query = queryOf(requests[0])
      expect(JSON.parse(query['select_filters'] ?? '')).toEqual({
        actual_status: { in: ['running'] },
        label: { in: ['a', null] },
      })
      expect(JSON.parse(query['order_by'] ?? '')).toEqual([
        { col: 'start_date', dir: 'desc' },
        { col: 'id', dir: 'asc' },
      ])
      expect(JSON.parse(query['select_cols'] ?? '')).toEqual(['id', 'label'])
    })
  })
})

describe('the output of a command', () => {
  it('is polled for, unsigned, until it is there', async () => {
    let polls = 0
    await withClient(
      request => {
        if (request.method === 'PUT')
          return { body: { success: true, result_url: `http://${request.headers.host}/out?sig=1` } }
        return ++polls < 3 ? { status: 404 } : { body: 'hello\n' }
      },
      async (client, requests) => {
        expect(await client.instances.execute(5, 'echo hello')).toBe('hello\n')
        const last = requests.at(-1)
        expect(last?.target).toBe('/out?sig=1')
        expect(last?.headers.authorization).toBeUndefined()
      },
    )
  })

  it('that never comes is a time-out; the command was handed over', async () => {
    await withClient(
      request =>
        request.method === 'PUT'
          ? { body: { success: true, result_url: `http://${request.headers.host}/out` } }
          : { status: 404 },
      async (client, requests) => {
        await expect(client.instances.execute(5, 'ls')).rejects.toMatchObject({
          code: 'VASTAI_TIMEOUT',
          effect: 'done',
        })
        await expect(client.instances.logs(5)).rejects.toMatchObject({ code: 'VASTAI_TIMEOUT', effect: 'none' })
        expect(requests).toHaveLength(122)
      },
    )
  })

  it('that has no place is refused, not guessed', async () => {
    await withClient(
      () => ({ body: { success: true, result_url: 'file:///etc/passwd' } }),
      async client => {
        await expect(client.instances.execute(5, 'ls')).rejects.toThrow(/no place to read the output from/)
      },
    )
  })
})

describe('a bid', () => {
  it('is repeated when it is a figure, and never when it is "whatever wins"', async () => {
    await withClient(
      (_request, index) => (index === 0 ? 'reset' : { body: {} }),
      async (client, requests) => {
        await client.instances.changeBid(5, 0.2)
        expect(requests).toHaveLength(2)
      },
    )
    await withClient(
      () => 'reset',
      async (client, requests) => {
        await expect(client.instances.changeBid(5, null)).rejects.toMatchObject({ effect: 'unknown' })
        expect(requests).toHaveLength(1)
      },
    )
  })
})

describe('a bulk create', () => {
  it('is sent once, whatever becomes of the answer', async () => {
    await withClient(
      () => 'reset',
      async (client, requests) => {
        await expect(client.instances.createMany({ offerIds: [1, 2], image: 'a' })).rejects.toMatchObject({
          effect: 'unknown',
        })
        expect(requests).toHaveLength(1)
      },
    )
  })
})

describe('a create without a key of its own', () => {
  it('leaves the label alone when told so, and is then not followed up', async () => {
    await withClient(
      () => 'reset',
      async (client, requests) => {
        const wanted = { offerId: 1, image: 'a', label: 'mine', idempotencyKey: null }
        await expect(client.instances.create(wanted)).rejects.toMatchObject({ effect: 'unknown' })
        expect(requests).toHaveLength(1)
        expect(requests[0]?.body).toMatchObject({ label: 'mine' })
      },
    )
  })
})

describe('a create with a key', () => {
  it('takes no other instance for its own, and destroys none, where the server ignores the filter', async () => {
    const others = [
      { id: 1, label: 'training' },
      { id: 2, label: null },
      { id: 3, label: '#run-4' },
    ]
    const script = ({ method }: SeenRequest): Reply =>
      method === 'PUT'
        ? { body: { success: true, new_contract: 4 } }
        : { body: { instances: others, next_token: null } }
    await withClient(script, async (client, requests) => {
      const created = await client.instances.create({ offerId: 7, image: 'a', idempotencyKey: 'run-42' })
      expect(created).toEqual({ instanceId: 4, idempotencyKey: 'run-42', wasFound: false })
      expect(await client.instances.findByKey({ idempotencyKey: 'run-42' })).toBeUndefined()
      expect(requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'GET'])
    })
  })
})

describe('names of GPUs', () => {
  const live = () => ({ body: { gpu_names: ['RTX 4090', 'RTX 6090'] } })

  it('that this package knows cost no request', async () => {
    await withClient(live, async (client, requests) => {
      expect(await client.gpuNames.resolve('rtx4090')).toBe('RTX 4090')
      expect(requests).toHaveLength(0)
    })
  })

  it('that are newer are found in the live list, fetched once and without the key', async () => {
    await withClient(live, async (client, requests) => {
      expect(await client.gpuNames.resolve('rtx_6090')).toBe('RTX 6090')
      await expect(client.gpuNames.resolve('RTX 6091')).rejects.toMatchObject({
        code: 'UNKNOWN_GPU',
        message: expect.stringContaining('RTX 6090'),
      })
      expect(requests).toHaveLength(1)
      expect(requests[0]?.headers.authorization).toBeUndefined()
    })
  })

  it('that mean no card are refused by a search too, in a filter and in a text, since nothing found reads like no market', async () => {
    const answer = ({ target }: { readonly target: string }) =>
      target.includes('gpu_names') ? live() : { body: { offers: [] } }
    await withClient(answer, async (client, requests) => {
      const unknown = { code: 'UNKNOWN_GPU', message: expect.stringContaining('the nearest names are RTX 4090') }
      for (const search of [
        { filter: { gpu_name: 'RTX 4900' } },
        { filter: { gpu_name: { in: ['RTX 4090', 'RTX 4900'] } } },
        { filter: { gpu_name: { neq: 'RTX 4900' } } },
        { query: 'gpu_name=RTX_4900 num_gpus=1' },
      ])
        await expect(client.offers.search(search)).rejects.toMatchObject(unknown)
      expect(requests).toHaveLength(1)
      await client.offers.search({ filter: { gpu_name: 'rtx6090' }, defaults: false })
      expect(requests.at(-1)?.body).toMatchObject({ gpu_name: { eq: 'RTX 6090' } })
      expect(requests).toHaveLength(2)
    })
  })

  it('are sent as they are when the caller says so, or wrote the filter as it travels', async () => {
    await withClient(
      () => ({ body: { offers: [] } }),
      async (client, requests) => {
        await client.offers.search({ filter: { gpu_name: 'RTX 4900' }, anyGpuName: true })
        await client.offers.search({ query: { gpu_name: { eq: 'RTX_4900' } } })
        expect(requests.map(({ body }) => body)).toMatchObject([
          { gpu_name: { eq: 'RTX 4900' } },
          { gpu_name: { eq: 'RTX_4900' } },
        ])
      },
    )
  })

  it('that nobody knows fail with the nearest even when the live list cannot be had', async () => {
    await withClient(
      () => ({ status: 500 }),
      async client => {
        await expect(client.gpuNames.resolve('RTX 409O')).rejects.toMatchObject({ code: 'UNKNOWN_GPU' })
      },
    )
  })
})

describe('market metrics', () => {
  it('of a host without machines are refused: emptiness would read like an empty market', async () => {
    await withClient(
      () => ({ body: { success: true, gpus: [], needs_machine: true } }),
      async client => {
        await expect(client.metrics.gpuCurrent()).rejects.toMatchObject({ code: 'VASTAI_PERMISSION' })
      },
    )
  })
})
