import { identityChecks } from './identity-checks.ts'
import { observeChecks } from './observe-checks.ts'
import type { VenueCheck } from './venue-check.ts'

/** Every check, in the order of the numbers. */
export const venueChecks: readonly VenueCheck[] = [...identityChecks, ...observeChecks]
