/** A request that may have changed the market, as it has to be made again to bring a market back to where it was. */
export interface MarketChange {
  /** When, epoch ms. */
  readonly atMs: number
  readonly method: string
  /** Path and query, without a key. */
  readonly target: string
  readonly bodyText: string
  /** Which of the simulation's keys signed it, by number; `null` for none. Keys are made from the seed. */
  readonly apiKeyId: number | null
}

/**
 * The diary of a market that is to outlive its process.
 *
 * @example
 * // what was written is read back at the next start, and the market is where it was
 * const diary = { past: readLines(file), write: change => appendLine(file, change) }
 * await startVastAiSimulator({ clock, seed: 7, diary })
 */
export interface MarketDiary {
  /** Changes of earlier processes, oldest first; made again before the first request is served. */
  readonly past: readonly MarketChange[]
  /** Called before a change takes effect. What bodies hold (environment variables, webhook secrets) is in it. */
  readonly write: (change: MarketChange) => void
}
