import { differingTerms, type ListingTerms } from '@org/venue-vastai/actions'

/** Whether a listing (`null`: none) stands as wanted, as far as the market can write it. */
export function sameListing(wanted: ListingTerms | null, actual: ListingTerms | null): boolean {
  if (wanted === null || actual === null) return wanted === actual
  return differingTerms(wanted, actual).length === 0
}
