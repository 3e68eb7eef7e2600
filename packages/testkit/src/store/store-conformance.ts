import { describe, it } from 'vitest'
import { storeChecks } from './store-checks.ts'
import type { StoreSubject } from './store-subject.ts'

export interface StoreConformanceOptions extends StoreSubject {
  /** Shown in the test report. */
  readonly name: string
}

/**
 * Says for a vitest file what every store promises, one numbered test for each. A store without `reopen` skips what needs it, visibly.
 *
 * @example
 * storeConformance({ name: 'memory', create: () => memoryStore() })
 */
export function storeConformance(options: StoreConformanceOptions): void {
  describe(`store conformance: ${options.name}`, () => {
    for (const check of storeChecks)
      it.skipIf(check.needsReopen === true && options.reopen === undefined)(`${check.id} ${check.promise}`, () =>
        check.run(options),
      )
  })
}
