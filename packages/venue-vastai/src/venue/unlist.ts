import type { ExecuteOptions, Intent, Receipt } from '@org/core'
import { VastAiNotFoundError } from '../client/errors.ts'
import type { Hands } from './hands.ts'
import { mismatch, readBack } from './read-back.ts'
import { costlessReceipt } from './receipt.ts'
import { VastAiVenueError } from './venue-error.ts'

/**
 * Takes a machine off the market and looks that it is off. A machine that is gone offers nothing, which is what was asked for.
 *
 * @throws {VastAiVenueError} `LISTING_MISMATCH`, `READ_BACK_FAILED`
 */
export async function unlist(
  { client, machines, clock }: Hands,
  intent: Intent,
  machineId: number,
  options: ExecuteOptions,
): Promise<Receipt> {
  const venueRef = `listing of machine ${machineId}`
  try {
    await client.machines.unlist(machineId, options)
    const after = await readBack(machines, machineId, 'it was unlisted', options)
    if (after.listed) throw mismatch(machineId, 'it was unlisted', ['listed'])
    return costlessReceipt(intent, after.asOf, venueRef, {
      runningContracts: after.rentals.running,
      clientEndDateMs: after.clientEndDateMs ?? null,
    })
  } catch (error) {
    if (!isGone(error)) throw error
    return costlessReceipt(intent, clock.now(), venueRef, { machineGone: true })
  }
}

function isGone(error: unknown): boolean {
  if (error instanceof VastAiNotFoundError) return true
  return error instanceof VastAiVenueError && (error.code === 'MACHINE_GONE' || isGone(error.cause))
}
