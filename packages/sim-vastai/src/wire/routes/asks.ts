import { createHash } from 'node:crypto'
import { json } from '../answer.ts'
import { requireId, requireIds } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import { isJsonObject } from '../json.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments, Refused } from '../refused.ts'
import { rentAsk } from '../rent.ts'
import type { OfferSearch } from '../search/offer-search.ts'

/** Creating instances. None of these is idempotent: a repeated call rents again. */
export function askRoutes(search: OfferSearch): readonly Route[] {
  return [
    {
      method: 'PUT',
      path: '/asks/:id',
      access: 'instance_write',
      limit: { spacingMs: 4_500, penaltyMs: 12_000 },
      handle: create,
    },
    { method: 'POST', path: '/asks/bulk', access: 'instance_write', handle: createMany },
    {
      method: 'PUT',
      path: '/launch_instance',
      access: 'instance_write',
      limit: every(5),
      handle: call => launch(call, search),
    },
  ]
}

function create(call: Call) {
  const contract = rentAsk(call, requireId(call.params[0], 'ask id'), call.body)
  return created(call, contract.id, `/asks/${call.params[0]}`)
}

function createMany(call: Call) {
  const ids = requireIds(call.body['ids'], 'ids')
  const results = ids.map(id => {
    try {
      return { success: true, ask_id: id, new_contract: rentAsk(call, id, call.body).id }
    } catch (error) {
      if (error instanceof Refused) return { success: false, ask_id: id, msg: error.message }
      throw error
    }
  })
  const made = results.flatMap(result => result.new_contract ?? [])
  // The real answer's shape is not documented; what matters is that a mixture does not fail as a whole.
  if (made.length === 0) throw new Refused(404, 'no_such_ask', 'None of the offers is available.', { results })
  note(call, made, '/asks/bulk')
  return json({ success: made.length === ids.length, new_contracts: made, results })
}

function launch(call: Call, search: OfferSearch) {
  const q = call.body['q']
  if (!isJsonObject(q)) throw invalidArguments('Invalid q: expected a query object')
  const found = search.find(q, {
    callerId: call.caller.account.id,
    random: call.random,
    nowMs: call.nowMs,
  })
  for (const { row } of found.rows) {
    if (!row.offer.isRentable) continue
    try {
      return created(call, rentAsk(call, row.offer.id, call.body).id, '/launch_instance')
    } catch (error) {
      if (!(error instanceof Refused) || error.answer.status !== 404) throw error
    }
  }
  throw new Refused(404, 'no_such_ask', 'No offer matches the query.')
}

function created(call: Call, id: number, path: string) {
  note(call, [id], path)
  const key = createHash('sha256').update(`instance key ${call.simulation.seed} ${id}`).digest('hex')
  return json({ success: true, new_contract: id, instance_api_key: key })
}

function note(call: Call, instanceIds: readonly number[], path: string): void {
  call.simulation.log.addCreate({
    number: call.number,
    atMs: call.nowMs,
    accountId: call.caller.account.id,
    path,
    body: call.body,
    instanceIds,
  })
}
