import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, createLogger, DefaultRiskManager, Engine } from '@org/core'
import { sqliteStore } from '@org/store-sqlite'
import { GpuCapacityOptimizer, type GpuConfig, policyByName } from '@org/strategy-gpu-optimizer'
import { VastAiVenue } from '@org/venue-vastai'
import { lockFile } from './lock-file.ts'
import type { PolicyName } from './options.ts'
import { countOutcomes } from './outcomes.ts'
import { plainLines } from './plain-lines.ts'
import { budgetsText, decisionsText, kpisText, outcomesText } from './print-report.ts'
import type { ProgramConfig } from './program-config.ts'
import { riskLimits } from './risk-limits.ts'

/**
 * The real marketplace, until Ctrl-C: `dry-run` reads and says what it would do, `live` does it. Budget, intents in doubt and what the
 * optimiser learned outlive the process: a restart gives nobody a fresh daily limit.
 *
 * One process acts in a folder at a time: two would change the same machines and book their costs twice.
 *
 * @param options.baseUrl another address than Vast.ai's own, for tests.
 * @throws {AutomationError} `FOLDER_IN_USE` while another process runs in that mode there.
 */
export async function runReal(options: {
  readonly clock: Clock
  readonly mode: 'dry-run' | 'live'
  readonly apiKey: string
  readonly baseUrl?: string | undefined
  readonly gpus: readonly GpuConfig[]
  readonly config: ProgramConfig
  readonly policy: PolicyName
  /** Where budget and memory are kept, one file for each mode. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly print: (text: string) => void
}): Promise<void> {
  const { clock, mode, apiKey, baseUrl, gpus, config, policy, folder, signal, print } = options
  const logger = createLogger({ level: 'warn', secrets: [apiKey], destination: plainLines(print) })
  await clock.track(mkdir(folder, { recursive: true }))
  using _lock = lockFile(join(folder, `${mode}-lock.db`), {
    code: 'FOLDER_IN_USE',
    message: `another process keeps the budget of its ${mode} run in ${folder}: stop that one first; machines of another account take a folder of their own with --data`,
  })
  await using store = await sqliteStore({ path: join(folder, `${mode}.db`), clock })
  const risk = new DefaultRiskManager(riskLimits(gpus, config.limits), { clock, store })
  const venue = new VastAiVenue({ apiKey, clock, logger, ...(baseUrl === undefined ? {} : { baseUrl }) })
  const optimizer = new GpuCapacityOptimizer({ gpus, policy: policyByName(policy), config: config.optimizer })
  const engine = new Engine({ venues: [venue], strategies: [optimizer], risk, mode, logger })
  const verb = mode === 'live' ? 'done' : 'would do'
  engine.events.on('opportunity-executed', ({ opportunity, result, at }) => {
    const last = result.results.at(-1)
    const outcome = result.success
      ? verb
      : last?.status === 'rejected'
        ? last.rejection.shortMessage
        : (last?.status ?? 'nothing sent')
    print(`${new Date(at).toISOString()}  ${opportunity.rationale.summary}  (${outcome})`)
  })
  engine.events.on('scan-failed', ({ error }) => print(`scan failed: ${error.shortMessage}`))
  engine.events.on('scan-finished', ({ opportunities, at }) => {
    if (opportunities === 0) print(`${new Date(at).toISOString()}  nothing to change`)
  })
  await engine.run({ signal })
  const kpis = optimizer.kpis()
  const outcomes = outcomesText(await countOutcomes(store))
  const budgets = budgetsText(risk.assessPortfolio().budgets)
  print(['', decisionsText(kpis.decisions), outcomes, kpisText(kpis), budgets].join('\n\n'))
}
