import { VirtualClock } from '@org/core'
import { startVastAiSimulator, type VastAiSimulator } from '@org/sim-vastai'
import { describe, expect, it } from 'vitest'
import { sandboxGpus } from '../src/gpus.ts'
import { runReal } from '../src/real.ts'

/** The marketplace is a simulator here; `real.ts` does not know. */
async function firstScan(
  mode: 'dry-run' | 'live',
): Promise<{ readonly printed: string[]; readonly simulator: VastAiSimulator }> {
  const clock = new VirtualClock()
  const simulator = await startVastAiSimulator({
    clock,
    seed: 7,
    models: ['RTX_4090'],
    rateLimits: false,
    machines: sandboxGpus.map(gpu => ({ id: gpu.machineId, model: 'RTX_4090', gpuCount: 1 })),
  })
  const stop = new AbortController()
  const printed: string[] = []
  try {
    await clock.run(() =>
      runReal({
        clock,
        mode,
        apiKey: simulator.hostKey,
        baseUrl: simulator.url,
        gpus: sandboxGpus,
        policy: 'guide-rule',
        signal: stop.signal,
        print: text => {
          printed.push(text)
          stop.abort()
        },
      }),
    )
  } finally {
    await simulator.close()
  }
  return { printed, simulator }
}

describe('real by choice only', () => {
  it('a dry run says what it would do and sends nothing that changes anything', { timeout: 60_000 }, async () => {
    const { printed, simulator } = await firstScan('dry-run')
    expect(printed[0]).toMatch(/would do/)
    expect(simulator.inspect.requestCount).toBeGreaterThan(0)
    expect(simulator.inspect.changingRequestCount).toBe(0)
    expect(simulator.world.machine(61_001).listing).toBeUndefined()
  })

  it('a live run lists', { timeout: 60_000 }, async () => {
    const { printed, simulator } = await firstScan('live')
    expect(printed[0]).toMatch(/done/)
    expect(simulator.inspect.changingRequestCount).toBeGreaterThan(0)
    expect(simulator.world.machine(61_001).listing).toBeDefined()
  })

  it('no key is ever printed', { timeout: 60_000 }, async () => {
    const { printed, simulator } = await firstScan('dry-run')
    expect(printed.join('\n')).not.toContain(simulator.hostKey)
  })
})
