import { reseat, scheduleDue } from './booking.ts'
import type { Kernel } from './kernel.ts'
import { settleMachine } from './ledger.ts'
import type { MachineState } from './machine-state.ts'

const HOUR_MS = 3_600_000

/** A machine loses contact; it returns by itself after a random while. */
export function failMachine(kernel: Kernel, machine: MachineState): void {
  if (machine.offlineSinceMs !== undefined) return
  const market = kernel.marketOf(machine)
  const hours = kernel.parameters.constants.outageHours * machine.failureStream.exponential()
  market.counters.failures++
  goOffline(kernel, machine)
  kernel.events.push({
    atMs: Math.ceil(kernel.nowMs + hours * HOUR_MS),
    kind: 'recover',
    target: machine,
    stamp: machine.outageStamp,
  })
}

export function recoverMachine(kernel: Kernel, machine: MachineState): void {
  if (machine.offlineSinceMs === undefined) return
  settleMachine(kernel, machine)
  machine.ageReliability(kernel.nowMs)
  machine.offlineSinceMs = undefined
  machine.outageStamp++
  kernel.record('recover', machine.id, machine.reliability)
  powerChanged(kernel, machine)
  kernel.marketOf(machine).scheduleFailure(machine)
}

export function goOffline(kernel: Kernel, machine: MachineState): void {
  settleMachine(kernel, machine)
  machine.ageReliability(kernel.nowMs)
  machine.offlineSinceMs = kernel.nowMs
  machine.outageStamp++
  kernel.record('offline', machine.id, machine.reliability)
  powerChanged(kernel, machine)
}

/**
 * The machine went down or came up (contact, or maintenance): contracts that hold GPUs keep them, pause and resume. Anonymous
 * renters lose patience while they wait.
 */
export function powerChanged(kernel: Kernel, machine: MachineState): void {
  const isUp = machine.isUp(kernel.nowMs)
  settleMachine(kernel, machine)
  for (const contract of machine.contracts) {
    if (contract.mask === 0) continue
    if (isUp && contract.status === 'paused') {
      contract.status = 'running'
      scheduleDue(kernel, contract)
    } else if (!isUp && contract.status === 'running') {
      contract.status = 'paused'
      if (contract.plan !== undefined)
        kernel.events.push({
          atMs: kernel.nowMs + contract.plan.patienceMs,
          kind: 'contract-patience',
          target: contract,
          stamp: ++contract.stamp,
        })
    }
  }
  reseat(kernel, machine)
}
