import type { ExecuteOptions, Intent, Receipt } from '@org/core'
import { AutomationError, describeError } from '@org/core'
import type { WriteListingParams } from '../actions/host-actions.ts'
import { listingImpact } from '../actions/listing-impact.ts'
import { differingTerms, type ListingTerms } from '../actions/listing-terms.ts'
import type { MachineView } from '../actions/machine-view.ts'
import type { VastAiClient } from '../client/vast-ai-client.ts'
import { checkTerms } from './check-terms.ts'
import type { OwnMachines } from './own-machines.ts'
import { costlessReceipt } from './receipt.ts'
import { VastAiVenueError } from './venue-error.ts'

/**
 * Writes the whole listing of a machine and reads it back.
 *
 * @throws {VastAiVenueError} `LISTING_CHANGED`, `LISTING_UNREADABLE`, `MACHINE_GONE`, `INVALID_TERMS` before anything was sent;
 *   `LISTING_MISMATCH`, `READ_BACK_FAILED` after.
 */
export async function writeListing(
  { client, machines }: { readonly client: VastAiClient; readonly machines: OwnMachines },
  intent: Intent,
  params: WriteListingParams,
  options: ExecuteOptions,
): Promise<Receipt> {
  const { machineId, terms, expected } = params
  const before = await machines.get(machineId, options)
  refuseChangedListing(before, expected)
  checkTerms(before, terms)
  const impact = listingImpact(before, terms)
  const { extended } = await client.machines.writeListing(machineId, terms, options)
  const after = await readBack(machines, machineId, options)
  const wrong = after.listing === undefined ? ['listing'] : differingTerms(terms, after.listing)
  if (wrong.length > 0)
    throw new VastAiVenueError({
      code: 'LISTING_MISMATCH',
      message: `machine ${machineId}: the listing was written, but ${wrong.join(', ')} came back different; look at it on the market before the next change`,
      effect: 'done',
      details: { machineId, fields: wrong },
    })
  return costlessReceipt(intent, after.asOf, `listing of machine ${machineId}`, {
    pricePerGpuHour: terms.pricePerGpuHour,
    contractsExtended: extended,
    extensionsStopped: impact.extensionsStopped,
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

async function readBack(machines: OwnMachines, machineId: number, options: ExecuteOptions): Promise<MachineView> {
  try {
    return await machines.get(machineId, options)
  } catch (error) {
    throw new VastAiVenueError({
      code: 'READ_BACK_FAILED',
      message: `machine ${machineId}: the listing was written and could not be read back: ${describeError(error)}`,
      effect: 'unknown',
      details: { machineId, code: AutomationError.isInstance(error) ? error.code : undefined },
      cause: error,
    })
  }
}
