import type { ExecuteOptions, Intent, Reconciliation } from '@org/core'
import { setMinBidSchema, unlistSchema, writeListingSchema } from '../actions/host-actions.ts'
import { differingTerms } from '../actions/listing-terms.ts'
import { destroyInstanceSchema } from '../actions/renter-actions.ts'
import { VastAiNotFoundError } from '../client/errors.ts'
import type { Hands } from './execute.ts'
import { costlessReceipt } from './receipt.ts'
import { VastAiVenueError } from './venue-error.ts'

/** Looks what became of an intent; changes nothing. What converges is compared with what stands now. */
export async function reconcile(hands: Hands, intent: Intent, options: ExecuteOptions): Promise<Reconciliation> {
  const { client, machines, now } = hands
  const done = (venueRef: string): Reconciliation => ({
    status: 'done',
    receipt: costlessReceipt(intent, now(), venueRef),
  })
  try {
    switch (intent.action) {
      case 'write-listing': {
        const { machineId, terms } = writeListingSchema.parse(intent.params)
        const { listing } = await machines.get(machineId, options)
        const stands = listing !== undefined && differingTerms(terms, listing).length === 0
        return stands ? done(`listing of machine ${machineId}`) : { status: 'not-done' }
      }
      case 'unlist': {
        const { machineId } = unlistSchema.parse(intent.params)
        const { listed } = await machines.get(machineId, options)
        return listed ? { status: 'not-done' } : done(`listing of machine ${machineId}`)
      }
      case 'set-min-bid': {
        const { machineId, minBidPerGpuHour } = setMinBidSchema.parse(intent.params)
        const { listing } = await machines.get(machineId, options)
        const stands = Math.abs((listing?.minBidPerGpuHour ?? Number.NaN) - minBidPerGpuHour) < 1e-6
        return stands ? done(`minimum bid of machine ${machineId}`) : { status: 'not-done' }
      }
      case 'create-instance': {
        const instance = await client.instances.findByKey({ idempotencyKey: options.idempotencyKey }, options)
        if (instance === undefined) return { status: 'not-done' }
        return {
          status: 'done',
          receipt: { intentId: intent.id, venueRef: String(instance.id), at: now(), postings: [] },
        }
      }
      case 'destroy-instance': {
        const { instanceId } = destroyInstanceSchema.parse(intent.params)
        try {
          await client.instances.get(instanceId, options)
          return { status: 'not-done' }
        } catch (error) {
          if (error instanceof VastAiNotFoundError) return done(String(instanceId))
          throw error
        }
      }
      default:
        return { status: 'unknown', reason: `vastai does not show what became of ${intent.action}` }
    }
  } catch (error) {
    // A machine that is gone holds no listing.
    if (error instanceof VastAiVenueError && error.code === 'MACHINE_GONE') return { status: 'not-done' }
    throw error
  }
}
