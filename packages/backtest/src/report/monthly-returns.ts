/** Return of one calendar month, UTC. */
export interface MonthReturn {
  readonly year: number
  /** 0 to 11. */
  readonly month: number
  readonly ratio: number
}

/** From the last equity of the month before to the last of the month; the first month from the first equity. */
export function monthlyReturns(times: ArrayLike<number>, equity: ArrayLike<number>): MonthReturn[] {
  const months: MonthReturn[] = []
  let before = equity[0] as number
  for (let i = 0; i < times.length; i++) {
    const key = monthKey(times[i] as number)
    if (i + 1 < times.length && monthKey(times[i + 1] as number) === key) continue
    const worth = equity[i] as number
    months.push({ year: Math.floor(key / 12), month: key % 12, ratio: worth / before - 1 })
    before = worth
  }
  return months
}

function monthKey(time: number): number {
  const date = new Date(time)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
