import type { Bar } from '@org/indicators'

/** Textbook definitions over whole lists, each window computed anew: slow, plain, and what streaming must equal. */

type Series = readonly (number | undefined)[]

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
export const mean = (values: readonly number[]) => sum(values) / values.length
export const deviation = (values: readonly number[]) =>
  Math.sqrt(mean(values.map(value => (value - mean(values)) ** 2)))

/** `read` of the last `period` values at each place. */
export function windows<T>(values: readonly T[], period: number, read: (window: readonly T[]) => number): Series {
  return values.map((_, i) => (i + 1 < period ? undefined : read(values.slice(i + 1 - period, i + 1))))
}

export function seeded(values: Series, period: number, weight: number): Series {
  const known = values.filter(value => value !== undefined)
  const lead = values.length - known.length
  let average = 0
  return values.map((value, i) => {
    const place = i - lead
    if (value === undefined || place + 1 < period) return undefined
    average = place + 1 === period ? mean(known.slice(0, period)) : weight * value + (1 - weight) * average
    return average
  })
}

export const ema = (values: Series, period: number) => seeded(values, period, 2 / (period + 1))
export const wilder = (values: Series, period: number) => seeded(values, period, 1 / period)

export function both(a: Series, b: Series, read: (a: number, b: number) => number): Series {
  return a.map((x, i) => {
    const y = b[i]
    return x === undefined || y === undefined ? undefined : read(x, y)
  })
}

export const changes = (values: readonly number[]): Series =>
  values.map((value, i) => (i === 0 ? undefined : value - (values[i - 1] as number)))

const knownPart = (values: Series) => values.filter(value => value !== undefined)

export function rsi(values: readonly number[], period: number, average: (values: Series, period: number) => Series) {
  const gains = changes(values).map(change => (change === undefined ? undefined : Math.max(0, change)))
  const losses = changes(values).map(change => (change === undefined ? undefined : Math.max(0, -change)))
  return both(average(gains, period), average(losses, period), (gain, loss) =>
    loss === 0 ? 100 : 100 - 100 / (1 + gain / loss),
  )
}

/** Simple means of what is known, lined up at the end. */
export function simple(values: Series, period: number): Series {
  const known = knownPart(values)
  const lead = values.length - known.length
  return [...values.slice(0, lead), ...windows(known, period, mean)]
}

export function kama(values: readonly number[], period: number): Series {
  let average = values[period - 1] as number
  return values.map((value, i) => {
    if (i < period) return undefined
    const window = values.slice(i - period, i + 1)
    const path = sum(changes(window).map(change => Math.abs(change ?? 0)))
    const efficiency = path === 0 ? 1 : Math.abs(value - (window[0] as number)) / path
    average += (efficiency * (2 / 3 - 2 / 31) + 2 / 31) ** 2 * (value - average)
    return average
  })
}

export const trueRanges = (bars: readonly Bar[]): number[] =>
  bars.map((bar, i) => {
    const before = bars[i - 1]?.close
    if (before === undefined) return bar.high - bar.low
    return Math.max(bar.high - bar.low, Math.abs(bar.high - before), Math.abs(bar.low - before))
  })

export function directional(bars: readonly Bar[], period: number): { plus: Series; minus: Series; dx: Series } {
  const up = bars.map((bar, i) => (i === 0 ? undefined : bar.high - (bars[i - 1] as Bar).high))
  const down = bars.map((bar, i) => (i === 0 ? undefined : (bars[i - 1] as Bar).low - bar.low))
  const pluses = both(up, down, (a, b) => (a > b && a > 0 ? a : 0))
  const minuses = both(up, down, (a, b) => (b > a && b > 0 ? b : 0))
  const ranges = trueRanges(bars).map((range, i) => (i === 0 ? undefined : range))
  const share = (movements: Series) =>
    both(wilder(movements, period), wilder(ranges, period), (part, range) => (range === 0 ? 0 : (100 * part) / range))
  const plus = share(pluses)
  const minus = share(minuses)
  const dx = both(wilder(pluses, period), wilder(minuses, period), (a, b) =>
    a + b === 0 ? 0 : (100 * Math.abs(a - b)) / (a + b),
  )
  return { plus, minus, dx }
}

export const adx = (bars: readonly Bar[], period: number) => wilder(directional(bars, period).dx, period)

export const adxr = (bars: readonly Bar[], period: number): Series => {
  const values = adx(bars, period)
  return values.map((value, i) => {
    const older = values[i - period + 1]
    return value === undefined || older === undefined ? undefined : (value + older) / 2
  })
}

export const fastK = (bars: readonly Bar[], period: number): Series =>
  windows(bars, period, window => {
    const highest = Math.max(...window.map(bar => bar.high))
    const lowest = Math.min(...window.map(bar => bar.low))
    return highest === lowest ? 0 : (100 * ((window.at(-1) as Bar).close - lowest)) / (highest - lowest)
  })

export const cci = (bars: readonly Bar[], period: number): Series =>
  windows(
    bars.map(bar => (bar.high + bar.low + bar.close) / 3),
    period,
    window => {
      const distance = mean(window.map(price => Math.abs(price - mean(window))))
      return distance < 1e-12 ? 0 : ((window.at(-1) as number) - mean(window)) / (0.015 * distance)
    },
  )

/** The pivot high that each bar confirms. */
export const pivotHighs = (bars: readonly Bar[], surrounding: number): Series =>
  bars.map((_, i) => {
    const window = bars.slice(Math.max(0, i - 2 * surrounding), i + 1)
    const middle = window[surrounding]
    if (window.length < 2 * surrounding + 1 || middle === undefined) return undefined
    const others = window.filter((_, place) => place !== surrounding)
    return others.every(bar => bar.high < middle.high) ? middle.high : undefined
  })
