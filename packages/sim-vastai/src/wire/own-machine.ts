import type { Machine } from '../market/machine.ts'
import { requireId } from './arguments.ts'
import type { Call } from './call.ts'
import type { Json } from './json.ts'
import { Refused } from './refused.ts'

/** The caller's machine of this id. @throws {Refused} 404 when there is none, 403 when it is another's. */
export function ownMachine(call: Call, id: Json | undefined): Machine {
  const machineId = requireId(id, 'machine id')
  const { world } = call.simulation
  if (!world.hasMachine(machineId))
    throw new Refused(404, 'no_such_machine', 'No such machine id', {
      machine_id: machineId,
      user_id: call.caller.account.id,
    })
  const machine = world.machine(machineId)
  if (machine.hostId !== call.caller.account.id)
    throw new Refused(403, 'not_authorized', 'Only machine owner can do this', { machine_id: machineId })
  return machine
}
