import type { MachineState } from './machine-state.ts'
import { mix } from './stream.ts'

/** What a choice needs to know of a renter. */
export interface Chooser {
  /** Names the renter in the hash that makes its taste for each machine. */
  readonly key: number
  readonly isTolerant: boolean
  /** Taste for going elsewhere, exponential with mean 1. */
  readonly outsideTaste: number
}

export interface Choice {
  readonly machine: MachineState
  /** Taste of the renter for it: exponential with mean 1, small is fond. */
  readonly taste: number
}

/**
 * A renter's pick among machines with room, or undefined when nothing beats going elsewhere.
 *
 * Multinomial logit: utility = log appeal + Gumbel taste, which is the same as taking the smallest exponential ÷ appeal. Tastes
 * are hashes of renter and machine, so a machine's new price moves only the renters for whom it tips the balance.
 * Hot: called for each arrival; the logarithm is skipped where even its lower bound 1 − u cannot win.
 */
export function chooseMachine(
  machines: readonly MachineState[],
  slot: number,
  chooser: Chooser,
  outsideAppeal: number,
  isAcceptable?: (machine: MachineState) => boolean,
): Choice | undefined {
  let best: MachineState | undefined
  let bestTaste = 0
  let bestScore = chooser.outsideTaste / outsideAppeal
  for (let index = 0; index < machines.length; index++) {
    const machine = machines[index] as MachineState
    if (!chooser.isTolerant && machine.verification !== 'verified') continue
    const appeal = machine.appeal[slot] as number
    const u = (mix(chooser.key, machine.id) + 0.5) / 4_294_967_296
    if (1 - u >= bestScore * appeal) continue
    const taste = -Math.log(u)
    if (taste >= bestScore * appeal) continue
    if (isAcceptable !== undefined && !isAcceptable(machine)) continue
    best = machine
    bestTaste = taste
    bestScore = taste / appeal
  }
  return best === undefined ? undefined : { machine: best, taste: bestTaste }
}
