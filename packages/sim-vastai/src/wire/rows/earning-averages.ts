interface Average {
  atMs: number
  earnedUsd: number
  hour: number
  day: number
}

const HOUR_MS = 3_600_000

/**
 * `earn_hour` and `earn_day` of the machine table: sums that decay with time constants of an hour and a day. They never reach 0
 * again, so they are no sign of being rented.
 */
export class EarningAverages {
  readonly #averages = new Map<number, Average>()

  /** Takes in what the machine has earned in all. */
  update(machineId: number, earnedUsd: number, nowMs: number): { readonly hour: number; readonly day: number } {
    let average = this.#averages.get(machineId)
    if (average === undefined) {
      average = { atMs: nowMs, earnedUsd, hour: 0, day: 0 }
      this.#averages.set(machineId, average)
    }
    const hours = Math.max(0, nowMs - average.atMs) / HOUR_MS
    const gained = earnedUsd - average.earnedUsd
    average.hour = decayed(average.hour, gained, hours)
    average.day = decayed(average.day, gained, hours / 24)
    average.atMs = nowMs
    average.earnedUsd = earnedUsd
    return { hour: average.hour, day: average.day }
  }
}

/** The sum after `spans` time constants in which `gained` came in evenly. */
function decayed(sum: number, gained: number, spans: number): number {
  if (spans <= 0) return sum + gained
  const left = Math.exp(-spans)
  return sum * left + (gained * (1 - left)) / spans
}
