import { checkPeriod } from '../input-checks.ts'
import { SeededAverage } from './seeded-average.ts'

/**
 * Wilder's smoothing: begins as the mean of the first `period` values, then `(previous × (period − 1) + value) / period`.
 *
 * Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export class Wilder extends SeededAverage {
  constructor(period: number) {
    super(`Wilder(${period})`, checkPeriod('Wilder', period), 1 / period)
  }
}
