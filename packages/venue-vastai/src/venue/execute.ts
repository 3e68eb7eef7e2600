import type { ExecuteOptions, Intent, Receipt } from '@org/core'
import { InvalidInputError } from '@org/core'
import { vastAiActions } from '../actions/action-map.ts'
import { setMinBidSchema, unlistSchema, writeListingSchema } from '../actions/host-actions.ts'
import { changeBidSchema, createInstanceSchema, destroyInstanceSchema } from '../actions/renter-actions.ts'
import { VastAiNotFoundError } from '../client/errors.ts'
import type { Hands } from './hands.ts'
import { readParams } from './read-params.ts'
import { endingReceipt } from './receipt.ts'
import { unlist } from './unlist.ts'
import { writeListing } from './write-listing.ts'
import { writeMinBid } from './write-min-bid.ts'

/** Carries out one intent; one case for each action. */
export async function execute(hands: Hands, intent: Intent, options: ExecuteOptions): Promise<Receipt> {
  const { client, clock } = hands
  switch (intent.action) {
    case 'write-listing':
      return writeListing(hands, intent, readParams(intent, writeListingSchema), options)
    case 'unlist':
      return unlist(hands, intent, readParams(intent, unlistSchema).machineId, options)
    case 'set-min-bid':
      return writeMinBid(hands, intent, readParams(intent, setMinBidSchema), options)
    case 'create-instance': {
      const { bidPerHour, ...wish } = readParams(intent, createInstanceSchema)
      const { instanceId, wasFound } = await client.instances.create(
        { ...wish, bidPerHour: bidPerHour ?? undefined, idempotencyKey: options.idempotencyKey },
        options,
      )
      // Without postings the whole reservation is spent: what a rental costs is known when it ends. Its exposure stands until
      // it is destroyed.
      return { intentId: intent.id, venueRef: String(instanceId), at: clock.now(), postings: [], details: { wasFound } }
    }
    case 'destroy-instance': {
      const { instanceId } = readParams(intent, destroyInstanceSchema)
      try {
        await client.instances.destroy(instanceId, options)
      } catch (error) {
        // Gone is what was asked for.
        if (!(error instanceof VastAiNotFoundError)) throw error
      }
      return endingReceipt(intent, clock.now(), String(instanceId))
    }
    case 'change-bid': {
      const { instanceId, bidPerHour } = readParams(intent, changeBidSchema)
      await client.instances.changeBid(instanceId, bidPerHour, options)
      return { intentId: intent.id, venueRef: String(instanceId), at: clock.now(), postings: [] }
    }
    default:
      throw new InvalidInputError({
        code: 'UNKNOWN_ACTION',
        message: `vastai has no action ${JSON.stringify(intent.action)}; known: ${Object.keys(vastAiActions).join(', ')}`,
      })
  }
}
