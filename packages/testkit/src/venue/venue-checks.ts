import { executeChecks } from './execute-checks.ts'
import { holdingsChecks } from './holdings-checks.ts'
import { identityChecks } from './identity-checks.ts'
import { lifeChecks } from './life-checks.ts'
import { lostAnswerChecks } from './lost-answer-checks.ts'
import { observeChecks } from './observe-checks.ts'
import { readingChecks } from './reading-checks.ts'
import { reconcileChecks } from './reconcile-checks.ts'
import { refusalChecks } from './refusal-checks.ts'
import { secretChecks } from './secret-checks.ts'
import { hasNoActions } from './skip-reasons.ts'
import type { VenueCheck } from './venue-check.ts'

/** Every check, in the order of the numbers. */
export const venueChecks: readonly VenueCheck[] = [
  ...identityChecks,
  ...observeChecks,
  ...readingChecks,
  ...refusalChecks,
  ...holdingsChecks,
  ...[...executeChecks, ...lostAnswerChecks, ...reconcileChecks].map(check => ({ skip: hasNoActions, ...check })),
  ...secretChecks,
  ...lifeChecks,
]
