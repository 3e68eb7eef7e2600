import { InvalidInputError } from '@org/core'

/** Windows are kept in memory; a longer one is a mistake, not a strategy. */
export const periodMax = 1_000_000

/** A whole number from `least` up; anything else is refused. */
export function checkPeriod(indicator: string, period: number, least = 1): number {
  if (!Number.isInteger(period) || period < least || period > periodMax)
    throw new InvalidInputError({
      message: `${indicator}: expected a period from ${least} to ${periodMax} bars, was ${period}`,
    })
  return period
}

/** The error for a number that is none. The test itself stands in the hot paths. */
export function notFinite(indicator: string, what: string, value: unknown): InvalidInputError {
  return new InvalidInputError({
    message: `${indicator}: expected ${what} to be a finite number, was ${String(value)}; skip or repair the bar`,
  })
}

export function checkFinite(indicator: string, what: string, value: number): void {
  if (!Number.isFinite(value)) throw notFinite(indicator, what, value)
}

/** High and low are numbers, the right way round. */
export function checkRange(indicator: string, bar: { readonly high: number; readonly low: number }): void {
  checkFinite(indicator, 'high', bar.high)
  checkFinite(indicator, 'low', bar.low)
  if (bar.high < bar.low)
    throw new InvalidInputError({
      message: `${indicator}: expected high ≥ low, was high ${bar.high}, low ${bar.low}; skip or repair the bar`,
    })
}

export function checkVolume(indicator: string, volume: number): void {
  checkFinite(indicator, 'volume', volume)
  if (volume < 0)
    throw new InvalidInputError({
      message: `${indicator}: expected volume ≥ 0, was ${volume}; skip or repair the bar`,
    })
}
