import { ITEMS_MAX } from '../account-book.ts'
import { json } from '../answer.ts'
import { optionalText, requireId } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import type { ApiKey } from '../caller.ts'
import { isJsonObject, type Json } from '../json.ts'
import { isPermission, type Permission } from '../permission.ts'
import { invalidArguments, Refused } from '../refused.ts'

/** API keys of the account. A key is shown once, by the answer that makes it. */
export const apiKeyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/auth/apikeys',
    access: 'user_read',
    handle: call => json({ success: true, apikeys: keysOf(call).map(key => show(call, key)) }),
  },
  { method: 'GET', path: '/auth/apikeys/:id', access: 'user_read', handle: call => json(show(call, find(call))) },
  {
    method: 'POST',
    path: '/auth/apikeys',
    access: 'user_write',
    handle: call => {
      if (keysOf(call).length >= ITEMS_MAX) throw invalidArguments('Too many API keys.')
      const sent = call.body['permissions'] ?? {}
      const apiKey = call.simulation.keys.create(call.caller.book, {
        name: optionalText(call.body, 'name') ?? '',
        nowS: call.nowMs / 1000,
        scopes: readScopes(sent),
        sentPermissions: sent,
      })
      return json({ ...show(call, apiKey), success: true, key: apiKey.key })
    },
  },
  {
    method: 'DELETE',
    path: '/auth/apikeys/:id',
    access: 'user_write',
    handle: call => {
      call.simulation.keys.delete(find(call))
      return json({ success: true })
    },
  },
  {
    method: 'PUT',
    path: '/commands/reset_apikey',
    access: 'user_write',
    handle: call => {
      const { caller, simulation } = call
      const { name, scopes, sentPermissions } = caller.apiKey
      const fresh = simulation.keys.create(caller.book, { name, scopes, sentPermissions, nowS: call.nowMs / 1000 })
      simulation.keys.delete(caller.apiKey)
      return json({ success: true, new_api_key: fresh.key })
    },
  },
]

function keysOf(call: Call): readonly ApiKey[] {
  return call.simulation.keys.of(call.caller.book)
}

function find(call: Call): ApiKey {
  const id = requireId(call.params[0], 'api key id')
  const key = keysOf(call).find(each => each.id === id)
  if (key === undefined) throw new Refused(404, 'no_such_key', 'No such API key.')
  return key
}

function show(call: Call, apiKey: ApiKey) {
  return {
    id: apiKey.id,
    user_id: call.caller.account.id,
    name: apiKey.name,
    permissions: apiKey.sentPermissions,
    created_at: apiKey.createdS,
    rights: apiKey.scopes === undefined ? 'write' : 'scoped',
  }
}

/** `{"api":{"instance_read":{},…}}`; nothing said means everything allowed. @throws {Refused} 400 for an unknown group. */
function readScopes(sent: Json): ReadonlySet<Permission> | undefined {
  if (!isJsonObject(sent)) throw invalidArguments('Invalid permissions: expected an object')
  const groups = isJsonObject(sent['api']) ? Object.keys(sent['api']) : []
  if (groups.length === 0) return undefined
  const unknown = groups.find(group => !isPermission(group))
  if (unknown !== undefined) throw invalidArguments(`Invalid permissions: unknown group ${unknown}`)
  return new Set(groups.filter(isPermission))
}
