import { json } from '../answer.ts'
import { optionalText, requireText, toNumber } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import { ownContract } from '../own-contract.ts'
import { Refused } from '../refused.ts'

/** Logs and commands: the answer names an address from which the text is fetched without a key, once it is there. */
export const instanceOutputRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: '/instances/request_logs/:id',
    access: 'instance_read',
    changes: false,
    handle: call => resultAnswer(call, logText(call)),
  },
  { method: 'PUT', path: '/instances/command/:id', access: 'instance_write', handle: execute },
  {
    method: 'GET',
    path: '/instances/:id/ssh',
    access: 'instance_read',
    handle: call => {
      const contract = ownContract(call, call.params[0])
      const ids = call.simulation.instances.get(contract.id)?.sshKeyIds ?? new Set<number>()
      return json({
        success: true,
        ssh_keys: [...call.caller.book.sshKeys.values()]
          .filter(key => ids.has(key.id))
          .map(key => ({ id: key.id, public_key: key.publicKey })),
      })
    },
  },
  { method: 'POST', path: '/instances/:id/ssh', access: 'instance_write', handle: attachSsh },
  { method: 'DELETE', path: '/instances/:id/ssh/:key', access: 'instance_write', handle: detachSsh },
]

function resultAnswer(call: Call, text: string) {
  return json({
    success: true,
    result_url: `${call.simulation.url}/results/${call.simulation.results.put(text)}`,
    writeable_path: '/workspace/',
  })
}

function logText(call: Call): string {
  const contract = ownContract(call, call.params[0])
  const settings = call.simulation.instances.get(contract.id)
  const isDaemon = call.body['daemon_logs'] === 'true' || call.body['daemon_logs'] === true
  const startedAt = new Date(contract.startMs).toISOString()
  const lines = isDaemon
    ? [`${startedAt} daemon: contract ${contract.id} created`, `${startedAt} daemon: pulling ${settings?.image}`]
    : [
        `${startedAt} container ${contract.id} created from ${settings?.image ?? 'image'}`,
        ...(settings?.onstart == null ? [] : [`${startedAt} onstart: ${settings.onstart}`]),
        `${startedAt} ready`,
      ]
  const wanted = optionalText(call.body, 'filter')
  const kept = wanted === undefined ? lines : lines.filter(line => line.includes(wanted))
  const tail = toNumber(call.body['tail'])
  return `${(tail === undefined ? kept : kept.slice(-Math.max(0, tail))).join('\n')}\n`
}

/** No container runs here: a command prints itself. */
function execute(call: Call) {
  const contract = ownContract(call, call.params[0])
  const command = requireText(call.body, 'command', 512)
  return resultAnswer(call, `instance ${contract.id}$ ${command}\n`)
}

function attachSsh(call: Call) {
  const contract = ownContract(call, call.params[0])
  const publicKey = requireText(call.body, 'ssh_key')
  const key = [...call.caller.book.sshKeys.values()].find(each => each.publicKey === publicKey)
  if (key !== undefined) call.simulation.instances.get(contract.id)?.sshKeyIds.add(key.id)
  return json({ success: true, msg: `SSH key added to instance ${contract.id}.` })
}

function detachSsh(call: Call) {
  const contract = ownContract(call, call.params[0])
  const ids = call.simulation.instances.get(contract.id)?.sshKeyIds
  if (ids?.delete(Number(call.params[1])) !== true)
    throw new Refused(404, 'no_ssh_key', `No such SSH key on instance ${contract.id}.`)
  return json({ success: true, msg: 'SSH key removed.' })
}
