import { ITEMS_MAX } from '../account-book.ts'
import { json } from '../answer.ts'
import { requireText } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments, Refused } from '../refused.ts'

/** Environment variables of the account. */
export const secretRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/secrets',
    access: 'user_read',
    limit: every(5),
    handle: ({ caller }) => json({ success: true, secrets: Object.fromEntries(caller.book.secrets) }),
  },
  {
    method: 'POST',
    path: '/secrets',
    access: 'user_write',
    limit: every(3),
    handle: call => {
      const { secrets } = call.caller.book
      const key = requireText(call.body, 'key', 1_024)
      if (secrets.has(key)) throw new Refused(400, 'key_exists', `Environment variable ${key} already exists.`)
      if (secrets.size >= ITEMS_MAX) throw invalidArguments('Too many environment variables.')
      return write(call, key, 'created')
    },
  },
  {
    method: 'PUT',
    path: '/secrets',
    access: 'user_write',
    limit: every(3),
    handle: call => write(call, existing(call), 'updated'),
  },
  {
    method: 'DELETE',
    path: '/secrets',
    access: 'user_write',
    limit: every(3),
    handle: call => {
      const key = existing(call)
      call.caller.book.secrets.delete(key)
      return json({ success: true, msg: `Environment variable ${key} deleted.` })
    },
  },
]

function existing(call: Call): string {
  const key = requireText(call.body, 'key', 1_024)
  if (!call.caller.book.secrets.has(key))
    throw new Refused(404, 'no_such_key', `Environment variable ${key} does not exist.`)
  return key
}

function write(call: Call, key: string, done: string) {
  const value = call.body['value']
  if (typeof value !== 'string') throw invalidArguments('Missing value')
  call.caller.book.secrets.set(key, value)
  return json({ success: true, msg: `Environment variable ${key} ${done}.` })
}
