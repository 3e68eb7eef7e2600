import { DefaultRiskManager, Engine, type PortfolioAssessment, VirtualClock } from '@org/core'
import { startVastAiSimulator } from '@org/sim-vastai'
import {
  type DecisionCounts,
  GpuCapacityOptimizer,
  type GpuConfig,
  type GpuKpis,
  policyByName,
} from '@org/strategy-gpu-optimizer'
import { VastAiVenue } from '@org/venue-vastai'
import type { PolicyName } from './options.ts'
import { riskLimits } from './risk-limits.ts'
import { type SimulatedMachine, simulatedMachines } from './simulated-machines.ts'

/** The first day of every simulation. */
export const simulationStartMs = Date.UTC(2026, 6, 1)

export interface SandboxRun {
  readonly kpis: GpuKpis
  readonly decisions: DecisionCounts
  readonly budgets: PortfolioAssessment['budgets']
  readonly machines: readonly SimulatedMachine[]
  /** Hash over every fact of the journal. */
  readonly journalDigest: string
  readonly scans: number
  readonly requests: number
}

/**
 * Runs the optimiser for some simulated days: the real client over HTTP against a simulated Vast.ai on 127.0.0.1, on virtual time.
 *
 * @param options.onProgress called after each scan with the share of the time that has passed, 0 to 1.
 */
export async function runSandbox(options: {
  readonly gpus: readonly GpuConfig[]
  readonly days: number
  readonly seed: number
  readonly policy: PolicyName
  readonly onProgress?: (share: number) => void
}): Promise<SandboxRun> {
  const { gpus, days, seed, policy, onProgress } = options
  const clock = new VirtualClock({ startMs: simulationStartMs })
  const machines = simulatedMachines(gpus)
  await using simulator = await startVastAiSimulator({
    clock,
    seed,
    models: [...new Set(machines.map(machine => machine.model))],
    machines: machines.map(({ machineId, model, gpuCount }) => ({ id: machineId, model, gpuCount })),
  })
  const risk = new DefaultRiskManager(riskLimits(gpus.length), { clock })
  const venue = new VastAiVenue({ apiKey: simulator.hostKey, baseUrl: simulator.url, clock })
  const optimizer = new GpuCapacityOptimizer({ gpus, policy: policyByName(policy) })
  const engine = new Engine({ venues: [venue], strategies: [optimizer], risk, mode: 'simulated', jitter: 0 })
  let scans = 0
  engine.events.on('scan-finished', ({ at }) => {
    scans++
    onProgress?.(Math.min(1, (at - simulationStartMs) / (days * 86_400_000)))
  })
  await clock.run(() => engine.run({ for: `${days}d` }))
  onProgress?.(1)
  const kpis = optimizer.kpis()
  return {
    kpis,
    decisions: kpis.decisions,
    budgets: risk.assessPortfolio().budgets,
    machines,
    journalDigest: risk.store.digest(),
    scans,
    requests: simulator.inspect.requestCount,
  }
}
