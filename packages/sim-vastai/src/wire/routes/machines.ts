import { json, jsonText } from '../answer.ts'
import { requireIds } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import { ownMachine } from '../own-machine.ts'
import { every } from '../rate-limits.ts'
import { Refused } from '../refused.ts'
import { MachineRows } from '../rows/machine-row.ts'
import type { Simulation } from '../simulation.ts'

/** The host's machines. */
export function machineRoutes(simulation: Simulation): readonly Route[] {
  const rows = new MachineRows(simulation)
  return [
    {
      method: 'GET',
      path: '/machines',
      access: 'machine_read',
      handle: call => {
        const machines = call.simulation.world.machines({ hostId: call.caller.account.id })
        return jsonText(`{"machines":[${machines.map(machine => rows.text(machine)).join(',')}]}`)
      },
    },
    {
      // A bare list with one machine.
      method: 'GET',
      path: '/machines/:id',
      access: 'machine_read',
      handle: call => jsonText(`[${rows.text(ownMachine(call, call.params[0]))}]`),
    },
    {
      // A bare list. The official client sends the machine's id once more, as the body of this GET.
      method: 'GET',
      path: '/machines/:id/reports',
      access: 'machine_read',
      limit: every(1.2),
      handle: call => {
        ownMachine(call, call.params[0])
        return json([])
      },
    },
    {
      method: 'PUT',
      path: '/machines/:id/cleanup',
      access: 'machine_write',
      limit: every(8),
      handle: call => {
        const machine = ownMachine(call, call.params[0])
        const deleted = call.simulation.world.cleanup(machine.id)
        return json({
          success: true,
          ctime: call.nowMs / 1000,
          machine_id: machine.id,
          user_id: call.caller.account.id,
          num_deleted: deleted,
          msg: `deleted ${deleted} expired contracts on machine ${machine.id}`,
        })
      },
    },
    {
      method: 'PUT',
      path: '/machines/defrag_offers',
      access: 'machine_write',
      handle: call => {
        const ids = requireIds(call.body['machine_ids'], 'machine_ids')
        for (const id of ids) ownMachine(call, id)
        return json({ success: true, machine_ids: ids, msg: 'Nothing to rearrange.' })
      },
    },
    { method: 'POST', path: '/machines/:id/force_delete', access: 'machine_write', handle: forceDelete },
  ]
}

function forceDelete(call: Call) {
  const machine = ownMachine(call, call.params[0])
  if (machine.rentals.resident > 0)
    throw new Refused(400, 'machine_in_use', `Machine ${machine.id} is in use by clients.`)
  call.simulation.world.removeMachine(machine.id)
  return json({ success: true, machine_id: machine.id })
}
