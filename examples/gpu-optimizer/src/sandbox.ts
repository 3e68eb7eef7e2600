import {
  DefaultRiskManager,
  Engine,
  memoryStore,
  type PortfolioAssessment,
  seededRandom,
  VirtualClock,
} from '@org/core'
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
import { countOutcomes, type Outcomes } from './outcomes.ts'
import type { ProgramConfig } from './program-config.ts'
import { riskLimits } from './risk-limits.ts'
import { openSandboxPlace } from './sandbox-place.ts'
import { type SimulatedMachine, simulatedMachines } from './simulated-machines.ts'

/** The first day of every simulation. */
export const simulationStartMs = Date.UTC(2026, 6, 1)

const dayMs = 86_400_000

export interface SandboxRun {
  readonly kpis: GpuKpis
  readonly decisions: DecisionCounts
  readonly outcomes: Outcomes
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
  readonly config?: ProgramConfig
  readonly days: number
  readonly seed: number
  readonly policy: PolicyName
  /** Where the run lives on the disk: cut off at any moment, it goes on there. @default in memory alone */
  readonly folder?: string | undefined
  readonly onProgress?: (share: number) => void
  readonly onResumed?: (atMs: number) => void
}): Promise<SandboxRun> {
  const { gpus, config, days, seed, policy, folder, onProgress, onResumed } = options
  await using place =
    folder === undefined
      ? undefined
      : await openSandboxPlace(folder, { gpus, config: config ?? {}, days, seed, policy })
  const store = place?.store ?? memoryStore()
  const optimizer = new GpuCapacityOptimizer({
    gpus,
    policy: policyByName(policy),
    ...(config === undefined ? {} : { config: config.optimizer }),
  })
  const startMs = scanUnderWay(store.read().lastAtMs, optimizer.config.scanIntervalMs)
  if (place?.isResumed) onResumed?.(startMs)
  const clock = new VirtualClock({ startMs })
  const machines = simulatedMachines(gpus)
  await using simulator = await startVastAiSimulator({
    clock,
    seed,
    startMs: simulationStartMs,
    ...(place === undefined ? {} : { diary: place.diary }),
    models: [...new Set(machines.map(machine => machine.model))],
    machines: machines.map(({ machineId, model, gpuCount }) => ({ id: machineId, model, gpuCount })),
  })
  const risk = new DefaultRiskManager(riskLimits(gpus, config?.limits), { clock, store })
  const venue = new VastAiVenue({ apiKey: simulator.hostKey, baseUrl: simulator.url, clock, store })
  // After a restart the chance is another one, or intents would get the ids of those that were there before.
  const random = seededRandom(seed ^ Number.parseInt(store.digest().slice(0, 8), 16))
  const engine = new Engine({ venues: [venue], strategies: [optimizer], risk, mode: 'simulated', jitter: 0, random })
  let scans = 0
  engine.events.on('scan-finished', ({ at }) => {
    scans++
    onProgress?.(Math.min(1, (at - simulationStartMs) / (days * dayMs)))
  })
  const endMs = simulationStartMs + days * dayMs
  await clock.run(() => engine.run({ for: endMs - startMs }))
  await place?.finish()
  onProgress?.(1)
  const kpis = optimizer.kpis()
  return {
    kpis,
    decisions: kpis.decisions,
    outcomes: await countOutcomes(risk.store),
    budgets: risk.assessPortfolio().budgets,
    machines,
    journalDigest: risk.store.digest(),
    scans,
    requests: simulator.inspect.requestCount,
  }
}

/** The scan in which the newest entry of the journal was written: scans start at a fixed pace. Without an entry, the first. */
function scanUnderWay(lastAtMs: number, scanIntervalMs: number): number {
  const scans = Math.floor((lastAtMs - simulationStartMs) / scanIntervalMs)
  return simulationStartMs + Math.max(0, scans) * scanIntervalMs
}
