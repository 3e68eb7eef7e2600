// Hot path: every row of every search passes here once, and 10,000 rows must cost a fraction of parsing them.
import type { WatchedMarket } from './market-memory.ts'
import type { MarketOffer, MarketSample } from './market-offer.ts'
import type { RenterPrice } from './price.ts'

/** A machine as the merged samples show it. */
export interface PeerMachine {
  readonly machineId: number
  /** Newest row of each chunk that was seen. */
  readonly chunks: PeerChunk[]
}

export interface PeerChunk {
  readonly offer: MarketOffer
  /** Epoch milliseconds. */
  readonly seenAt: number
  readonly perGpu: RenterPrice
}

/** More machines than any GPU model has on the market; beyond it new ones are not taken in. */
export const pooledMachinesMax = 20_000

/**
 * Samples of one search, merged by machine. A search returns a random sample above its limit, so that one answer shows a part of the
 * market and each further one adds to it; memory is bounded by {@link pooledMachinesMax} and by {@link SamplePool.forgetBefore}.
 *
 * @example
 * const pool = new SamplePool()
 * pool.merge({ takenAt: clock.now(), offers, truncated: true })
 * pool.machines.size
 */
export class SamplePool {
  readonly machines = new Map<number, PeerMachine>()
  /** The samples in use, oldest first, without their rows. */
  #samples: Omit<MarketSample, 'offers'>[] = []
  #withoutPrice = 0

  get samples(): number {
    return this.#samples.length
  }

  /** True when a sample in use did not show all that matched. */
  get truncated(): boolean {
    return this.#samples.some(sample => sample.truncated)
  }

  /** Rows of the newest sample that had no usable price. */
  get withoutPrice(): number {
    return this.#withoutPrice
  }

  /** When the newest sample was taken; `undefined` before the first. */
  get newestAt(): number | undefined {
    return this.#samples.at(-1)?.takenAt
  }

  get oldestAt(): number | undefined {
    return this.#samples[0]?.takenAt
  }

  /**
   * Takes in a sample that is not older than those before. A whole answer replaces the earlier ones to the same question: what it does
   * not show is gone.
   *
   * @returns How many machines were new.
   */
  merge(sample: MarketSample): number {
    const { takenAt, offers, truncated, gpus } = sample
    const before = this.machines.size
    if (!truncated) {
      this.#samples = this.#samples.filter(earlier => gpus !== undefined && earlier.gpus !== gpus)
      this.#drop(chunk => gpus === undefined || chunk.offer.numGpus === gpus)
    }
    this.#samples.push({ takenAt, truncated, gpus })
    this.#withoutPrice = 0
    for (const offer of offers) this.#mergeRow(offer, takenAt)
    return Math.max(0, this.machines.size - before)
  }

  /** What it holds, as plain data. */
  remembered(): Pick<WatchedMarket, 'samples' | 'chunks' | 'withoutPrice'> {
    return {
      samples: this.#samples,
      chunks: [...this.machines.values()].flatMap(({ chunks }) =>
        chunks.map(({ offer, seenAt }) => ({ offer, seenAt })),
      ),
      withoutPrice: this.#withoutPrice,
    } as Pick<WatchedMarket, 'samples' | 'chunks' | 'withoutPrice'>
  }

  /** A pool that holds what {@link SamplePool.remembered} gave. */
  static of({ samples, chunks, withoutPrice }: Pick<WatchedMarket, 'samples' | 'chunks' | 'withoutPrice'>): SamplePool {
    const pool = new SamplePool()
    pool.#samples = [...samples]
    for (const { offer, seenAt } of chunks) {
      const perGpu = perGpuPrice({ ...offer, chunkPricePerHour: offer.chunkPricePerHour })
      if (perGpu === undefined) continue
      const chunk = { offer: { ...offer, chunkPricePerHour: offer.chunkPricePerHour }, seenAt, perGpu }
      const machine = pool.machines.get(offer.machineId)
      if (machine === undefined) pool.machines.set(offer.machineId, { machineId: offer.machineId, chunks: [chunk] })
      else machine.chunks.push(chunk)
    }
    pool.#withoutPrice = withoutPrice
    return pool
  }

  /** Drops what was seen before `time`, epoch milliseconds. */
  forgetBefore(time: number): void {
    const oldest = this.oldestAt
    if (oldest === undefined || oldest >= time) return
    this.#samples = this.#samples.filter(sample => sample.takenAt >= time)
    this.#drop(chunk => chunk.seenAt < time)
  }

  #drop(test: (chunk: PeerChunk) => boolean): void {
    for (const { machineId, chunks } of this.machines.values()) {
      let kept = 0
      for (const chunk of chunks) if (!test(chunk)) chunks[kept++] = chunk
      chunks.length = kept
      if (kept === 0) this.machines.delete(machineId)
    }
  }

  #mergeRow(offer: MarketOffer, seenAt: number): void {
    const perGpu = perGpuPrice(offer)
    if (perGpu === undefined) {
      this.#withoutPrice++
      return
    }
    const machine = this.machines.get(offer.machineId)
    if (machine !== undefined) mergeChunk(machine.chunks, { offer, seenAt, perGpu })
    else if (this.machines.size < pooledMachinesMax)
      this.machines.set(offer.machineId, { machineId: offer.machineId, chunks: [{ offer, seenAt, perGpu }] })
  }
}

/** A price of 0, below, or not finite is no price. */
function perGpuPrice(offer: MarketOffer): RenterPrice | undefined {
  const price = offer.chunkPricePerHour
  if (price === undefined || !(offer.numGpus >= 1)) return undefined
  const perGpu = price / offer.numGpus
  return Number.isFinite(perGpu) && perGpu > 0 ? (perGpu as RenterPrice) : undefined
}

function mergeChunk(chunks: PeerChunk[], next: PeerChunk): void {
  let kept = 0
  for (const chunk of chunks) {
    if (isSameChunk(chunk.offer, next.offer)) {
      // Two rows of one answer may contradict each other; which comes first must not matter.
      if (chunk.seenAt === next.seenAt && precedes(chunk, next)) return
      continue
    }
    if (chunk.seenAt < next.seenAt && contradicts(chunk.offer, next.offer)) continue
    chunks[kept++] = chunk
  }
  chunks.length = kept
  chunks.push(next)
}

function isSameChunk(a: MarketOffer, b: MarketOffer): boolean {
  if (a.numGpus !== b.numGpus) return false
  // Ids of offers change whenever a rental begins or ends; GPUs stay.
  return a.gpuIds.length > 0 && b.gpuIds.length > 0 ? a.gpuIds[0] === b.gpuIds[0] : a.id === b.id
}

function precedes(a: PeerChunk, b: PeerChunk): boolean {
  if (a.offer.id !== b.offer.id) return a.offer.id < b.offer.id
  if (a.perGpu !== b.perGpu) return a.perGpu < b.perGpu
  return a.offer.rentable || !b.offer.rentable
}

/** An older row that cannot be true any more: chunks of a machine are nested, so a free one has no taken part. */
function contradicts(older: MarketOffer, newer: MarketOffer): boolean {
  if (older.rentable === newer.rentable) return false
  const [larger, smaller] = older.rentable ? [older, newer] : [newer, older]
  const first = smaller.gpuIds[0]
  return first !== undefined && larger.numGpus >= smaller.numGpus && larger.gpuIds.includes(first)
}
