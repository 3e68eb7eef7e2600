import { DefaultRiskManager, dailyLoss, memoryStore, type Store, type SubmitResult, VirtualClock } from '@org/core'
import { type MachineSpec, startVastAiSimulator, type VastAiSimulator } from '@org/sim-vastai'
import { VastAiVenue } from '@org/venue-vastai'
import type { OptimizerConfig } from '../src/config/optimizer-config.ts'
import { GpuCapacityOptimizer } from '../src/gpu-capacity-optimizer.ts'
import { guideRule } from '../src/pricing/policies/guide-rule.ts'
import type { PricingPolicy } from '../src/pricing/pricing-policy.ts'
import { gpusOf } from './sample-gpu.ts'

/** A host in the simulated market: the real client over HTTP, on virtual time. */
export interface SimulatedHost {
  readonly clock: VirtualClock
  readonly simulator: VastAiSimulator
  readonly machineIds: readonly number[]
  /** An optimiser of one's own process; several share what the store keeps. */
  start(options?: { readonly policy?: PricingPolicy; readonly config?: OptimizerConfig }): Promise<GpuCapacityOptimizer>
  /** One scan as the engine makes it. */
  scan(optimizer: GpuCapacityOptimizer): Promise<readonly SubmitResult[]>
  /** Scans every five minutes for so many hours. */
  scanFor(optimizer: GpuCapacityOptimizer, hours: number): Promise<void>
}

/** Runs `work` for a host of RTX 4090 machines that never fail, one for each number of GPUs. */
export async function asHost<T>(gpuCounts: readonly number[], work: (host: SimulatedHost) => Promise<T>): Promise<T> {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 6, 1) })
  const machines = gpuCounts.map(
    (gpuCount, index): Omit<MachineSpec, 'hostId'> => ({
      id: 61_001 + index,
      model: 'RTX_4090',
      gpuCount,
      failuresPer30Days: 0,
    }),
  )
  const machineIds = machines.map((_, index) => 61_001 + index)
  const gpus = gpuCounts.flatMap((count, index) => gpusOf(61_001 + index, count))
  const store: Store = memoryStore()
  await using simulator = await startVastAiSimulator({ clock, seed: 7, models: ['RTX_4090'], machines })
  const scan = async (optimizer: GpuCapacityOptimizer) => {
    const results: SubmitResult[] = []
    for (const opportunity of await optimizer.findOpportunities())
      if (await optimizer.validateOpportunity(opportunity))
        results.push(...(await optimizer.executeOpportunity(opportunity)).results)
    return results
  }
  const started: GpuCapacityOptimizer[] = []
  return await clock.run(async () => {
    const result = await work({
      clock,
      simulator,
      machineIds,
      async start({ policy = guideRule(), config = {} } = {}) {
        const venue = new VastAiVenue({ apiKey: simulator.hostKey, baseUrl: simulator.url, clock })
        const optimizer = new GpuCapacityOptimizer({ gpus, venue, policy, config, mode: 'simulated' })
        optimizer.setRiskManager(new DefaultRiskManager([dailyLoss({ limit: 50 })], { clock, store }))
        await optimizer.initialize()
        started.push(optimizer)
        return optimizer
      },
      scan,
      async scanFor(optimizer, hours) {
        for (let i = 0; i < hours * 12; i++) {
          await clock.sleep(300_000)
          await scan(optimizer)
        }
      },
    })
    for (const optimizer of started) await optimizer.shutdown()
    return result
  })
}
