// The optimiser in a program of one's own: one scan, and what became of it. For the real market: no simulator, your key, `mode: 'live'`.
import { DefaultRiskManager, dailyLoss, VirtualClock } from '@org/core'
import { startVastAiSimulator } from '@org/sim-vastai'
import { GpuCapacityOptimizer } from '@org/strategy-gpu-optimizer'
import { VastAiVenue } from '@org/venue-vastai'

const clock = new VirtualClock()
const machines = [{ id: 61_001, model: 'RTX_4090', gpuCount: 1 }]
await using market = await startVastAiSimulator({ clock, seed: 7, models: ['RTX_4090'], machines })
const venue = new VastAiVenue({ apiKey: market.hostKey, baseUrl: market.url, clock })

const gpu = { gpuId: 'gpu_001', machineId: 61_001, gpuModel: 'RTX_4090', vramGb: 24, cudaCores: 16_384 }
const cost = { powerWatts: 450, idleWatts: 30, powerCostPerKwh: 0.12, maintenanceCostPerHour: 0.02 }
const optimizer = new GpuCapacityOptimizer({ gpus: [{ ...gpu, ...cost }], venue, mode: 'simulated' })
optimizer.setRiskManager(new DefaultRiskManager([dailyLoss({ limit: 50 })], { clock }))

await clock.run(async () => {
  await optimizer.initialize()
  for (const opportunity of await optimizer.findOpportunities()) {
    if (!(await optimizer.validateOpportunity(opportunity))) continue
    const { success } = await optimizer.executeOpportunity(opportunity)
    console.log(`${opportunity.rationale.summary}: ${success ? 'done' : 'not done'}`)
  }
  await optimizer.shutdown()
})
