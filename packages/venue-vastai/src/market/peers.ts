import type { MarketOffer } from './market-offer.ts'
import type { PeerChunk, PeerMachine } from './merge-samples.ts'
import { type PeerKind, type Relaxation, reliabilityBand } from './peer-choice.ts'
import type { RenterPrice } from './price.ts'

/** One machine's vote. */
export interface Peer {
  readonly machineId: number
  readonly perGpu: RenterPrice
  /** When its price was seen, epoch milliseconds. */
  readonly seenAt: number
  /** GPUs whose state is known. */
  readonly gpusKnown: number
  readonly gpusFree: number
}

/** The order in which demands are given up: the ones that move prices least go first. */
export const relaxations: readonly Relaxation[] = ['reliability', 'gpus', 'verification']

/** A kind without the demands that were given up. */
export function relaxKind(kind: PeerKind, relaxed: readonly Relaxation[]): PeerKind {
  const wider: { -readonly [Field in keyof PeerKind]: PeerKind[Field] } = { ...kind }
  for (const demand of relaxed) delete wider[demand]
  return wider
}

/** The vote of a machine, or `undefined` when it is not of this kind. */
export function peerOf(machine: PeerMachine, kind: PeerKind): Peer | undefined {
  const chunk = votingChunk(machine.chunks, kind)
  if (chunk === undefined) return undefined
  const gpus = countGpus(machine.chunks)
  const { perGpu, seenAt } = chunk
  return { machineId: machine.machineId, perGpu, seenAt, gpusKnown: gpus.known, gpusFree: gpus.free }
}

/**
 * Of the rows of the newest sample the one with the wanted number of GPUs, else the largest. A machine that has never shown a chunk of
 * the wanted size does not compete for the same renters.
 */
function votingChunk(chunks: readonly PeerChunk[], kind: PeerKind): PeerChunk | undefined {
  let best: PeerChunk | undefined
  let hasLike = false
  for (const chunk of chunks) {
    if (!isLike(chunk.offer, kind)) continue
    hasLike ||= kind.gpus === undefined || chunk.offer.numGpus === kind.gpus
    if (best === undefined || isBetterVote(chunk, best, kind.gpus)) best = chunk
  }
  return hasLike ? best : undefined
}

function isLike(offer: MarketOffer, kind: PeerKind): boolean {
  return (
    offer.model === kind.model &&
    (kind.verification === undefined || offer.verification === kind.verification) &&
    (kind.reliability === undefined || reliabilityBand(offer.reliability) === kind.reliability)
  )
}

function isBetterVote(a: PeerChunk, b: PeerChunk, gpus: number | undefined): boolean {
  if (a.seenAt !== b.seenAt) return a.seenAt > b.seenAt
  const aLike = a.offer.numGpus === gpus
  if (aLike !== (b.offer.numGpus === gpus)) return aLike
  if (a.offer.numGpus !== b.offer.numGpus) return a.offer.numGpus > b.offer.numGpus
  return a.perGpu < b.perGpu
}

/**
 * GPUs of a machine whose state is known: free ones are in a rentable chunk, rented ones in a taken chunk of the smallest size seen and in
 * no rentable one. With all chunks at hand this is how outsiders of Vast.ai count; where only a large taken chunk was seen, all of it
 * counts as rented.
 */
function countGpus(chunks: readonly PeerChunk[]): { readonly known: number; readonly free: number } {
  let largest = 0
  let largestFree = 0
  let smallest = Number.POSITIVE_INFINITY
  for (const { offer } of chunks) {
    largest = Math.max(largest, offer.numGpus)
    smallest = Math.min(smallest, offer.numGpus)
    if (offer.rentable) largestFree = Math.max(largestFree, offer.numGpus)
  }
  if (chunks.length === 1) return { known: largest, free: largestFree }
  const free = new Set<number>()
  const taken = new Set<number>()
  for (const { offer } of chunks) {
    if (offer.rentable) for (const gpu of offer.gpuIds) free.add(gpu)
    else if (offer.numGpus === smallest) for (const gpu of offer.gpuIds) taken.add(gpu)
  }
  for (const gpu of free) taken.delete(gpu)
  // Rows without GPU ids tell nothing about overlap: the largest chunk speaks for the machine.
  if (free.size + taken.size === 0) return { known: largest, free: largestFree }
  return { known: free.size + taken.size, free: free.size }
}
