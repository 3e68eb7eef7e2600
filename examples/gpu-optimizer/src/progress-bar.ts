/** Where progress is drawn: `process.stderr`, or anything alike. */
export interface ProgressStream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/**
 * A line that grows and says how long it will take. On something that is no terminal it prints a line for each quarter instead.
 *
 * @param elapsedMs real milliseconds since the start; handed in, so that the bar holds no clock.
 */
export function progressBar(stream: ProgressStream, label: string): (share: number, elapsedMs: number) => void {
  let lastQuarter = 0
  let lastDrawnMs = Number.NEGATIVE_INFINITY
  return (share, elapsedMs) => {
    const quarter = Math.floor(share * 4)
    if (stream.isTTY !== true) {
      if (quarter === lastQuarter) return
      lastQuarter = quarter
      stream.write(`${label} ${quarter * 25} %\n`)
      return
    }
    if (share < 1 && elapsedMs - lastDrawnMs < 100) return
    lastDrawnMs = elapsedMs
    const width = 30
    const filled = Math.round(share * width)
    const leftS = share > 0.02 ? Math.ceil((elapsedMs * (1 - share)) / share / 1000) : undefined
    const eta = share >= 1 ? `${(elapsedMs / 1000).toFixed(1)} s` : leftS === undefined ? '' : `${leftS} s left`
    stream.write(
      `\r${label} [${'█'.repeat(filled)}${'░'.repeat(width - filled)}] ${Math.floor(share * 100)} %  ${eta.padEnd(12)}`,
    )
    if (share >= 1) stream.write('\n')
  }
}
