import { checkPeriod } from '../input-checks.ts'
import { SeededAverage } from './seeded-average.ts'

/**
 * Exponential moving average: begins as the mean of the first `period` values, then `previous + 2 / (period + 1) × (value − previous)`.
 *
 * @example
 * const ema = new Ema(3)
 * for (const close of [1, 2, 3, 5]) console.log(ema.update(close)) // undefined, undefined, 2, 3.5
 */
export class Ema extends SeededAverage {
  constructor(period: number) {
    super(`EMA(${period})`, checkPeriod('EMA', period), 2 / (period + 1))
  }
}
