import type { Listing, ListingTerms } from '../../market/listing.ts'
import { json } from '../answer.ts'
import { optionalAmount, requireId } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import type { Json } from '../json.ts'
import { ownMachine } from '../own-machine.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments, Refused } from '../refused.ts'
import { volumeAskId } from '../search/offer-row.ts'

const SIZE_GB_DEFAULT = 15
const USD_PER_GB_MONTH_DEFAULT = 0.1

/** Offering disk as volumes, and copying volumes. A machine's volume offer is a part of its listing and ends with it. */
export const volumeOfferRoutes: readonly Route[] = [
  { method: 'POST', path: '/volumes', access: 'machine_write', limit: every(5.5), handle: offer },
  {
    method: 'POST',
    path: '/volumes/unlist',
    access: 'machine_write',
    limit: every(5),
    handle: call => {
      const { id } = call.body
      const machine = ownMachine(call, (requireId(id, 'volume ask id') - volumeAskId(0)) / 64)
      if (machine.listing !== undefined)
        call.simulation.world.list(machine.id, { ...termsOf(machine.listing), volumeGb: 0 })
      return json({ success: true, msg: `Volume offer ${id} unlisted.` })
    },
  },
  { method: 'POST', path: '/volumes/copy', access: 'instance_write', handle: copy },
]

/** `machine` is one id or a list. */
function offer(call: Call) {
  const { body, simulation } = call
  const { machine: wanted } = body
  const ids = Array.isArray(wanted) ? (wanted as readonly Json[]) : [wanted]
  const volumeGb = optionalAmount(body, 'size') ?? SIZE_GB_DEFAULT
  const volumeUsdPerGbMonth = optionalAmount(body, 'price_disk') ?? USD_PER_GB_MONTH_DEFAULT
  const machines = ids.map(id => ownMachine(call, id))
  const listings = machines.map(machine => {
    if (machine.listing === undefined)
      throw new Refused(400, 'invalid_args', `Machine ${machine.id} is not listed: list it first.`)
    if (volumeGb > machine.diskFreeGb) throw invalidArguments('Invalid size: more than the free disk')
    return { id: machine.id, terms: { ...termsOf(machine.listing), volumeGb, volumeUsdPerGbMonth } }
  })
  for (const { id, terms } of listings) simulation.world.list(id, terms)
  return json({ success: true, msg: `Volume offers created for ${listings.length} machines.`, you_sent: body })
}

/** A new volume of the source's size on the machine that the destination's ask belongs to. */
function copy(call: Call) {
  const { world } = call.simulation
  const accountId = call.caller.account.id
  const sourceId = requireId(call.body['src_id'], 'src_id')
  const source = world.volumes({ accountId }).find(volume => volume.id === sourceId)
  if (source === undefined) throw new Refused(404, 'no_such_volume', `No such volume ${sourceId}.`)
  const askId = requireId(call.body['dst_id'], 'dst_id')
  const machineId = (askId - volumeAskId(0)) / 64
  if (!Number.isInteger(machineId) || !world.hasMachine(machineId))
    throw new Refused(404, 'no_such_ask', `No such volume ask ${askId}.`)
  const sizeGb = optionalAmount(call.body, 'size') ?? source.sizeGb
  if (sizeGb < source.sizeGb) throw invalidArguments('Invalid size: smaller than the source')
  const { id } = world.rentVolume({ accountId, machineId, sizeGb })
  return json({ success: true, id, msg: `Copying volume ${sourceId} to volume ${id}.` })
}

function termsOf(listing: Listing): ListingTerms {
  const { sinceMs: _since, listedMs: _listed, minBidUsdPerGpuHour, endMs, durationMs, ...terms } = listing
  return {
    ...terms,
    ...(minBidUsdPerGpuHour === undefined ? {} : { minBidUsdPerGpuHour }),
    ...(endMs === undefined ? {} : { endMs }),
    ...(durationMs === undefined ? {} : { durationMs }),
  }
}
