import { VirtualClock } from '@org/core'
import { type MarketChange, startVastAiSimulator, type VastAiSimulator } from '@org/sim-vastai'
import { describe, expect, it } from 'vitest'

const startMs = Date.UTC(2026, 5, 1)
const hourMs = 3_600_000

async function market(clock: VirtualClock, past: readonly MarketChange[], write: (change: MarketChange) => void) {
  return startVastAiSimulator({
    clock,
    seed: 7,
    startMs,
    models: ['RTX_4090'],
    machines: [{ id: 61_001, model: 'RTX_4090', gpuCount: 1 }],
    diary: { past, write },
  })
}

async function ask(simulator: VastAiSimulator, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${simulator.url}/api/v0${path}`, {
    method,
    headers: { Authorization: `Bearer ${simulator.hostKey}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return response.json()
}

const priceAt = (price: number) => ({ machine: 61_001, price_gpu: price, min_chunk: 1 })
const look = (simulator: VastAiSimulator) =>
  Promise.all([
    ask(simulator, 'GET', '/machines?owner=me'),
    ask(simulator, 'POST', '/bundles', { gpu_name: { eq: 'RTX 4090' }, limit: 20 }),
  ])

describe('a market with a diary', () => {
  it('outlives its process: brought back, it answers as if it had never been away', { timeout: 60_000 }, async () => {
    const clock = new VirtualClock({ startMs })
    const diary: MarketChange[] = []
    await using first = await market(clock, [], change => diary.push(change))
    await ask(first, 'PUT', '/machines/create_asks/', priceAt(0.2))
    clock.jumpTo(startMs + 30 * hourMs)
    await ask(first, 'PUT', '/machines/create_asks/', priceAt(0.25))
    await ask(first, 'PUT', '/machines/create_asks/', { machine: 999, price_gpu: 1 })
    const laterMs = startMs + 50 * hourMs
    clock.jumpTo(laterMs)
    const before = await look(first)

    const written: MarketChange[] = []
    await using second = await market(new VirtualClock({ startMs: laterMs }), diary, change => written.push(change))
    expect(await look(second)).toEqual(before)
    expect(second.world.machineTruth(61_001)).toEqual(first.world.machineTruth(61_001))
    expect(diary).toHaveLength(3)
    expect(written).toEqual([])
    expect(second.inspect.requestCount).toBe(2)
  })

  it('holds no key, wherever the client put it', async () => {
    const diary: MarketChange[] = []
    await using simulator = await market(new VirtualClock({ startMs }), [], change => diary.push(change))
    await fetch(`${simulator.url}/api/v0/machines/61001/asks/?api_key=${simulator.hostKey}`, { method: 'DELETE' })
    expect(diary).toHaveLength(1)
    expect(JSON.stringify(diary)).not.toContain(simulator.hostKey)
  })

  it('says so when it cannot be made again', async () => {
    const alien = { atMs: startMs, method: 'PUT', target: '/api/v0/nowhere/', bodyText: '{}', apiKeyId: 1 }
    await expect(market(new VirtualClock({ startMs }), [alien], () => {})).rejects.toMatchObject({
      code: 'SIM_DIARY_UNREADABLE',
    })
  })
})
