import {
  createGate,
  createStrategyContext,
  DefaultRiskManager,
  dailyLoss,
  type Logger,
  memoryStore,
  operatingCost,
  type RiskConstraint,
  type Store,
  type SubmitResult,
  seededRandom,
  silentLogger,
  VirtualClock,
} from '@org/core'
import type { MachineView } from '@org/venue-vastai/actions'
import type { GpuConfig } from '../src/config/gpu-config.ts'
import type { OptimizerConfig } from '../src/config/optimizer-config.ts'
import { GpuCapacityOptimizer } from '../src/gpu-capacity-optimizer.ts'
import { guideRule } from '../src/pricing/policies/guide-rule.ts'
import type { PricingPolicy } from '../src/pricing/pricing-policy.ts'
import { HostVenue } from './host-venue.ts'
import { guideGpu } from './sample-gpu.ts'
import { sampleMachine } from './sample-machine.ts'
import { startMs } from './sample-market.ts'

export interface RigOptions {
  /** @default a memory store */
  readonly store?: Store
  readonly gpus?: readonly GpuConfig[]
  readonly machines?: readonly MachineView[]
  readonly policy?: PricingPolicy
  readonly config?: OptimizerConfig
  readonly constraints?: readonly RiskConstraint[]
  /** What an earlier run left behind. */
  readonly after?: Rig
}

export interface Rig {
  readonly clock: VirtualClock
  readonly venue: HostVenue
  readonly store: Store
  readonly risk: DefaultRiskManager
  readonly optimizer: GpuCapacityOptimizer
  /** Lines of warnings, oldest first. */
  readonly warnings: string[]
  /** One scan as the engine makes it: find, validate, execute. */
  scan(): Promise<readonly SubmitResult[]>
  /** So many scans, five minutes before each. */
  scans(count: number): Promise<void>
}

/** An optimiser behind the real gate, on the real ledger, with a {@link HostVenue}. Guide rule unless another policy is given. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const { gpus = [guideGpu], machines = [sampleMachine()], policy = guideRule(), config, after } = options
  const constraints = options.constraints ?? [dailyLoss({ limit: 50 }), operatingCost({ limit: 50 })]
  const clock = after?.clock ?? new VirtualClock({ startMs })
  const venue = after?.venue ?? new HostVenue(clock, machines)
  const store = after?.store ?? options.store ?? memoryStore()
  const risk = new DefaultRiskManager(constraints, { clock, store })
  const optimizer = new GpuCapacityOptimizer({ gpus, policy, ...(config === undefined ? {} : { config }) })
  const warnings: string[] = []
  const logger: Logger = {
    ...silentLogger,
    warn: (_, message) => warnings.push(message),
    error: (_, message) => warnings.push(message),
    child: () => logger,
  }
  optimizer.setRiskManager(risk)
  await optimizer.initialize(
    createStrategyContext({
      strategyId: optimizer.id,
      gate: createGate({ venues: [venue], risk, clock, mode: 'simulated', logger }),
      risk,
      clock,
      random: seededRandom(after === undefined ? 1 : 2),
      logger,
      venues: [venue],
      mode: config?.dryRunMode === true ? 'dry-run' : 'simulated',
      signal: new AbortController().signal,
    }),
  )
  const scan = async () => {
    const results: SubmitResult[] = []
    for (const opportunity of await optimizer.findOpportunities())
      if (await optimizer.validateOpportunity(opportunity))
        results.push(...(await optimizer.executeOpportunity(opportunity)).results)
    return results
  }
  return {
    clock,
    venue,
    store,
    risk,
    optimizer,
    warnings,
    scan,
    async scans(count) {
      for (let i = 0; i < count; i++) {
        clock.jumpTo(clock.now() + 300_000)
        await scan()
      }
    },
  }
}
