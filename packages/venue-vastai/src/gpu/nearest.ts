/**
 * The entries of `known` that begin with `name`, then those that hold it, then those that take the fewest slips of typing to reach from
 * it; case, spaces, dashes and underscores do not count.
 *
 * @example
 * nearest('RTX 4900', ['RTX_4090', 'L40S'], 1) // ['RTX_4090']
 */
export function nearest(name: string, known: readonly string[], count: number): readonly string[] {
  const wanted = bare(name.slice(0, 64))
  return known
    .map(each => ({ each, distance: distanceOf(wanted, bare(each)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ each }) => each)
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '')
}

function distanceOf(wanted: string, known: string): number {
  if (wanted !== '' && known.startsWith(wanted)) return 0
  return wanted.length > 2 && known.includes(wanted) ? 0.5 : slips(wanted, known)
}

/**
 * Insertions, deletions, replacements and swaps of neighbours between two texts.
 *
 * Source: optimal string alignment, Damerau (1964); only the last three rows are kept.
 */
function slips(a: string, b: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let fewest = Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) fewest = Math.min(fewest, (beforeLast[j - 2] ?? 0) + 1)
      row.push(fewest)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
