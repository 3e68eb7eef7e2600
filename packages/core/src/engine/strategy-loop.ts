import { AutomationError, describeError } from '../errors/automation-error.ts'
import type { Opportunity } from '../intent/opportunity.ts'
import type { Strategy } from '../strategy/strategy.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Clock } from '../time/clock.ts'
import type { Random } from '../time/random.ts'
import type { EngineEventBus } from './event-bus.ts'
import type { StrategyHealth } from './health.ts'

export interface StrategyLoopOptions {
  readonly strategy: Strategy
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly bus: EngineEventBus
  /** Share of the interval by which the start of a scan is moved at random, 0 to 1. */
  readonly jitter: number
}

/**
 * One strategy's scans, one after the other: a scan that takes longer than the interval delays the next and never overlaps it.
 */
export class StrategyLoop {
  readonly #options: StrategyLoopOptions
  #scans = 0
  #failedInARow = 0
  #lastScanAt: number | undefined
  #isScanning = false
  #lastError: string | undefined

  constructor(options: StrategyLoopOptions) {
    this.#options = options
  }

  /** Scans until `signal` aborts; the scan under way then ends first. */
  async run(signal: AbortSignal): Promise<void> {
    const { strategy, clock, random, jitter } = this.#options
    let dueAt = clock.now()
    while (!signal.aborted) {
      await this.scan()
      dueAt = Math.max(dueAt + strategy.config.scanIntervalMs, clock.now())
      const { scanIntervalMs } = strategy.config
      // A clock that was set back must not silence a strategy until the old time is reached again.
      dueAt = Math.min(dueAt, clock.now() + scanIntervalMs)
      const shiftMs = jitter * scanIntervalMs * random.next()
      try {
        await clock.sleep(dueAt + shiftMs - clock.now(), { signal })
      } catch {
        return
      }
    }
  }

  /** One round: find, validate, execute. Whatever fails is reported and the next round comes. */
  async scan(): Promise<void> {
    const { strategy, clock, bus, logger } = this.#options
    const strategyId = strategy.id
    bus.announce('scan-started', { strategyId, at: clock.now() })
    this.#scans++
    this.#lastScanAt = clock.now()
    this.#isScanning = true
    try {
      const opportunities = await strategy.findOpportunities()
      const failures: unknown[] = []
      let executed = 0
      for (const opportunity of opportunities) {
        // One that cannot be carried out must not keep the others, which may reduce risk, from their turn.
        try {
          if (await this.#carryOut(opportunity)) executed++
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw failures[0]
      this.#failedInARow = 0
      this.#lastError = undefined
      bus.announce('scan-finished', { strategyId, at: clock.now(), opportunities: opportunities.length, executed })
    } catch (thrown) {
      const error = AutomationError.isInstance(thrown)
        ? thrown
        : new AutomationError({
            code: 'SCAN_FAILED',
            message: `scan of ${strategyId} failed: ${describeError(thrown)}`,
            cause: thrown,
          })
      this.#failedInARow++
      this.#lastError = error.shortMessage
      logger.warn({ strategyId, code: error.code }, error.shortMessage)
      bus.announce('scan-failed', { strategyId, at: clock.now(), error })
    } finally {
      this.#isScanning = false
    }
  }

  async #carryOut(opportunity: Opportunity): Promise<boolean> {
    const { strategy, clock, bus } = this.#options
    if (!strategy.config.enableAutoExecution || !(await strategy.validateOpportunity(opportunity))) {
      bus.announce('opportunity-declined', { opportunity, at: clock.now() })
      return false
    }
    const result = await strategy.executeOpportunity(opportunity)
    bus.announce('opportunity-executed', { opportunity, result, at: clock.now() })
    return result.success
  }

  health(): StrategyHealth {
    const { strategy, clock } = this.#options
    const scanningMs = this.#isScanning ? clock.now() - (this.#lastScanAt ?? 0) : 0
    return {
      strategyId: strategy.id,
      scans: this.#scans,
      failedInARow: this.#failedInARow,
      lastScanAt: this.#lastScanAt,
      lastError: this.#lastError,
      isStuck: scanningMs > 3 * strategy.config.scanIntervalMs,
    }
  }
}
