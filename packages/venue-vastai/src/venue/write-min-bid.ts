import type { ExecuteOptions, Intent, Receipt } from '@org/core'
import type { SetMinBidParams } from '../actions/host-actions.ts'
import type { MachineView } from '../actions/machine-view.ts'
import { checkTerms } from './check-terms.ts'
import type { Hands } from './hands.ts'
import { mismatch, readBack } from './read-back.ts'
import { costlessReceipt } from './receipt.ts'
import { VastAiVenueError } from './venue-error.ts'

/**
 * Sets the floor of bids and reads it back: the answer of Vast.ai does not tell whether it took it.
 *
 * @throws {VastAiVenueError} `MACHINE_GONE`, `NOT_LISTED`, `LISTING_UNREADABLE`, `INVALID_TERMS` before anything was sent;
 *   `LISTING_MISMATCH`, `READ_BACK_FAILED` after.
 */
export async function writeMinBid(
  { client, machines }: Hands,
  intent: Intent,
  { machineId, minBidPerGpuHour }: SetMinBidParams,
  options: ExecuteOptions,
): Promise<Receipt> {
  const before = await machines.get(machineId, options)
  const { listing } = before
  if (listing === undefined)
    throw new VastAiVenueError({
      code: before.listed ? 'LISTING_UNREADABLE' : 'NOT_LISTED',
      message: before.listed
        ? `machine ${machineId}: the market does not show its whole listing; nothing was written`
        : `machine ${machineId} is not listed, so it has no minimum bid; list it with one`,
      effect: 'none',
      details: { machineId },
    })
  checkTerms(before, { ...listing, minBidPerGpuHour }, before.asOf)
  await client.machines.setMinBid(machineId, minBidPerGpuHour, options)
  const after = await readBack(machines, machineId, 'the minimum bid was written', options)
  if (!hasMinBid(after, minBidPerGpuHour))
    throw mismatch(machineId, 'the minimum bid was written', ['minBidPerGpuHour'])
  return costlessReceipt(intent, after.asOf, `minimum bid of machine ${machineId}`, {
    minBidPerGpuHour,
    minBidBefore: listing.minBidPerGpuHour,
  })
}

// Vast.ai gives prices back with binary noise.
const tolerance = 1e-6

export function hasMinBid(machine: MachineView, minBidPerGpuHour: number): boolean {
  return Math.abs((machine.listing?.minBidPerGpuHour ?? Number.NaN) - minBidPerGpuHour) < tolerance
}
