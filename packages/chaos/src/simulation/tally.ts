/** What happened in one world or in many, counted. */
export interface Tally {
  intents: number
  refused: number
  settled: number
  released: number
  /** Effects that came after the release, since their process slept or a clock was wrong. */
  late: number
  /** Late effects whose process died before it could record them. */
  unrecorded: number
  /** Fills at the exchanges of trading worlds. */
  trades: number
  crashes: number
  powerCuts: number
  pauses: number
  /** Sleeping processes that were taken for dead, and woke beside the one that took their place. */
  replaced: number
  /** Restarts in good order. */
  restarts: number
  diskFull: number
  syncsFailed: number
  refusedConnections: number
  lostRequests: number
  lostAnswers: number
  slow: number
  duplicates: number
  lookUpsFailed: number
  clockJumps: number
  timesSetBack: number
  halts: number
}

export function emptyTally(): Tally {
  return {
    intents: 0,
    refused: 0,
    settled: 0,
    released: 0,
    late: 0,
    unrecorded: 0,
    trades: 0,
    crashes: 0,
    powerCuts: 0,
    pauses: 0,
    replaced: 0,
    restarts: 0,
    diskFull: 0,
    syncsFailed: 0,
    refusedConnections: 0,
    lostRequests: 0,
    lostAnswers: 0,
    slow: 0,
    duplicates: 0,
    lookUpsFailed: 0,
    clockJumps: 0,
    timesSetBack: 0,
    halts: 0,
  }
}

/** Adds `part` to `whole`. */
export function addTally(whole: Tally, part: Tally): void {
  for (const what of Object.keys(whole) as (keyof Tally)[]) whole[what] += part[what]
}
