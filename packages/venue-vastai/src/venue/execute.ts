import type { ExecuteOptions, Intent, Receipt } from '@org/core'
import { InvalidInputError } from '@org/core'
import { setMinBidSchema, unlistSchema, writeListingSchema } from '../actions/host-actions.ts'
import { changeBidSchema, createInstanceSchema, destroyInstanceSchema } from '../actions/renter-actions.ts'
import { VastAiNotFoundError } from '../client/errors.ts'
import type { VastAiClient } from '../client/vast-ai-client.ts'
import type { OwnMachines } from './own-machines.ts'
import { costlessReceipt } from './receipt.ts'
import { VastAiVenueError } from './venue-error.ts'
import { writeListing } from './write-listing.ts'

/** What carrying out needs. */
export interface Hands {
  readonly client: VastAiClient
  readonly machines: OwnMachines
  readonly now: () => number
}

/** Carries out one intent; one case for each action. */
export async function execute(hands: Hands, intent: Intent, options: ExecuteOptions): Promise<Receipt> {
  const { client, machines, now } = hands
  switch (intent.action) {
    case 'write-listing':
      return writeListing(hands, intent, writeListingSchema.parse(intent.params), options)
    case 'unlist': {
      const { machineId } = unlistSchema.parse(intent.params)
      await client.machines.unlist(machineId, options)
      return costlessReceipt(intent, now(), `listing of machine ${machineId}`)
    }
    case 'set-min-bid': {
      const { machineId, minBidPerGpuHour } = setMinBidSchema.parse(intent.params)
      await client.machines.setMinBid(machineId, minBidPerGpuHour, options)
      const { listing } = await machines.get(machineId, options)
      if (Math.abs((listing?.minBidPerGpuHour ?? Number.NaN) - minBidPerGpuHour) < 1e-6)
        return costlessReceipt(intent, now(), `minimum bid of machine ${machineId}`)
      throw new VastAiVenueError({
        code: 'LISTING_MISMATCH',
        message: `machine ${machineId}: the minimum bid was written, but ${listing?.minBidPerGpuHour ?? 'none'} came back`,
        effect: 'done',
        details: { machineId },
      })
    }
    case 'create-instance': {
      const { bidPerHour, ...wish } = createInstanceSchema.parse(intent.params)
      const { instanceId } = await client.instances.create(
        { ...wish, bidPerHour: bidPerHour ?? undefined, idempotencyKey: options.idempotencyKey },
        options,
      )
      return { intentId: intent.id, venueRef: String(instanceId), at: now(), postings: [] }
    }
    case 'destroy-instance': {
      const { instanceId } = destroyInstanceSchema.parse(intent.params)
      try {
        await client.instances.destroy(instanceId, options)
      } catch (error) {
        // Gone is what was asked for.
        if (!(error instanceof VastAiNotFoundError)) throw error
      }
      return costlessReceipt(intent, now(), String(instanceId))
    }
    case 'change-bid': {
      const { instanceId, bidPerHour } = changeBidSchema.parse(intent.params)
      await client.instances.changeBid(instanceId, bidPerHour, options)
      return { intentId: intent.id, venueRef: String(instanceId), at: now(), postings: [] }
    }
    default:
      throw new InvalidInputError({
        code: 'UNKNOWN_ACTION',
        message: `vastai has no action ${JSON.stringify(intent.action)}`,
      })
  }
}
