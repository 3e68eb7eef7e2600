import { describe, it } from 'vitest'
import { liveVenueChecks } from './live-checks.ts'
import type { LiveSubject } from './live-subject.ts'

export interface LiveVenueConformanceOptions extends LiveSubject {
  /** Shown in the test report. */
  readonly name: string
  /** Why the real market is not asked, which the report shows; `undefined`: it is asked. There is no default. */
  readonly skip: string | undefined
}

/** Per check; a market may be far away and slow. */
const checkTimeoutMs = 120_000

/**
 * Says what a venue promises on its real market, by looking alone: no check holds anything that could act. Only where somebody asks for it.
 *
 * @example
 * const apiKey = process.env['LEMON_KEY']
 * liveVenueConformance({
 *   name: 'lemon market, live',
 *   skip: apiKey === undefined ? 'set LEMON_KEY to look at the real market' : undefined,
 *   create: ({ clock, logger }) => new LemonVenue({ apiKey, clock, logger }),
 *   queries: { 'box-price': { grade: 'A' } },
 *   secrets: [apiKey ?? ''],
 * })
 */
export function liveVenueConformance(options: LiveVenueConformanceOptions): void {
  describe(`live conformance: ${options.name}`, () => {
    for (const { id, promise, run } of liveVenueChecks)
      it(`${id} ${promise}`, { timeout: checkTimeoutMs }, async context => {
        if (options.skip !== undefined) context.skip(options.skip)
        await run(options)
      })
  })
}
