import type { MachineState } from './machine-state.ts'
import { NEEDS } from './model-parameters.ts'

/** Machines with room, by need: an arrival looks at these only. Membership changes in constant time; order carries no meaning. */
export class IdleIndex {
  readonly lists: readonly MachineState[][] = NEEDS.map(() => [])

  set(machine: MachineState, slot: number, isIdle: boolean): void {
    const list = this.lists[slot] as MachineState[]
    const at = machine.idleAt[slot] as number
    if (isIdle === at >= 0) return
    if (isIdle) {
      machine.idleAt[slot] = list.push(machine) - 1
      return
    }
    const last = list.pop() as MachineState
    if (last !== machine) {
      list[at] = last
      last.idleAt[slot] = at
    }
    machine.idleAt[slot] = -1
  }
}
