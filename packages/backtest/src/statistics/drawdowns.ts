/** A fall from a high of the equity to the return to it, or to the end. */
export interface Drawdown {
  /** Bars: the last one at the old high, and the one that is back. */
  readonly from: number
  readonly to: number
  /** 0.2 is 20 %. */
  readonly depth: number
  readonly lengthMs: number
}

/** How far below its highest value so far, as a share of that. */
export function drawdownCurve(equity: ArrayLike<number>): Float64Array {
  const curve = new Float64Array(equity.length)
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < curve.length; i++) {
    const value = equity[i] as number
    if (value > highest) highest = value
    curve[i] = 1 - value / highest
  }
  return curve
}

/** All of them, oldest first. The last bar always ends one; neighbours at the high enclose none. */
export function drawdownsOf(curve: ArrayLike<number>, times: ArrayLike<number>): Drawdown[] {
  const found: Drawdown[] = []
  let from = -1
  for (let i = 0; i < curve.length; i++) {
    if (curve[i] !== 0 && i !== curve.length - 1) continue
    if (from >= 0 && i > from + 1) {
      let depth = 0
      for (let k = from; k <= i; k++) depth = Math.max(depth, curve[k] as number)
      found.push({ from, to: i, depth, lengthMs: (times[i] as number) - (times[from] as number) })
    }
    from = i
  }
  return found
}

/**
 * The largest fall of the running sum of results, in their unit; the sum begins at 0. Results of one instant count together, since nobody knows
 * which came first.
 *
 * @param results In the order of time.
 */
export function drawdownOfResults(results: Iterable<readonly [at: number, amount: number]>): number {
  let sum = 0
  let highest = 0
  let fall = 0
  let now = Number.NaN
  for (const [at, amount] of results) {
    if (at !== now) {
      highest = Math.max(highest, sum)
      fall = Math.max(fall, highest - sum)
      now = at
    }
    sum += amount
  }
  return Math.max(fall, Math.max(highest, sum) - sum)
}
