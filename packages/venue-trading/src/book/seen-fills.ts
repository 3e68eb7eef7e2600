/** So many trade ids of a symbol are remembered whatever their age, */
const seenMin = 256
/** and all that are younger than the newest by this, */
const seenMs = 600_000
/** up to so many, those of the newest millisecond not counted. */
const seenMax = 4_096

/** The newest trade ids of one symbol, so that a fill is applied once however often it is delivered. */
export interface SeenFills {
  /** Trade id → its time, oldest delivery first. */
  readonly ids: Map<string, number>
  /** Those of them that were taken for fills of orders made elsewhere. */
  readonly external: Set<string>
  newestAt: number
  /** Nothing of this time or older is told apart any more; −1: everything is. */
  floorAt: number
}

export function noSeenFills(): SeenFills {
  return { ids: new Map(), external: new Set(), newestAt: 0, floorAt: -1 }
}

export function isSeen(seen: SeenFills, tradeId: string): boolean {
  return seen.ids.has(tradeId)
}

export function isForgotten(seen: SeenFills, at: number): boolean {
  return at <= seen.floorAt
}

export function see(seen: SeenFills, tradeId: string, at: number): void {
  const { ids } = seen
  ids.set(tradeId, at)
  seen.newestAt = Math.max(seen.newestAt, at)
  for (const [id, seenAt] of ids) {
    const isYoung = seenAt > seen.newestAt - seenMs
    if (ids.size <= seenMin || seenAt >= seen.newestAt || (isYoung && ids.size <= seenMax)) return
    ids.delete(id)
    seen.external.delete(id)
    seen.floorAt = Math.max(seen.floorAt, seenAt)
  }
}
