import { noEvidence, type PriceMemory } from './price-memory.ts'

const hourMs = 3_600_000
/** Longer than this between two reviews, nobody knows what happened in between. */
const gapMaxMs = 6 * hourMs

/** What a review sees of one's own machine. */
export interface RentalsSeen {
  readonly nowMs: number
  readonly gpus: number
  /** GPUs that clients hold at the listed price: neither own test rentals nor interruptible ones, which pay a bid. */
  readonly rentedGpus: number
  /** GPUs that interruptible rentals use. */
  readonly bidGpus: number
  /** The listed price, host USD per GPU-hour; `undefined` while not listed. */
  readonly price: number | undefined
}

/**
 * Memory brought up to now: idle time, fills, releases, and the evidence for policies that learn.
 *
 * @param memory `undefined` at the first sight of the machine.
 */
export function observeRentals(memory: PriceMemory | undefined, seen: RentalsSeen): PriceMemory {
  const { nowMs, gpus, rentedGpus, bidGpus, price } = seen
  if (memory === undefined)
    return {
      atMs: nowMs,
      rentedGpus,
      bidGpus,
      idleSinceMs: rentedGpus < gpus ? nowMs : null,
      lastRentedPrice: null,
      lastChangeMs: null,
      changesMs: [],
      evidence: noEvidence,
      marketMedian: null,
      doubtSinceMs: null,
      policy: null,
    }
  const elapsedMs = nowMs - memory.atMs
  const hours = elapsedMs > gapMaxMs ? 0 : elapsedMs / hourMs
  const filledGpus = Math.max(0, rentedGpus - memory.rentedGpus)
  const releasedGpus = Math.max(0, memory.rentedGpus - rentedGpus)
  const wasIdle = Math.max(0, gpus - memory.rentedGpus)
  return {
    ...memory,
    atMs: nowMs,
    rentedGpus,
    bidGpus,
    idleSinceMs: rentedGpus >= gpus ? null : filledGpus > 0 ? nowMs : (memory.idleSinceMs ?? nowMs),
    lastRentedPrice: filledGpus > 0 && price !== undefined && price > 0 ? price : memory.lastRentedPrice,
    changesMs: recent(memory.changesMs, nowMs),
    evidence: {
      // Hours in which nobody could rent say nothing about demand.
      idleGpuHours: memory.evidence.idleGpuHours + (price === undefined ? 0 : wasIdle * hours),
      bidGpuHours: memory.evidence.bidGpuHours + (price === undefined ? 0 : Math.min(wasIdle, memory.bidGpus) * hours),
      rentedGpuHours: memory.evidence.rentedGpuHours + memory.rentedGpus * hours,
      filledGpus: memory.evidence.filledGpus + filledGpus,
      releasedGpus: memory.evidence.releasedGpus + releasedGpus,
    },
  }
}

/** Memory after a change of the listing took effect; `price` `undefined`: taken off the market. */
export function observeChange(
  memory: PriceMemory,
  change: { readonly nowMs: number; readonly isFirst: boolean },
): PriceMemory {
  const { nowMs, isFirst } = change
  return {
    ...memory,
    lastChangeMs: nowMs,
    changesMs: [...recent(memory.changesMs, nowMs), nowMs].slice(-64),
    // Before it was listed nobody could come.
    idleSinceMs: isFirst && memory.idleSinceMs !== null ? nowMs : memory.idleSinceMs,
  }
}

/** Memory for a clock that went back to `nowMs`: nothing it holds lies in the future. */
export function rebaseMemory(memory: PriceMemory, nowMs: number): PriceMemory {
  const notLater = (ms: number | null) => (ms === null ? null : Math.min(ms, nowMs))
  return {
    ...memory,
    atMs: Math.min(memory.atMs, nowMs),
    idleSinceMs: notLater(memory.idleSinceMs),
    lastChangeMs: notLater(memory.lastChangeMs),
    changesMs: memory.changesMs.map(ms => Math.min(ms, nowMs)),
    doubtSinceMs: notLater(memory.doubtSinceMs),
  }
}

function recent(changesMs: readonly number[], nowMs: number): number[] {
  const oldest = nowMs - 24 * hourMs
  return changesMs.every(ms => ms > oldest) ? (changesMs as number[]) : changesMs.filter(ms => ms > oldest)
}
