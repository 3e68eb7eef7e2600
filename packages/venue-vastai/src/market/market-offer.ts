import type { Verification } from './peer-choice.ts'

/**
 * One row of a search, reduced to what a market rate needs. A row is a chunk of a machine: Vast.ai offers the machine, its halves and so
 * on, and all of them show the same price per GPU.
 */
export interface MarketOffer {
  readonly id: number
  readonly machineId: number
  /** Name with underscores, for example `RTX_4090`. */
  readonly model: string
  /** GPUs of this chunk. */
  readonly numGpus: number
  /** The machine's GPUs that the chunk is made of; empty when the market did not say. */
  readonly gpuIds: readonly number[]
  /** Renter's USD per hour for the GPUs of the whole chunk, without disk: divide by `numGpus` before comparing. */
  readonly chunkPricePerHour: number | undefined
  /** False when one of its GPUs is rented. */
  readonly rentable: boolean
  readonly verification: Verification
  /** 0 to 1. */
  readonly reliability: number
}

/** The answer of one search. */
export interface MarketSample {
  /** Epoch milliseconds. */
  readonly takenAt: number
  readonly offers: readonly MarketOffer[]
  /** True when more matched than were sent. */
  readonly truncated: boolean
  /** Set when only chunks of this many GPUs were asked for. */
  readonly gpus?: number | undefined
}
