import type { CallOptions, ExecuteOptions, Intent, Reconciliation } from '@org/core'
import { setMinBidSchema, unlistSchema, writeListingSchema } from '../actions/host-actions.ts'
import { differingTerms } from '../actions/listing-terms.ts'
import { changeBidSchema, destroyInstanceSchema } from '../actions/renter-actions.ts'
import { lookWaitsMs } from '../client/create-once.ts'
import { VastAiNotFoundError } from '../client/errors.ts'
import type { Instance } from '../wire/instance.ts'
import type { Hands } from './hands.ts'
import { readParams } from './read-params.ts'
import { costlessReceipt, endingReceipt } from './receipt.ts'
import { VastAiVenueError } from './venue-error.ts'
import { hasMinBid } from './write-min-bid.ts'

// Vast.ai gives prices back with binary noise.
const tolerance = 1e-6

/**
 * Looks what became of an intent; changes nothing. What converges is compared with what stands now, a rental is looked up by its key.
 * Where the market does not say, the answer is `unknown`, and the reservation stays.
 */
export async function reconcile(hands: Hands, intent: Intent, options: ExecuteOptions): Promise<Reconciliation> {
  const { machines, clock } = hands
  const finish = (isDone: boolean, venueRef: string): Reconciliation =>
    isDone ? { status: 'done', receipt: costlessReceipt(intent, clock.now(), venueRef) } : { status: 'not-done' }
  switch (intent.action) {
    case 'write-listing': {
      const { machineId, terms } = readParams(intent, writeListingSchema)
      const machine = await orGone(machines.get(machineId, options))
      if (machine?.listed === true && machine.listing === undefined)
        return unknown(`the market does not show the whole listing of machine ${machineId}`)
      const listing = machine?.listing
      const stands = listing !== undefined && differingTerms(terms, listing).length === 0
      return finish(stands, `listing of machine ${machineId}`)
    }
    case 'unlist': {
      const { machineId } = readParams(intent, unlistSchema)
      // A machine that is gone offers nothing.
      const machine = await orGone(machines.get(machineId, options))
      return finish(machine?.listed !== true, `listing of machine ${machineId}`)
    }
    case 'set-min-bid': {
      const { machineId, minBidPerGpuHour } = readParams(intent, setMinBidSchema)
      const machine = await orGone(machines.get(machineId, options))
      if (machine?.listed === true && machine.listing === undefined)
        return unknown(`the market does not show the whole listing of machine ${machineId}`)
      const stands = machine !== undefined && hasMinBid(machine, minBidPerGpuHour)
      return finish(stands, `minimum bid of machine ${machineId}`)
    }
    case 'create-instance':
      return findCreated(hands, intent, options)
    case 'destroy-instance': {
      const { instanceId } = readParams(intent, destroyInstanceSchema)
      return (await liveInstance(hands, instanceId, options)) === undefined
        ? { status: 'done', receipt: endingReceipt(intent, clock.now(), String(instanceId)) }
        : { status: 'not-done' }
    }
    case 'change-bid': {
      const { instanceId, bidPerHour } = readParams(intent, changeBidSchema)
      const instance = await liveInstance(hands, instanceId, options)
      const price = instance?.dph_base
      if (instance !== undefined && typeof price !== 'number')
        return unknown(`the market does not show the price of instance ${instanceId}`)
      return Math.abs((price ?? Number.NaN) - bidPerHour) < tolerance
        ? rented(intent, instanceId, clock.now())
        : { status: 'not-done' }
    }
    default:
      return unknown(`vastai has no action ${JSON.stringify(intent.action)}`)
  }
}

/** A rental may show up late. While its request can still be on its way it is looked for several times, as creating does. */
async function findCreated({ client, clock }: Hands, intent: Intent, options: ExecuteOptions): Promise<Reconciliation> {
  const waitsMs = clock.now() > intent.expiresAt ? [0] : lookWaitsMs
  for (const waitMs of waitsMs) {
    if (waitMs > 0) await clock.sleep(waitMs, { signal: options.signal })
    const instance = await client.instances.findByKey({ idempotencyKey: options.idempotencyKey }, options)
    if (instance !== undefined) return rented(intent, instance.id, clock.now())
  }
  return { status: 'not-done' }
}

/** Costs what was reserved, until somebody knows better: no postings. */
function rented(intent: Intent, instanceId: number, at: number): Reconciliation {
  return { status: 'done', receipt: { intentId: intent.id, venueRef: String(instanceId), at, postings: [] } }
}

function unknown(reason: string): Reconciliation {
  return { status: 'unknown', reason }
}

async function orGone<Value>(looking: Promise<Value>): Promise<Value | undefined> {
  try {
    return await looking
  } catch (error) {
    if (error instanceof VastAiVenueError && error.code === 'MACHINE_GONE') return undefined
    throw error
  }
}

async function liveInstance(
  { client }: Hands,
  instanceId: number,
  options: CallOptions,
): Promise<Instance | undefined> {
  try {
    const instance = await client.instances.get(instanceId, options)
    return instance.cur_state === 'unloaded' ? undefined : instance
  } catch (error) {
    if (error instanceof VastAiNotFoundError) return undefined
    throw error
  }
}
