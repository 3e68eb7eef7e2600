import { ITEMS_MAX, type SshKey } from '../account-book.ts'
import { json } from '../answer.ts'
import { requireId, requireText } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments, Refused } from '../refused.ts'

/** Public keys of the account. */
export const sshKeyRoutes: readonly Route[] = [
  {
    // A bare list.
    method: 'GET',
    path: '/ssh',
    access: 'user_read',
    limit: every(1),
    handle: ({ caller }) =>
      json(
        [...caller.book.sshKeys.values()].map(key => ({
          id: key.id,
          user_id: caller.account.id,
          key: key.publicKey,
          created_at: new Date(key.createdS * 1000).toISOString(),
          deleted_at: null,
        })),
      ),
  },
  { method: 'POST', path: '/ssh', access: 'user_write', limit: every(2), handle: create },
  {
    method: 'PUT',
    path: '/ssh/:id',
    access: 'user_write',
    limit: every(2),
    handle: call => {
      const key = find(call)
      key.publicKey = readKey(call)
      return json({ success: true, key: show(call, key) })
    },
  },
  {
    method: 'DELETE',
    path: '/ssh/:id',
    access: 'user_write',
    limit: every(2),
    handle: call => {
      call.caller.book.sshKeys.delete(find(call).id)
      return json({ success: true })
    },
  },
]

function create(call: Call) {
  const { sshKeys } = call.caller.book
  const publicKey = readKey(call)
  if ([...sshKeys.values()].some(key => key.publicKey === publicKey))
    throw new Refused(400, 'duplicate_ssh_key', 'This SSH key is already on the account.')
  if (sshKeys.size >= ITEMS_MAX) throw invalidArguments('Too many SSH keys.')
  const key: SshKey = { id: call.simulation.nextId('ssh'), publicKey, createdS: call.nowMs / 1000 }
  sshKeys.set(key.id, key)
  return json({ success: true, key: show(call, key) })
}

function show(call: Call, key: SshKey) {
  return {
    id: key.id,
    user_id: call.caller.account.id,
    public_key: key.publicKey,
    created_at: new Date(key.createdS * 1000).toISOString(),
    deleted_at: null,
  }
}

function find(call: Call): SshKey {
  const key = call.caller.book.sshKeys.get(requireId(call.params[0], 'ssh key id'))
  if (key === undefined) throw new Refused(404, 'no_ssh_key', 'No such SSH key.')
  return key
}

function readKey(call: Call): string {
  if (call.body['ssh_key'] === undefined) throw new Refused(400, 'no_ssh_key', 'Missing ssh_key.')
  const key = requireText(call.body, 'ssh_key').trim()
  if (key.includes('PRIVATE KEY')) throw invalidArguments('This is a private key: send the public one.')
  return key
}
