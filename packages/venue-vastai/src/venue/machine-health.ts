import type { HealthProblem, MachineHealth } from '../actions/machine-view.ts'
import type { Machine } from '../wire/machine.ts'

/** Below this, renters' usual filters do not show a machine; new hosts begin near 0.60. */
const reliabilityMin = 0.5
/** A maintenance that begins within this time counts as begun: nobody should rent into it. */
const maintenanceAheadMs = 3_600_000

/**
 * What is wrong with a machine, as its table row tells.
 *
 * @param now Epoch milliseconds.
 */
export function machineHealth(machine: Machine, isListingReadable: boolean, now: number): MachineHealth {
  const problems: HealthProblem[] = []
  const add = (kind: HealthProblem['kind'], message: string): void => {
    problems.push({ kind, message: oneLine(message) })
  }
  if (machine.error_description) add('error', machine.error_description)
  if (machine.vm_error_msg) add('vm-error', machine.vm_error_msg)
  if ((machine.timeout ?? 0) > 0) add('offline', `no contact for ${Math.round(machine.timeout ?? 0)} s`)
  if (isMaintained(machine.machine_maintenance, now)) add('maintenance', 'a maintenance is under way or begins soon')
  const reports = machine.num_recent_reports ?? 0
  if (reports > 0) add('reports', `${reports} recent ${reports === 1 ? 'report' : 'reports'} by clients`)
  const reliability = machine.reliability2
  if (typeof reliability === 'number' && reliability < reliabilityMin)
    add('reliability', `reliability ${reliability.toFixed(2)} is below ${reliabilityMin}`)
  if (!isListingReadable) add('unreadable', 'it is listed, but the market does not show the whole listing')
  return { ok: problems.length === 0, problems }
}

/** Windows as the machine table holds them: a list, one window, or null. A form that nobody has seen counts as a maintenance. */
function isMaintained(windows: unknown, now: number): boolean {
  if (windows === null || windows === undefined || windows === '') return false
  const list: readonly unknown[] = Array.isArray(windows) ? windows : [windows]
  return list.some(window => {
    const { start_time: start, end_time: end } = Object(window) as { start_time?: unknown; end_time?: unknown }
    if (typeof start !== 'number') return true
    const hasEnded = typeof end === 'number' && end * 1000 < now
    return start * 1000 <= now + maintenanceAheadMs && !hasEnded
  })
}

const messageCharsMax = 200

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, messageCharsMax)
}
