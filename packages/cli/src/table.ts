/** Rows in aligned columns: the first to the left, the others to the right; nothing at line ends. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(cell.length, widest[i] ?? 0)).concat(widest.slice(row.length)),
    [],
  )
  return rows
    .map(row =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .map(line => `  ${line}\n`)
    .join('')
}

/** A moment for people, UTC: `2026-11-25 19:10:23`. */
export function moment(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
