import { type AutomationError, seededRandom, VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { type Reply, type ScriptedServer, startServer } from '../../test/scripted-server.ts'
import type { VastAiClientOptions } from './client-options.ts'
import { VastAiClient } from './vast-ai-client.ts'

const user = { body: { id: 7 } }
const startMs = Date.UTC(2026, 0, 1)

/** Runs `work` with a client of a scripted server, in virtual time. */
async function withClient<T>(
  script: Parameters<typeof startServer>[0],
  work: (client: VastAiClient, server: ScriptedServer, clock: VirtualClock) => Promise<T>,
  options: Partial<VastAiClientOptions> = {},
): Promise<T> {
  await using server = await startServer(script)
  const clock = new VirtualClock({ startMs })
  await using client = new VastAiClient({
    apiKey: 'test-key-0123456789',
    baseUrl: server.url,
    clock,
    random: seededRandom(1),
    ...options,
  })
  return await clock.run(() => work(client, server, clock))
}

async function failureOf(work: Promise<unknown>): Promise<AutomationError> {
  return work.then(
    () => expect.fail('expected a failure'),
    error => error as AutomationError,
  )
}

describe('a call', () => {
  it('carries the key, and speaks JSON', async () => {
    await withClient([user], async (client, { requests }) => {
      await client.users.current()
      expect(requests[0]).toMatchObject({
        method: 'GET',
        target: '/api/v0/users/current',
        headers: { authorization: 'Bearer test-key-0123456789', accept: 'application/json' },
      })
    })
  })

  it('reuses open connections', async () => {
    await withClient([user], async (client, server) => {
      for (let i = 0; i < 20; i++) await client.users.current()
      expect(server.requests).toHaveLength(20)
      // An answer may be read before its connection is free again; then a second one is opened.
      expect(server.connectionCount).toBeLessThanOrEqual(2)
    })
  })

  it('goes below the path of baseUrl', async () => {
    await using server = await startServer([user])
    await using client = new VastAiClient({ apiKey: 'k', baseUrl: `${server.url}/proxy/` })
    await client.users.current()
    expect(server.requests[0]?.target).toBe('/proxy/api/v0/users/current')
  })

  it('keeps the documented distance from the one before, also over clients of one key', async () => {
    await withClient([{ body: { success: true, gpus: [] } }], async (client, server, clock) => {
      await using second = new VastAiClient({ apiKey: 'test-key-0123456789', baseUrl: server.url, clock })
      await client.metrics.gpuCurrent()
      await second.metrics.gpuCurrent()
      await client.metrics.gpuCurrent()
      expect(clock.now() - startMs).toBe(6200)
    })
  })

  it('waits for nobody when spacing is off, and as told when it is replaced', async () => {
    const script: Reply[] = [{ body: { success: true, gpus: [] } }]
    const elapsed = (spacing: NonNullable<VastAiClientOptions['spacing']>) =>
      withClient(
        script,
        async (client, _server, clock) => {
          await client.metrics.gpuCurrent()
          await client.metrics.gpuCurrent()
          return clock.now() - startMs
        },
        { spacing },
      )
    expect(await elapsed('off')).toBe(0)
    expect(await elapsed({ gpuMetrics: { calls: 1, perMs: 500 } })).toBe(600)
  })
})

describe('a refusal in plain text', () => {
  it('is understood: the named interval is waited out, then the call is repeated', async () => {
    const throttled: Reply = { status: 429, body: 'API requests too frequent: endpoint threshold=4.5' }
    await withClient([throttled, user], async (client, { requests }, clock) => {
      await client.users.current()
      expect(requests).toHaveLength(2)
      expect(clock.now() - startMs).toBeGreaterThanOrEqual(4500)
      expect(clock.now() - startMs).toBeLessThan(5100)
    })
  })

  it('lets even a create be repeated: nothing had happened', async () => {
    const throttled: Reply = { status: 429, body: 'API requests too frequent' }
    const created: Reply = { body: { success: true, new_contract: 5 } }
    await withClient([throttled, created], async (client, { requests }, clock) => {
      const { instanceId } = await client.instances.create({ offerId: 1, image: 'a' })
      expect(instanceId).toBe(5)
      expect(requests.map(({ method }) => method)).toEqual(['PUT', 'PUT'])
      expect(clock.now() - startMs).toBeGreaterThanOrEqual(12_000)
    })
  })

  it('that does not end is told in one line, after a bounded number of attempts', async () => {
    const throttled: Reply = { status: 429, body: 'API requests too frequent: endpoint threshold=2' }
    await withClient([throttled], async (client, { requests }) => {
      const error = await failureOf(client.users.current())
      expect(error).toMatchObject({ code: 'VASTAI_RATE_LIMIT', effect: 'none', retryable: true, retryAfterMs: 2000 })
      expect(error.message).toContain('scan less often')
      expect(requests).toHaveLength(4)
    })
  })
})

describe('a lost answer', () => {
  it('to a question is asked again', async () => {
    for (const bad of ['reset', { status: 503, body: 'busy' }, { body: '{"id":' }] as const)
      await withClient([bad, user], async (client, { requests }) => {
        expect((await client.users.current()).id).toBe(7)
        expect(requests).toHaveLength(2)
      })
  })

  it('to setting a state is repeated, because twice is harmless', async () => {
    await withClient(['reset', { body: { success: true } }], async (client, { requests }) => {
      await client.machines.setMinBid(5, 0.2)
      expect(requests).toHaveLength(2)
      expect(requests[1]?.body).toEqual(requests[0]?.body)
    })
  })

  it('to a payment is never repeated, and says that nobody knows', async () => {
    for (const bad of ['reset', { status: 502 }, { body: 'garbage' }] as const)
      await withClient([bad], async (client, { requests }) => {
        const error = await failureOf(client.instances.prepay(5, 10))
        expect(error).toMatchObject({ effect: 'unknown', retryable: false })
        expect(requests).toHaveLength(1)
      })
  })

  it('stays unknown when a later attempt is refused: the first may have acted', async () => {
    await withClient(['reset', { status: 403, body: { msg: 'no' } }], async client => {
      const error = await failureOf(client.machines.setMinBid(5, 0.2))
      expect(error).toMatchObject({ code: 'VASTAI_PERMISSION', effect: 'unknown' })
    })
  })

  it('to a removal is a success when the thing is then gone', async () => {
    const gone: Reply = { status: 404, body: { success: false, error: 'no_such_instance' } }
    await withClient(['reset', gone], async client => {
      await expect(client.instances.destroy(5)).resolves.toBeUndefined()
    })
    await withClient([gone], async client => {
      expect(await failureOf(client.instances.destroy(5))).toMatchObject({ code: 'VASTAI_NOT_FOUND', effect: 'none' })
    })
  })

  it('is a time-out after the set time', async () => {
    await withClient(
      ['silence'],
      async client => {
        const error = await failureOf(client.instances.prepay(5, 10))
        expect(error).toMatchObject({ code: 'VASTAI_TIMEOUT', effect: 'unknown' })
        expect(error.message).toContain('within 0.05 s')
      },
      { timeoutMs: 50 },
    )
  })
})

describe('a connection that cannot be made', () => {
  it('has changed nothing, whatever was to be done', async () => {
    const server = await startServer([user])
    await server[Symbol.asyncDispose]()
    const clock = new VirtualClock()
    await using client = new VastAiClient({ apiKey: 'k', baseUrl: server.url, clock })
    const error = await failureOf(clock.run(() => client.instances.prepay(5, 10)))
    expect(error).toMatchObject({ code: 'VASTAI_CONNECTION', effect: 'none' })
    expect(error.message).toContain('check baseUrl and the network')
  })
})

describe('an abort', () => {
  it('before the request leaves has changed nothing', async () => {
    await withClient([user], async (client, { requests }) => {
      const error = await failureOf(client.instances.prepay(5, 10, { signal: AbortSignal.abort() }))
      expect(error).toMatchObject({ code: 'ABORTED', effect: 'none' })
      expect(requests).toHaveLength(0)
    })
  })

  it('while waiting for its turn has changed nothing', async () => {
    await withClient([{ body: { success: true } }], async (client, { requests }) => {
      const controller = new AbortController()
      await client.machines.unlist(5)
      const waiting = failureOf(client.machines.unlist(6, { signal: controller.signal }))
      controller.abort()
      expect(await waiting).toMatchObject({ code: 'ABORTED', effect: 'none' })
      expect(requests).toHaveLength(1)
    })
  })

  it('after the request has left says that nobody knows', async () => {
    const controller = new AbortController()
    const abort = (): Reply => {
      controller.abort()
      return 'silence'
    }
    await withClient(abort, async client => {
      const error = await failureOf(client.machines.unlist(5, { signal: controller.signal }))
      expect(error).toMatchObject({ code: 'ABORTED', effect: 'unknown' })
    })
  })

  it('between two attempts remembers that the first may have acted', async () => {
    const controller = new AbortController()
    await withClient(['reset'], async (client, _server, clock) => {
      const failing = failureOf(client.machines.setMinBid(5, 0.2, { signal: controller.signal }))
      // The first sleeper after the reset is the retry: abort while it sleeps.
      await clock.sleep(0)
      controller.abort()
      expect(await failing).toMatchObject({ code: 'ABORTED', effect: 'unknown' })
    })
  })
})

describe('an answer', () => {
  it('larger than allowed is refused', async () => {
    await withClient(
      [{ body: { id: 7, email: 'x'.repeat(5000) } }],
      async client => {
        const error = await failureOf(client.users.current())
        expect(error).toMatchObject({ code: 'VASTAI_MALFORMED_RESPONSE' })
        expect(error.message).toContain('responseBytesMax')
      },
      { responseBytesMax: 1000 },
    )
  })

  it('that lacks a field names it', async () => {
    await withClient(
      [{ body: { machines: [{ id: 1, num_gpus: 'two', gpu_name: 'x', listed: true }] } }],
      async client => {
        const error = await failureOf(client.machines.list())
        expect(error).toMatchObject({ code: 'VASTAI_MALFORMED_RESPONSE', effect: 'none' })
        expect(error.details['path']).toBe('machines[0].num_gpus')
      },
    )
  })

  it('may carry fields that nobody knows, and NaN where Python wrote it', async () => {
    const row = '{"id":1,"num_gpus":2,"gpu_name":"Not a NaN","listed":true,"earn_day":NaN,"x":-Infinity,"surprise":{}}'
    await withClient([{ body: `{"machines":[${row}]}` }], async client => {
      const [machine] = await client.machines.list()
      expect(machine).toMatchObject({ num_gpus: 2, gpu_name: 'Not a NaN', earn_day: null })
      expect(machine).not.toHaveProperty('surprise')
    })
  })
})

describe('a closed client', () => {
  it('refuses calls in one line', async () => {
    await using server = await startServer([user])
    const client = new VastAiClient({ apiKey: 'k', baseUrl: server.url })
    await client.users.current()
    await client.close()
    await client.close()
    expect(await failureOf(client.users.current())).toMatchObject({
      code: 'VASTAI_CONNECTION',
      effect: 'none',
      message: 'GET /users/current: the client is closed',
    })
    expect(server.requests).toHaveLength(1)
  })
})
