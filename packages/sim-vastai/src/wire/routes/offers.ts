import { json, jsonText } from '../answer.ts'
import type { OpenCall, Route } from '../call.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { queryObject } from '../query.ts'
import { invalidArguments } from '../refused.ts'
import type { OfferSearch } from '../search/offer-search.ts'

/** Searching, and the names that searches use. */
export function offerRoutes(search: OfferSearch): readonly Route[] {
  const answer = (call: OpenCall, query: JsonObject) => {
    const found = search.find(query, {
      callerId: call.caller?.account.id,
      random: call.random,
      nowMs: call.nowMs,
    })
    if (found.ignoredFields.length > 0) call.simulation.log.noteIgnoredFields(found.ignoredFields)
    return jsonText(search.answer(found))
  }
  return [
    {
      method: 'POST',
      path: '/bundles',
      access: 'open',
      changes: false,
      badKeyStatus: 404,
      limit: { calls: 10, perMs: 60_000 },
      handle: call => answer(call, call.body),
    },
    {
      method: 'GET',
      path: '/bundles',
      access: 'open',
      badKeyStatus: 404,
      handle: call => answer(call, queryObject(call.query, 'q')),
    },
    {
      method: 'PUT',
      path: '/search/asks',
      access: 'open',
      changes: false,
      badKeyStatus: 404,
      handle: call => {
        const q = call.body['q']
        if (!isJsonObject(q)) throw invalidArguments('Invalid q: expected a query object')
        return answer(call, q)
      },
    },
    { method: 'GET', path: '/gpu_names/unique', access: 'open', handle: gpuNames },
    { method: 'GET', path: '/gpu_types', access: 'open', handle: gpuNames },
  ]
}

function gpuNames({ simulation }: OpenCall) {
  return json({ success: true, gpu_names: simulation.world.catalogue.map(model => model.displayName) })
}
