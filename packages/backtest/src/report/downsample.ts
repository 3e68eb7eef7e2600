/** A point of a curve. */
export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * At most about `points` points that look like all of them: of each stretch its lowest and its highest, so that no spike is lost.
 */
export function downsample(xs: ArrayLike<number>, ys: ArrayLike<number>, points = 1_200): Point[] {
  const { length } = xs
  const at = (i: number): Point => ({ x: xs[i] as number, y: ys[i] as number })
  if (length <= points) return Array.from({ length }, (_, i) => at(i))
  const stretch = Math.ceil((2 * length) / points)
  const kept: Point[] = []
  for (let from = 0; from < length; from += stretch) {
    let [low, high] = [from, from]
    for (let i = from; i < Math.min(length, from + stretch); i++) {
      if ((ys[i] as number) < (ys[low] as number)) low = i
      if ((ys[i] as number) > (ys[high] as number)) high = i
    }
    kept.push(at(Math.min(low, high)))
    if (low !== high) kept.push(at(Math.max(low, high)))
  }
  if (kept.at(-1)?.x !== xs[length - 1]) kept.push(at(length - 1))
  return kept
}
