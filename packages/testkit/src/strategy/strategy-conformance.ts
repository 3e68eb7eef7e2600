import type { AnyVenue } from '@org/core'
import { describe, it } from 'vitest'
import { requireKnownChecks } from '../require-known-checks.ts'
import { strategyChecks } from './strategy-checks.ts'
import type { StrategySubject } from './strategy-subject.ts'

export interface StrategyConformanceOptions<Venues extends readonly AnyVenue[]> extends StrategySubject<Venues> {
  /** Shown in the test report. */
  readonly name: string
  /** Checks that this strategy cannot pass, each with the reason, which the report shows. */
  readonly skips?: { readonly [id: string]: string }
}

/**
 * Says for a vitest file what every strategy promises, one numbered test for each: on virtual time and seeded chance, behind the real gate,
 * over venues of the fixtures.
 *
 * @example
 * strategyConformance({
 *   name: 'lemon bot',
 *   create: config => new LemonBot({ config }),
 *   venues: ({ clock }) => [new LemonStall(clock)],
 *   between: ([stall], scan) => stall.setPrice(scan % 2 === 0 ? 7 : 4),
 * })
 */
export function strategyConformance<const Venues extends readonly AnyVenue[]>(
  options: StrategyConformanceOptions<Venues>,
): void {
  requireKnownChecks(options.skips, strategyChecks)
  describe(`strategy conformance: ${options.name}`, () => {
    for (const { id, promise, run } of strategyChecks)
      it(`${id} ${promise}`, async context => {
        const reason = options.skips?.[id]
        if (reason !== undefined) context.skip(reason)
        await run(options)
      })
  })
}
