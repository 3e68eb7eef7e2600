import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inMarket, type Market, parsed, quietMachine, type Reply, type Row } from './market.ts'

const recordings = resolve(import.meta.dirname, '../../../../shared/conformance/vastai-requests.json')
const isHere = existsSync(recordings)

interface RecordedCase {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: Row | null
  readonly headers: Readonly<Record<string, string>>
}

function recordedCases(): readonly RecordedCase[] {
  return (JSON.parse(readFileSync(recordings, 'utf8')) as { readonly cases: readonly RecordedCase[] }).cases
}

const hostPaths = /^\/api\/v0\/(machines|metrics|users\/me\/machine-earnings)/

function replay({ send }: Market, each: RecordedCase): Promise<Reply> {
  const isSigned = 'authorization' in each.headers
  return send(each.method, each.path, {
    as: isSigned ? (hostPaths.test(each.path) ? 'host' : 'renter') : 'nobody',
    query: each.query,
    ...(each.body === null ? {} : { body: each.body }),
  })
}

/** JSON, and a refusal says why in the words that clients read. */
function expectWellFormed(each: RecordedCase, reply: Reply): void {
  expect(reply.contentType, each.id).toBe('application/json')
  if (reply.status === 200) {
    const answer = parsed(reply)
    expect(answer, each.id).toEqual(expect.anything())
    if (/\/bundles\/|\/search\/asks\/|\/volumes\/search\//.test(each.path))
      expect(answer['offers'], each.id).toEqual(expect.any(Array))
    return
  }
  // Ids of other people's instances, offers and keys do not exist here; the request itself must be understood.
  expect([400, 404], `${each.id}: ${reply.status} ${reply.text}`).toContain(reply.status)
  expect(parsed(reply), each.id).toMatchObject({ success: false, error: expect.any(String), msg: expect.any(String) })
  expect(parsed(reply)['msg'], each.id).not.toMatch(/^No such endpoint/)
}

const machines = [quietMachine(8, 55_001), quietMachine(8, 55_002)]

describe.skipIf(!isHere)('each request recorded from the official client (skipped where ../shared is missing)', () => {
  it('gets a well-formed answer', () =>
    inMarket(
      async market => {
        const cases = recordedCases()
        expect(cases.length).toBeGreaterThan(50)
        for (const each of cases) expectWellFormed(each, await replay(market, each))
      },
      { machines },
    ))

  it('succeeds where its machine, instance, offer or key exists', () =>
    inMarket(
      async market => {
        for (const each of recordedCases()) {
          const reply = await replay(market, withIds(each, await provide(market, each)))
          if (!mayRefuse.test(each.id))
            expect([each.id, reply.status, reply.text.slice(0, 200)]).toEqual([each.id, 200, expect.anything()])
          await market.send('DELETE', '/instances/', { body: { instance_ids: await instanceIds(market) } })
        }
      },
      { machines },
    ))
})

/** Cases that name something which only other cases would have made: a template, a volume, a pending price increase. */
const mayRefuse = /^(accept|reject)-price-increase|template|volume/

/** Makes what a case names, and says which id stands for which recorded one. */
async function provide(market: Market, each: RecordedCase): Promise<ReadonlyMap<string, unknown>> {
  const { ask, list, offers, rent, send, simulator } = market
  for (const { id } of machines) await list(id, { price_gpu: 0.3, price_min_bid: 0.05 })
  simulator.world.addBalance(simulator.renterId, 1_000)
  const offer = async () =>
    (await offers({ machine_id: { eq: 55_002 }, num_gpus: { eq: 1 }, rentable: { eq: true } }))[0]?.['id']
  const ids = new Map<string, unknown>()
  if (/820000\d/.test(each.path + JSON.stringify(each.body)))
    for (const id of ['8200001', '8200002', '8200003'])
      ids.set(id, await rent(await offer(), /bid_price/.test(each.path) ? { price: 0.5 } : {}))
  for (const id of ['7100001', '7100002', '7100003']) ids.set(id, await offer())
  const key = await ask('POST', '/ssh/', { body: { ssh_key: `ssh-ed25519 AAAA${each.id} a@example.com` } })
  ids.set('17', (key['key'] as Row)['id'])
  await send('DELETE', '/secrets/', { body: { key: 'HF_TOKEN' } })
  if (!(each.method === 'POST' && /secrets/.test(each.path)))
    await send('POST', '/secrets/', { body: { key: 'HF_TOKEN', value: 'abc' } })
  return ids
}

async function instanceIds({ ask }: Market): Promise<readonly unknown[]> {
  const ids = ((await ask('GET', '/instances/'))['instances'] as readonly Row[]).map(row => row['id'])
  return ids.length === 0 ? [1] : ids
}

function withIds(each: RecordedCase, known: ReadonlyMap<string, unknown>): RecordedCase {
  let text = JSON.stringify(each)
  for (const [recorded, id] of known) text = text.replaceAll(new RegExp(`\\b${recorded}\\b`, 'g'), String(id))
  return JSON.parse(text) as RecordedCase
}
