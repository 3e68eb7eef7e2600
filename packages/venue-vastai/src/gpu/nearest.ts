/**
 * The entries of `known` that begin with `name`, then those that take the fewest changes to reach from it; case does not count.
 *
 * @example
 * nearest('RTX_4900', ['RTX_4090', 'L40S'], 1) // ['RTX_4090']
 */
export function nearest(name: string, known: readonly string[], count: number): readonly string[] {
  const wanted = name.slice(0, 64).toLowerCase()
  return known
    .map(each => ({ each, distance: distanceOf(wanted, each.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ each }) => each)
}

function distanceOf(wanted: string, known: string): number {
  return wanted !== '' && known.startsWith(wanted) ? 0 : editDistance(wanted, known)
}

/** Insertions, deletions and replacements between two texts (Levenshtein, one row at a time). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
