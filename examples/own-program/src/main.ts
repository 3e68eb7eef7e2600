// The optimiser in a program of one's own, for an hour. For the real market: no simulator and no clock, your key, `mode: 'live'`.
import { DefaultRiskManager, dailyLoss, Engine, VirtualClock } from '@org/core'
import { startVastAiSimulator } from '@org/sim-vastai'
import { GpuCapacityOptimizer } from '@org/strategy-gpu-optimizer'
import { VastAiVenue } from '@org/venue-vastai'

const clock = new VirtualClock()
const machines = [{ id: 61_001, model: 'RTX_4090', gpuCount: 1 }]
await using market = await startVastAiSimulator({ clock, seed: 7, models: ['RTX_4090'], machines })
const venue = new VastAiVenue({ apiKey: market.hostKey, baseUrl: market.url, clock })
const gpu = { gpuId: 'gpu_001', machineId: 61_001, gpuModel: 'RTX_4090', vramGb: 24, cudaCores: 16_384 }
const cost = { powerWatts: 450, idleWatts: 30, powerCostPerKwh: 0.12, maintenanceCostPerHour: 0.02 }
const optimizer = new GpuCapacityOptimizer({ gpus: [{ ...gpu, ...cost }] })
const risk = new DefaultRiskManager([dailyLoss({ limit: 50 })], { clock })

const engine = new Engine({ venues: [venue], strategies: [optimizer], risk, mode: 'simulated' })
engine.events.on('opportunity-executed', ({ opportunity, result }) =>
  console.log(`${opportunity.rationale.summary}: ${result.success ? 'done' : 'not done'}`),
)
await clock.run(() => engine.run({ for: '1h' }))
