import type { ListingTerms } from '../actions/listing-terms.ts'
import type { MachineView } from '../actions/machine-view.ts'
import { listedPriceMax, listedPriceMin, priceJumpMax, priceReach } from '../actions/price-reach.ts'
import { VastAiVenueError } from './venue-error.ts'

/**
 * The last look at a listing before it is sent, for mistakes that pass every schema.
 *
 * @param now Epoch milliseconds.
 * @throws {VastAiVenueError} `INVALID_TERMS`, nothing was sent.
 */
export function checkTerms(machine: MachineView, terms: ListingTerms, now: number): void {
  const problem = problemOf(machine, terms, now)
  if (problem === undefined) return
  throw new VastAiVenueError({
    code: 'INVALID_TERMS',
    message: `machine ${machine.machineId}: ${problem}; nothing was sent`,
    effect: 'none',
    details: { machineId: machine.machineId, pricePerGpuHour: terms.pricePerGpuHour },
  })
}

function problemOf(machine: MachineView, terms: ListingTerms, now: number): string | undefined {
  const { pricePerGpuHour, minBidPerGpuHour, minChunkGpus, endDateMs, durationMs } = terms
  const before = machine.listing?.pricePerGpuHour
  // Written so that NaN fails as well.
  if (!(pricePerGpuHour >= listedPriceMin && pricePerGpuHour <= listedPriceMax))
    return `expected a price from ${listedPriceMin} to ${listedPriceMax} USD per GPU-hour, was ${pricePerGpuHour}`
  const reach = priceReach(before)
  if (pricePerGpuHour < reach.min || pricePerGpuHour > reach.max)
    return `the price would jump from ${before} to ${pricePerGpuHour} USD per GPU-hour, more than ${priceJumpMax} times at once; check the units, or change it by hand first`
  if (minBidPerGpuHour !== null && minBidPerGpuHour > pricePerGpuHour)
    return `the floor of bids, ${minBidPerGpuHour}, is above the on-demand price, ${pricePerGpuHour}`
  if (minChunkGpus > machine.numGpus)
    return `the smallest chunk is ${minChunkGpus} GPUs, the machine has ${machine.numGpus}`
  if (endDateMs !== null && durationMs !== null) return 'an end date and a duration exclude each other'
  if (endDateMs !== null && endDateMs <= now) return `the end date ${new Date(endDateMs).toISOString()} is past`
  return undefined
}
