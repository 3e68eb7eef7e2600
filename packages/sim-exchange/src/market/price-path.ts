/** A fair price over time, in the quote asset. Positive. The same instant has the same price, in whatever order it is asked. */
export type PricePath = (atMs: number) => number

const DAY_MS = 86_400_000
/** Each octave is four times as slow as the one before; the slowest takes some 18 hours, so that a price stays near its base. */
const OCTAVES = 9
const OCTAVE_RATIO = 4

/**
 * A price that wanders around `price` and depends on the seed and the instant alone, so that exchanges in other processes share it.
 *
 * A sum of noises at periods from a second to 18 hours, whose strength grows with the root of the period, as that of a random walk does.
 *
 * @example
 * const path = seededPath({ seed: 7, price: 60_000 })
 * path(Date.UTC(2026, 0, 1))
 */
export function seededPath(options: {
  readonly seed: number
  readonly price: number
  /** Standard deviation of a day's change, as a fraction. @default 0.03 */
  readonly dailyVolatility?: number
}): PricePath {
  const secondly = (options.dailyVolatility ?? 0.03) / Math.sqrt(DAY_MS / 1_000)
  return atMs => {
    let logPrice = 0
    let periodMs = 1_000
    for (let octave = 0; octave < OCTAVES; octave++) {
      const place = atMs / periodMs
      const step = Math.floor(place)
      const from = noise(options.seed, octave, step)
      const to = noise(options.seed, octave, step + 1)
      logPrice += secondly * Math.sqrt(periodMs / 1_000) * (from + (to - from) * (place - step))
      periodMs *= OCTAVE_RATIO
    }
    return options.price * Math.exp(logPrice)
  }
}

/** One candle: open time in ms, open, high, low, close, volume, as ccxt's `fetchOHLCV` gives it. */
export type CandleRow = readonly [
  openMs: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume?: number,
]

/**
 * Replays candles: within each the price goes from open over the nearer extreme and the farther one to close. Before the first candle it is
 * the first open, after the last the last close.
 *
 * @throws {RangeError} when there is no candle.
 */
export function candlePath(candles: readonly CandleRow[]): PricePath {
  const [first] = candles
  const last = candles.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('candlePath: expected at least one candle')
  // The last candle is as long as the one before it.
  const lastLengthMs = last[0] - (candles.at(-2)?.[0] ?? last[0] - 60_000)
  return atMs => {
    if (atMs < first[0]) return first[1]
    let low = 0
    let high = candles.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((candles[middle]?.[0] ?? 0) <= atMs) low = middle
      else high = middle - 1
    }
    const candle = candles[low] ?? last
    const lengthMs = (candles[low + 1]?.[0] ?? candle[0] + lastLengthMs) - candle[0]
    return within(candle, Math.min(1, (atMs - candle[0]) / lengthMs))
  }
}

function within([, open, high, low, close]: CandleRow, share: number): number {
  const [first, second] = high - open < open - low ? [high, low] : [low, high]
  const corners = [open, first, second, close]
  const place = share * 3
  const leg = Math.min(2, Math.floor(place))
  const from = corners[leg] ?? open
  const to = corners[leg + 1] ?? close
  return from + (to - from) * (place - leg)
}

/** Uniform with mean 0 and variance 1, from the arguments alone. */
function noise(seed: number, octave: number, step: number): number {
  let h = (seed ^ Math.imul(octave + 1, 0x9e3779b1)) | 0
  h = Math.imul(h ^ (step | 0), 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h ^ Math.floor(step / 4_294_967_296), 0xc2b2ae35)
  h ^= h >>> 16
  h = Math.imul(h, 0x27d4eb2f)
  h ^= h >>> 15
  return ((h >>> 0) / 4_294_967_296 - 0.5) * Math.sqrt(12)
}
