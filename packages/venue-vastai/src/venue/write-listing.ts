import type { ExecuteOptions, Intent, Receipt } from '@org/core'
import type { WriteListingParams } from '../actions/host-actions.ts'
import { listingImpact } from '../actions/listing-impact.ts'
import { differingTerms, type ListingTerms } from '../actions/listing-terms.ts'
import type { MachineView } from '../actions/machine-view.ts'
import { checkTerms } from './check-terms.ts'
import type { Hands } from './hands.ts'
import { mismatch, readBack } from './read-back.ts'
import { costlessReceipt } from './receipt.ts'
import { VastAiVenueError } from './venue-error.ts'

/**
 * Writes the whole listing of a machine and reads it back. The receipt names the contracts that it touches.
 *
 * @throws {VastAiVenueError} `LISTING_CHANGED`, `LISTING_UNREADABLE`, `MACHINE_GONE`, `INVALID_TERMS` before anything was sent;
 *   `LISTING_MISMATCH`, `READ_BACK_FAILED` after.
 */
export async function writeListing(
  { client, machines }: Hands,
  intent: Intent,
  params: WriteListingParams,
  options: ExecuteOptions,
): Promise<Receipt> {
  const { machineId, terms, expected } = params
  const before = await machines.get(machineId, options)
  refuseChangedListing(before, expected)
  checkTerms(before, terms, before.asOf)
  const impact = listingImpact(before, terms)
  const { extended } = await client.machines.writeListing(machineId, terms, options)
  const after = await readBack(machines, machineId, 'the listing was written', options)
  const wrong = after.listing === undefined ? ['listing'] : differingTerms(terms, after.listing)
  if (wrong.length > 0) throw mismatch(machineId, 'the listing was written', wrong)
  return costlessReceipt(intent, after.asOf, `listing of machine ${machineId}`, {
    pricePerGpuHour: terms.pricePerGpuHour,
    priceBefore: impact.priceBefore ?? null,
    raises: impact.raises,
    runningContracts: impact.runningContracts,
    residentContracts: impact.residentContracts,
    clientEndDateMs: impact.clientEndDateMs ?? null,
    contractsExtended: extended,
    extensionsStopped: impact.extensionsStopped,
    impact: impact.summary,
  })
}

function refuseChangedListing(machine: MachineView, expected: ListingTerms | null): void {
  const { machineId, listed, listing } = machine
  if (listed && listing === undefined)
    throw new VastAiVenueError({
      code: 'LISTING_UNREADABLE',
      message: `machine ${machineId}: the market does not show its whole listing; nothing was written`,
      effect: 'none',
      details: { machineId },
    })
  const changed =
    expected === null
      ? listed
        ? ['listed']
        : []
      : listing === undefined
        ? ['unlisted']
        : differingTerms(expected, listing)
  if (changed.length === 0) return
  throw new VastAiVenueError({
    code: 'LISTING_CHANGED',
    message: `machine ${machineId}: somebody changed the listing meanwhile (${changed.join(', ')}); nothing was written`,
    effect: 'none',
    details: { machineId, fields: changed },
  })
}
