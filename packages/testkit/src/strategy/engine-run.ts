import { Engine, type StrategyConfig, seededRandom } from '@org/core'
import type { StrategySubject } from './strategy-subject.ts'
import { StrategyWorld } from './strategy-world.ts'
import type { WatchedVenues } from './watched-venues.ts'

/** A life in an engine, of as many scans as show the strategy. */
export async function engineRun(
  subject: StrategySubject,
  config: Partial<StrategyConfig>,
  mode: 'simulated' | 'dry-run' = 'simulated',
): Promise<{ readonly venues: WatchedVenues; readonly declined: number }> {
  const world = new StrategyWorld(subject, { config })
  const { risk, clock, venues, strategy } = world
  strategy.setRiskManager(risk)
  const random = seededRandom(7)
  const engine = new Engine({ venues: venues.all, strategies: [strategy], risk, mode, random, jitter: 0 })
  let declined = 0
  let scans = 0
  engine.events.on('opportunity-declined', () => {
    declined++
  })
  // The first scan sees the market as it is.
  engine.events.on('scan-finished', () => {
    scans++
    subject.between?.(world.fixtures, scans + 1)
  })
  await clock.run(() => engine.run({ for: strategy.config.scanIntervalMs * ((subject.scans ?? 6) - 0.5) }))
  return { venues, declined }
}
