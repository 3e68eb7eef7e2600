import type { Maintenance, MaintenanceCategory } from '../../market/maintenance.ts'
import { json } from '../answer.ts'
import { optionalAmount } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import { type Json, parseJson } from '../json.ts'
import { ownMachine } from '../own-machine.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments } from '../refused.ts'

const categories = ['power', 'internet', 'disk', 'gpu', 'software', 'other', 'not provided'] as const

/** Announced outages. */
export const maintenanceRoutes: readonly Route[] = [
  { method: 'PUT', path: '/machines/:id/dnotify', access: 'machine_write', limit: every(2.5), handle: schedule },
  {
    method: 'PUT',
    path: '/machines/:id/cancel_maint',
    access: 'machine_write',
    handle: call => {
      const machine = ownMachine(call, call.params[0])
      const cancelled = call.simulation.world.cancelMaintenances(machine.id)
      return json({
        success: true,
        ctime: call.nowMs / 1000,
        machine_id: machine.id,
        user_id: call.caller.account.id,
        msg: `cancelled ${cancelled} maintenance windows on machine ${machine.id}`,
      })
    },
  },
  { method: 'GET', path: '/machines/maintenances', access: 'machine_read', handle: list },
]

function schedule(call: Call) {
  const { body } = call
  const machine = ownMachine(call, call.params[0])
  const startS = optionalAmount(body, 'sdate')
  const hours = optionalAmount(body, 'duration')
  const category = body['maintenance_category'] ?? 'not provided'
  if (startS === undefined || hours === undefined || hours === 0) throw invalidArguments('Invalid sdate or duration')
  if (!isCategory(category)) throw invalidArguments(`Invalid maintenance_category: one of ${categories.join(', ')}`)
  call.simulation.world.scheduleMaintenance(machine.id, {
    startMs: startS * 1000,
    durationMs: hours * 3_600_000,
    category,
  })
  call.simulation.notifier.notify(call.caller.account.id, 'host:maintenance_scheduled', {
    subject: `Maintenance window confirmed for machine ${machine.id}`,
    message: `Machine ${machine.id}: maintenance from ${new Date(startS * 1000).toISOString()} for ${hours} h.`,
  })
  const notified = call.simulation.world.contracts({ machineId: machine.id }).length
  return json({ success: true, you_sent: `${notified} notifications sent` })
}

/** A bare list. */
function list(call: Call) {
  const text = call.query.get('machine_ids')
  const wanted = text === undefined ? undefined : parseJson(text)
  const machines = Array.isArray(wanted)
    ? (wanted as readonly Json[]).map(id => ownMachine(call, id))
    : call.simulation.world.machines({ hostId: call.caller.account.id })
  return json(machines.flatMap(machine => machine.maintenances.map(window => row(machine.id, window))))
}

function row(machineId: number, window: Maintenance) {
  return {
    machine_id: machineId,
    start_time: window.startMs / 1000,
    end_time: (window.startMs + window.durationMs) / 1000,
    duration_hours: window.durationMs / 3_600_000,
    maintenance_category: window.category,
  }
}

function isCategory(value: Json): value is MaintenanceCategory {
  return typeof value === 'string' && (categories as readonly string[]).includes(value)
}
