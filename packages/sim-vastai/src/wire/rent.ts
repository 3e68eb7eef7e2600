import { createHash } from 'node:crypto'
import { AutomationError } from '@org/core'
import type { Contract } from '../market/contract.ts'
import type { Offer } from '../market/offer.ts'
import { optionalText, toNumber } from './arguments.ts'
import type { Call } from './call.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { invalidArguments, Refused } from './refused.ts'

/** Disk of a new instance when the request names none, and the least there is, GB. */
export const DISK_GB_DEFAULT = 10
export const DISK_GB_MIN = 8
const LABEL_CHARS_MAX = 1_024

/** Renter's USD per hour for the whole chunk. */
const bidRange = { min: 0.001, max: 128 } as const

/**
 * Rents one chunk as `PUT /asks/{id}/` asks.
 *
 * @throws {Refused} with the statuses and messages of the real service: 400 for bad arguments, 403 when a host rents a foreign
 *   machine, 404 for an ask that is gone, 410 when it is taken and `cancel_unavail` was set.
 */
export function rentAsk(call: Call, askId: number, body: JsonObject): Contract {
  const { simulation, caller } = call
  const { world } = simulation
  const asked = readRequest(call, askId, body)
  const offer = simulation.asks.resolve(world, askId)
  if (offer === undefined) throw noSuchAsk(askId)
  const isOwn = offer.hostId === caller.account.id
  if (caller.account.kind === 'host' && !isOwn)
    throw new Refused(
      403,
      'invalid_args',
      `error 403/3586: Offer ${askId} is not your own. Hosts can only rent their own machines.`,
      { ask_id: askId },
    )
  if (!offer.isRentable) throw unavailable(askId, isOwn, body['cancel_unavail'] === true)
  const contract = rentOffer(call, offer, askId, {
    accountId: caller.account.id,
    offerId: offer.id,
    diskGb: asked.diskGb,
    ownUse: isOwn,
    ...(asked.bidUsdPerHour === undefined ? {} : { bidUsdPerHour: asked.bidUsdPerHour }),
    ...(asked.label === undefined ? {} : { label: asked.label }),
  })
  rememberSettings(call, contract, body)
  return contract
}

function rentOffer(
  call: Call,
  offer: Offer,
  askId: number,
  request: Parameters<Call['simulation']['world']['rent']>[0],
) {
  try {
    return call.simulation.world.rent(request)
  } catch (error) {
    if (!AutomationError.isInstance(error)) throw error
    if (error.code === 'SIM_BID_TOO_LOW')
      throw new Refused(400, 'invalid_price', `Bid is below the minimum of ${offer.renterMinBidUsdPerHour}.`, {
        ask_id: askId,
      })
    if (error.code === 'SIM_NO_SUCH_OFFER') throw noSuchAsk(askId)
    throw error
  }
}

interface Asked {
  readonly diskGb: number
  readonly bidUsdPerHour: number | undefined
  readonly label: string | undefined
}

function readRequest(call: Call, askId: number, body: JsonObject): Asked {
  const refuse = (msg: string) => invalidArguments(msg, { ask_id: askId })
  const image = optionalText(body, 'image')
  const template = findTemplate(call, body)
  if (image === undefined && template === undefined && body['template_hash_id'] == null)
    throw refuse('Must specify image or template_hash_id.')
  const diskGb = body['disk'] == null ? DISK_GB_DEFAULT : toNumber(body['disk'])
  if (diskGb === undefined || diskGb <= 0) throw refuse('Invalid disk.')
  const price = body['price']
  const bid = price == null ? undefined : (toNumber(price) ?? Number.NaN)
  if (bid !== undefined && !(bid >= bidRange.min && bid <= bidRange.max))
    throw new Refused(400, 'invalid_price', `Please set a bid price from ${bidRange.min} to ${bidRange.max}.`, {
      ask_id: askId,
    })
  const label = optionalText(body, 'label')
  if (label !== undefined && label.length > LABEL_CHARS_MAX)
    throw new Refused(400, 'label_too_long', `A label has at most ${LABEL_CHARS_MAX} characters.`, { ask_id: askId })
  if (call.caller.account.kind === 'renter' && call.simulation.world.account(call.caller.account.id).balanceUsd <= 0)
    throw new Refused(400, 'insufficient_credit', 'Your account lacks credit; see the billing page.', { ask_id: askId })
  return { diskGb: Math.max(DISK_GB_MIN, diskGb), bidUsdPerHour: bid, label }
}

function rememberSettings(call: Call, contract: Contract, body: JsonObject): void {
  const { simulation, nowMs } = call
  const template = findTemplate(call, body)
  if (template !== undefined) template.countCreated++
  const image = optionalText(body, 'image') ?? optionalText(template?.fields ?? {}, 'image') ?? null
  const env = body['env']
  simulation.instances.set(
    {
      instanceId: contract.id,
      image,
      env: isJsonObject(env) ? env : {},
      onstart: optionalText(body, 'onstart') ?? null,
      runtype: optionalText(body, 'runtype') ?? 'ssh',
      args: Array.isArray(body['args']) ? (body['args'] as readonly Json[]) : [],
      templateId: template?.id ?? null,
      templateHashId: optionalText(body, 'template_hash_id') ?? null,
      templateName: optionalText(template?.fields ?? {}, 'name') ?? null,
      jupyterToken: createHash('sha256').update(`jupyter ${simulation.seed} ${contract.id}`).digest('hex'),
      volumeInfo: isJsonObject(body['volume_info']) ? [body['volume_info']] : [],
      sshKeyIds: new Set(call.caller.book.sshKeys.keys()),
      bootedMs: nowMs,
    },
    simulation.world,
  )
}

function findTemplate(call: Call, body: JsonObject) {
  const hashId = body['template_hash_id']
  if (typeof hashId !== 'string') return undefined
  return [...call.caller.book.templates.values()].find(template => template.hashId === hashId)
}

function noSuchAsk(askId: number): Refused {
  const msg = `error 404/3603: no_such_ask Instance type by id ${askId} is not available.`
  return new Refused(404, 'invalid_args', msg, { ask_id: askId })
}

function unavailable(askId: number, isOwn: boolean, cancels: boolean): Refused {
  if (isOwn) return new Refused(400, 'invalid_args', 'error 400/3763: GPU conflict', { ask_id: askId })
  if (!cancels) return noSuchAsk(askId)
  const msg = `error 410/3907: no_such_ask Instance type ${askId} is no longer available.`
  return new Refused(410, 'no_such_ask', msg, { ask_id: askId })
}
