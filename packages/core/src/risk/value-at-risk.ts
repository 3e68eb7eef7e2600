import type { LedgerState } from '../ledger/ledger-state.ts'
import { fromMicros, type Micros } from '../money/micros.ts'

/** What history says about bad days, at one confidence; amounts are losses in units of the base currency. */
export interface TailRisk {
  /** 0.95: on 95 of 100 days less was lost. */
  readonly confidence: number
  /** Ended UTC days that it rests on; days without a result count as 0. */
  readonly days: number
  readonly valueAtRisk: number
  /** Mean of the days at or beyond the value at risk. */
  readonly expectedShortfall: number
}

const dayMs = 86_400_000
const daysMax = 500

/**
 * Historical value at risk and expected shortfall of a day, for each confidence that has enough days: 20 for 95 %, 100 for 99 %.
 *
 * With n days the k = ⌊(1 − confidence) · n⌋ worst are the tail: value at risk is the smallest loss of the tail, expected shortfall its
 * mean. A gain shows as a negative loss.
 *
 * Source: historical simulation, e.g. Hull, "Risk Management and Financial Institutions", chapter "Historical Simulation".
 */
export function tailRisks(state: LedgerState, nowMs: number): readonly TailRisk[] {
  const losses = dailyLosses(state, nowMs).sort((a, b) => b - a)
  return [0.95, 0.99].flatMap(confidence => {
    // 0.05 · 100 is a little more than 5 in binary, and 0.01 · 100 a little less than 1.
    const tail = losses.slice(0, Math.floor((1 - confidence) * losses.length + 1e-9))
    const last = tail.at(-1)
    if (last === undefined) return []
    const mean = tail.reduce((sum, loss) => sum + loss, 0) / tail.length
    return [
      {
        confidence,
        days: losses.length,
        valueAtRisk: fromMicros(last as Micros),
        expectedShortfall: fromMicros(Math.round(mean) as Micros),
      },
    ]
  })
}

/** Losses of the ended days, from the first with a result; gaps are filled with 0. */
function dailyLosses({ pastDays, lossToday }: LedgerState, nowMs: number): number[] {
  const days = [...pastDays]
  if (lossToday.dayEndMs !== 0 && nowMs >= lossToday.dayEndMs)
    days.push({ dayEndMs: lossToday.dayEndMs, loss: lossToday.sum })
  const first = days[0]
  if (first === undefined) return []
  const endedMs = Math.floor(nowMs / dayMs) * dayMs
  const count = Math.min(daysMax, Math.round((endedMs - first.dayEndMs) / dayMs) + 1)
  const losses = new Array<number>(Math.max(0, count)).fill(0)
  for (const { dayEndMs, loss } of days) {
    const place = losses.length - 1 - Math.round((endedMs - dayEndMs) / dayMs)
    if (place >= 0) losses[place] = loss
  }
  return losses
}
