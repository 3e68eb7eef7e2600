import { describe, it } from 'vitest'
import { constraintChecks } from './constraint-checks.ts'
import type { ConstraintSubject } from './constraint-subject.ts'

export interface ConstraintConformanceOptions extends ConstraintSubject {
  /** Shown in the test report. */
  readonly name: string
}

/**
 * Says for a vitest file what every constraint promises, one numbered test for each.
 *
 * @example
 * constraintConformance({
 *   name: 'energy',
 *   create: options => energyPerDay({ limit: 200, ...options }),
 *   fits: { effects: [{ measure: 'kwh', amount: 10 }] },
 *   exceeds: { effects: [{ measure: 'kwh', amount: 201 }] },
 * })
 */
export function constraintConformance(options: ConstraintConformanceOptions): void {
  describe(`constraint conformance: ${options.name}`, () => {
    for (const check of constraintChecks) it(`${check.id} ${check.promise}`, () => check.run(options))
  })
}
