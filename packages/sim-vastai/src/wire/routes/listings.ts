import { durationMs, InvalidInputError } from '@org/core'
import type { ListingTerms } from '../../market/listing.ts'
import { json } from '../answer.ts'
import { optionalAmount, requireText, toNumber } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import type { Json } from '../json.ts'
import { ownMachine } from '../own-machine.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments, Refused } from '../refused.ts'

const PRICE_USD_MAX = 128

/** Putting machines on the market. Prices are what the HOST earns. */
export const listingRoutes: readonly Route[] = [
  { method: 'PUT', path: '/machines/create_asks', access: 'machine_write', handle: createAsks },
  {
    method: 'DELETE',
    path: '/machines/:id/asks',
    access: 'machine_write',
    limit: every(1.8),
    handle: call => {
      const machine = ownMachine(call, call.params[0])
      call.simulation.world.unlist(machine.id)
      return json({ success: true, machine_id: machine.id, user_id: call.caller.account.id })
    },
  },
  {
    method: 'PUT',
    path: '/machines/:id/minbid',
    access: 'machine_write',
    limit: every(1.5),
    handle: call => {
      const machine = ownMachine(call, call.params[0])
      const price = optionalAmount(call.body, 'price')
      if (price === undefined || price > PRICE_USD_MAX) throw invalidArguments('Invalid price')
      call.simulation.world.setMinBid(machine.id, price)
      return json({ success: true, you_sent: call.body })
    },
  },
  { method: 'PUT', path: '/machines/create_bids', access: 'machine_write', limit: every(2.8), handle: setDefaultJob },
  {
    method: 'DELETE',
    path: '/machines/:id/defjob',
    access: 'machine_write',
    limit: every(1.2),
    handle: call => {
      call.simulation.world.removeDefaultJob(ownMachine(call, call.params[0]).id)
      return json({ success: true })
    },
  },
]

/**
 * Lists, relists or reprices. The listing is written whole: what is null or absent falls back to its default, it is not kept.
 * Only `price_gpu` may be left out of a listing that stands.
 */
function createAsks(call: Call) {
  const { body, simulation } = call
  const machineId = toNumber(body['machine'])
  const minChunk = 'min_chunk' in body ? toNumber(body['min_chunk']) : 1
  // A min_chunk that is there but null is refused, unlike every other field.
  if (machineId === undefined || minChunk === undefined || !simulation.world.hasMachine(machineId))
    throw invalidArguments('Invalid machine id or min_chunk')
  const machine = simulation.world.machine(machineId)
  if (machine.hostId !== call.caller.account.id)
    throw new Refused(403, 'not_authorized', 'Only machine owner can create ask contracts')
  if (!Number.isInteger(minChunk) || minChunk < 1 || minChunk > machine.gpuCount)
    throw invalidArguments('Invalid machine id or min_chunk')
  const gpuUsdPerHour = optionalAmount(body, 'price_gpu') ?? machine.listing?.gpuUsdPerHour
  if (gpuUsdPerHour === undefined || gpuUsdPerHour > PRICE_USD_MAX) throw invalidArguments('Invalid price_gpu')
  const terms: ListingTerms = {
    gpuUsdPerHour,
    minChunk,
    ...given('diskUsdPerGbMonth', optionalAmount(body, 'price_disk')),
    ...given('inetUpUsdPerGb', optionalAmount(body, 'price_inetu')),
    ...given('inetDownUsdPerGb', optionalAmount(body, 'price_inetd')),
    ...given('minBidUsdPerGpuHour', optionalAmount(body, 'price_min_bid')),
    ...given('creditDiscountMax', optionalAmount(body, 'credit_discount_max')),
    ...given('volumeGb', optionalAmount(body, 'vol_size')),
    ...given('volumeUsdPerGbMonth', optionalAmount(body, 'vol_price')),
    ...readEnd(call),
  }
  const result = simulation.world.list(machineId, terms)
  return json({ success: true, extended: result.extended, you_sent: body })
}

function readEnd(call: Call): Partial<ListingTerms> {
  const endS = optionalAmount(call.body, 'end_date')
  const lasting = readDuration(call.body['duration'])
  if (endS !== undefined && lasting !== undefined) throw invalidArguments('duration and end_date exclude each other')
  if (endS !== undefined && endS * 1000 <= call.nowMs) throw invalidArguments('Invalid end_date: it is in the past')
  return { ...given('endMs', endS === undefined ? undefined : endS * 1000), ...given('durationMs', lasting) }
}

const units: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
}

/** Seconds, `"30 days"`, `"2 weeks"` or `"36h"`; in ms. */
function readDuration(value: Json | undefined): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const seconds = toNumber(value)
  if (seconds !== undefined && seconds > 0) return seconds * 1000
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+?)s?\s*$/i.exec(String(value))
  const unit = match?.[2] === undefined ? undefined : units[match[2].toLowerCase()]
  if (match !== null && unit !== undefined) return Number(match[1]) * unit * 1000
  try {
    return durationMs(String(value))
  } catch (error) {
    if (error instanceof InvalidInputError) throw invalidArguments('Invalid duration')
    throw error
  }
}

/** Background work of the host's own; it yields to every renter. */
function setDefaultJob(call: Call) {
  const { body } = call
  const machine = ownMachine(call, body['machine'])
  call.simulation.world.setDefaultJob(machine.id, {
    gpuUsdPerHour: optionalAmount(body, 'price_gpu') ?? 0,
    inetUpUsdPerGb: optionalAmount(body, 'price_inetu') ?? 0,
    inetDownUsdPerGb: optionalAmount(body, 'price_inetd') ?? 0,
    image: requireText(body, 'image', 1_024),
    args: Array.isArray(body['args']) ? (body['args'] as readonly Json[]).map(String) : [],
  })
  return json({ success: true, machine_id: machine.id, user_id: call.caller.account.id, you_sent: body })
}

function given<K extends keyof ListingTerms>(key: K, value: number | undefined): Partial<ListingTerms> {
  return value === undefined ? {} : { [key]: value }
}
