import type { ListingTerms } from '@org/venue-vastai/actions'
import { sameListing } from '../decision/same-listing.ts'
import { shutdownReason } from '../decision/shutdown-decision.ts'
import type { PlannedChange } from './scan-plan.ts'

/**
 * What became of a change that a process planned before it died: `made`, still `due`, or `overtaken` (too old, or the listing is another by
 * now).
 *
 * @param listing How the machine is listed now, `null`: not listed.
 * @param isFresh Whether it was planned a moment ago.
 */
export function unfinishedChange(
  { terms, before, reason }: PlannedChange,
  listing: ListingTerms | null,
  isFresh: boolean,
): 'made' | 'due' | 'overtaken' {
  if (sameListing(terms, listing)) return 'made'
  return isFresh && reason !== shutdownReason && sameListing(before, listing) ? 'due' : 'overtaken'
}
