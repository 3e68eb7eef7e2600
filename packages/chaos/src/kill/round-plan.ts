import type { Random } from '@org/core'

/** What is done to the processes of a round. */
export type RoundKind = 'kill' | 'kill-two' | 'stop' | 'disk-full' | 'read-only'

export const roundKinds: readonly RoundKind[] = ['kill', 'kill-two', 'stop', 'disk-full', 'read-only']

/** One life of a bot. */
export interface Life {
  /** Until it is killed or stopped, milliseconds. */
  readonly afterMs: number
  /** Counted from its first word, when the store is open and the work begins, or from the start of the process. */
  readonly from: 'ready' | 'start'
  /** Stopped this long before it goes on, or is killed; longer than every wait for the lock and every lifetime of a reservation. */
  readonly stopMs?: number
  readonly endsStopped?: boolean
  readonly fileBlocksMax?: number
}

export interface RoundPlan {
  readonly seed: number
  readonly kind: RoundKind
  /** For each bot the lives that are cut short; a last one finishes. */
  readonly bots: readonly (readonly Life[])[]
  readonly isReadOnlyBetween: boolean
  /** Lost requests, lost answers, errors after the effect: how likely each. */
  readonly faultChance: number
}

/** Draws a round. Moments are drawn, what the processes are doing then is up to the machine. */
export function planRound(seed: number, random: Random): RoundPlan {
  const kind = roundKinds[Math.abs(seed) % roundKinds.length] as RoundKind
  const between = (min: number, max: number) => min + random.next() * (max - min)
  const cut = (): Life =>
    random.next() < 0.15
      ? { from: 'start', afterMs: between(50, 400) }
      : { from: 'ready', afterMs: between(0, 1) ** 2 * 250 }
  const lives = (count: number, more: () => Partial<Life> = () => ({})) =>
    Array.from({ length: count }, () => ({ ...cut(), ...more() }))
  const bots = {
    kill: () => [lives(3)],
    'kill-two': () => [lives(2), lives(2)],
    stop: () => [lives(1, () => ({ stopMs: between(500, 700), endsStopped: random.next() < 0.5 })), lives(1)],
    // Long enough to reach the limit, which holds the empty store and some commits.
    'disk-full': () => [
      lives(2, () => ({ from: 'ready', afterMs: between(300, 900), fileBlocksMax: Math.floor(between(120, 240)) })),
    ],
    'read-only': () => [lives(2)],
  }[kind]()
  return { seed, kind, bots, isReadOnlyBetween: kind === 'read-only', faultChance: between(0, 0.1) }
}
