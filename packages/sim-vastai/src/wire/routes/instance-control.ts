import { json } from '../answer.ts'
import { optionalAmount, optionalText, requireIds, toNumber } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import { isJsonObject, type Json } from '../json.ts'
import { ownContract } from '../own-contract.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments, Refused } from '../refused.ts'
import { instanceRow } from '../rows/instance-row.ts'

const LABEL_CHARS_MAX = 1_024
const changeBidRange = { min: 0.001, max: 32 } as const

/** Changing instances that exist. */
export const instanceControlRoutes: readonly Route[] = [
  { method: 'PUT', path: '/instances/:id', access: 'instance_write', limit: every(1), handle: changeOne },
  { method: 'PUT', path: '/instances', access: 'instance_write', limit: every(2), handle: changeMany },
  { method: 'DELETE', path: '/instances/:id', access: 'instance_write', limit: every(3), handle: destroyOne },
  { method: 'DELETE', path: '/instances', access: 'instance_write', handle: destroyMany },
  { method: 'PUT', path: '/instances/reboot/:id', access: 'instance_write', limit: every(1), handle: restart },
  { method: 'PUT', path: '/instances/recycle/:id', access: 'instance_write', limit: every(1), handle: restart },
  { method: 'PUT', path: '/instances/bid_price/:id', access: 'instance_write', limit: every(5.5), handle: changeBid },
  { method: 'PUT', path: '/instances/prepay/:id', access: 'billing_write', limit: every(2), handle: prepay },
  { method: 'PUT', path: '/instances/update_template/:id', access: 'instance_write', handle: updateTemplate },
]

function setState(call: Call, id: Json | undefined, state: Json | undefined): void {
  const contract = ownContract(call, id)
  if (state === 'stopped') {
    call.simulation.world.stop(contract.id)
  } else if (state === 'running') {
    const settings = call.simulation.instances.get(contract.id)
    if (settings !== undefined && contract.status !== 'running') settings.bootedMs = call.nowMs
    call.simulation.world.start(contract.id)
  } else {
    throw invalidArguments('Invalid state: expected running or stopped')
  }
}

function changeOne(call: Call) {
  const { body } = call
  if ('label' in body) {
    const contract = ownContract(call, call.params[0])
    const label = optionalText(body, 'label') ?? ''
    if (label.length > LABEL_CHARS_MAX)
      throw new Refused(400, 'label_too_long', `A label has at most ${LABEL_CHARS_MAX} characters.`)
    call.simulation.world.setLabel(contract.id, label === '' ? undefined : label)
  } else {
    setState(call, call.params[0], body['state'])
  }
  return json({ success: true })
}

function changeMany(call: Call) {
  const ids = requireIds(call.body['ids'], 'ids')
  for (const id of ids) ownContract(call, id)
  for (const id of ids) setState(call, id, call.body['state'])
  return json({ success: true })
}

function destroyOne(call: Call) {
  call.simulation.world.destroy(ownContract(call, call.params[0]).id)
  return json({ success: true, msg: 'Instance destroyed.' })
}

/** Answers repetitions alike: the official client sends the same DELETE six times. */
function destroyMany(call: Call) {
  const { world } = call.simulation
  for (const id of requireIds(call.body['instance_ids'], 'instance_ids'))
    if (world.hasContract(id) && world.contract(id).accountId === call.caller.account.id) world.destroy(id)
  return json({ success: true })
}

function restart(call: Call) {
  const contract = ownContract(call, call.params[0])
  if (contract.status !== 'running') throw new Refused(400, 'invalid_args', `Instance ${contract.id} is not running.`)
  const settings = call.simulation.instances.get(contract.id)
  if (settings !== undefined) settings.bootedMs = call.nowMs
  return json({ success: true })
}

function changeBid(call: Call) {
  const contract = ownContract(call, call.params[0])
  const price = call.body['price']
  const bid = price == null ? undefined : (toNumber(price) ?? Number.NaN)
  if (bid !== undefined && !(bid >= changeBidRange.min)) throw invalidArguments('Please set a bid price >= 0.001.')
  if (bid !== undefined && bid > changeBidRange.max) throw invalidArguments('Please set a bid price <= 32.')
  call.simulation.world.changeBid(contract.id, bid)
  return json({ success: true })
}

function prepay(call: Call) {
  const contract = ownContract(call, call.params[0])
  const amountUsd = optionalAmount(call.body, 'amount')
  if (amountUsd === undefined || amountUsd === 0) throw invalidArguments('Invalid amount')
  const { world } = call.simulation
  if (world.account(call.caller.account.id).balanceUsd < amountUsd)
    throw new Refused(411, 'insufficient_credit', 'Insufficient credit')
  const { monthsPrepaid, discount } = world.prepay(contract.id, amountUsd)
  call.caller.book.payments.add({
    id: call.simulation.nextId('payment', 2_000_000),
    whenS: call.nowMs / 1000,
    service: 'instance_prepay',
    amountUsd: -amountUsd,
    description: `Prepayment of instance ${contract.id}`,
    instanceId: contract.id,
  })
  return json({ success: true, timescale: monthsPrepaid, discount_rate: discount })
}

function updateTemplate(call: Call) {
  const { body } = call
  const contract = ownContract(call, call.params[0])
  const settings = call.simulation.instances.get(contract.id)
  if (settings === undefined) throw new Refused(404, 'no_such_instance', `No such instance ${contract.id}.`)
  const hashId = body['template_hash_id']
  const template = [...call.caller.book.templates.values()].find(
    each => each.hashId === hashId || each.id === body['template_id'],
  )
  if ((hashId != null || body['template_id'] != null) && template === undefined)
    throw new Refused(404, 'no_such_template', 'No such template.')
  if (template !== undefined) {
    settings.templateId = template.id
    settings.templateHashId = template.hashId
    settings.templateName = optionalText(template.fields, 'name') ?? null
    settings.image = optionalText(template.fields, 'image') ?? settings.image
  }
  settings.image = optionalText(body, 'image') ?? settings.image
  settings.onstart = optionalText(body, 'onstart') ?? settings.onstart
  if (Array.isArray(body['args'])) settings.args = body['args'] as readonly Json[]
  if (isJsonObject(body['env'])) settings.env = body['env']
  return json({ success: true, updated_instance: instanceRow(call.simulation, contract) })
}
