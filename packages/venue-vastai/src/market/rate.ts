// Hot path: computed anew at every question, over some hundred machines as a rule and some thousand at most.
import { MarketError } from './market-error.ts'
import type { MarketOffer } from './market-offer.ts'
import type { MarketRate, ShareSource } from './market-rate.ts'
import { SamplePool } from './merge-samples.ts'
import { withinFence } from './outliers.ts'
import { type PeerKind, peerKindKey, type Relaxation } from './peer-choice.ts'
import { type Peer, peerOf, relaxations, relaxKind } from './peers.ts'
import { assumedHostShare, type HostShare, type RenterPrice } from './price.ts'
import { priceBand, twoSidedBand } from './price-band.ts'

export interface RateOptions {
  readonly kind: PeerKind
  /** Machines that are one's own: never a peer. */
  readonly ownMachineIds?: ReadonlySet<number> | undefined
  /** @default assumedHostShare */
  readonly share?: HostShare | undefined
  /** @default 'assumed' */
  readonly shareSource?: ShareSource | undefined
  /** Fewer peers than this are no market. @default 5 */
  readonly peersMin?: number | undefined
}

export const peersMinDefault = 5

/**
 * The market rate of one complete list of offers.
 *
 * @param takenAt When the offers were read, epoch milliseconds.
 * @throws {MarketError} `TOO_FEW_PEERS`
 * @example
 * marketRate(offers, clock.now(), { kind: { model: 'RTX_4090' } }).renter.median
 */
export function marketRate(offers: readonly MarketOffer[], takenAt: number, options: RateOptions): MarketRate {
  const pool = new SamplePool()
  pool.merge({ takenAt, offers, truncated: false })
  return rateOfPool(pool, options)
}

/**
 * The market rate of merged samples. Demands of the kind are given up one by one, in the order reliability, GPUs, verification, until
 * enough machines vote.
 *
 * @throws {MarketError} `TOO_FEW_PEERS`
 */
export function rateOfPool(pool: SamplePool, options: RateOptions): MarketRate {
  const { kind, peersMin = peersMinDefault } = options
  const relaxed: Relaxation[] = []
  const left = relaxations.filter(demand => kind[demand] !== undefined)
  for (;;) {
    const choice = choosePeers(pool, relaxKind(kind, relaxed), options.ownMachineIds)
    if (choice.peers.length >= peersMin) return describeRate(pool, choice, relaxed, options)
    const next = left.shift()
    if (next === undefined) throw tooFewPeers(kind, choice.peers.length, peersMin, pool)
    relaxed.push(next)
  }
}

interface Choice {
  /** Sorted by price. */
  readonly peers: readonly Peer[]
  readonly own: number
  readonly unlike: number
  readonly outliers: number
}

function choosePeers(pool: SamplePool, kind: PeerKind, ownMachineIds: ReadonlySet<number> | undefined): Choice {
  const voters: Peer[] = []
  let own = 0
  let unlike = 0
  for (const machine of pool.machines.values()) {
    if (ownMachineIds?.has(machine.machineId) === true) {
      own++
      continue
    }
    const peer = peerOf(machine, kind)
    if (peer === undefined) unlike++
    else voters.push(peer)
  }
  voters.sort((a, b) => a.perGpu - b.perGpu)
  const [from, to] = withinFence(voters.map(peer => peer.perGpu))
  return { peers: voters.slice(from, to), own, unlike, outliers: voters.length - (to - from) }
}

function describeRate(
  pool: SamplePool,
  choice: Choice,
  relaxed: readonly Relaxation[],
  options: RateOptions,
): MarketRate {
  const { kind, share = assumedHostShare, shareSource = 'assumed', peersMin = peersMinDefault } = options
  const all: RenterPrice[] = []
  const idle: RenterPrice[] = []
  const rented: RenterPrice[] = []
  let gpusCounted = 0
  let idleGpus = 0
  let newest = Number.NEGATIVE_INFINITY
  let oldest = Number.POSITIVE_INFINITY
  for (const { perGpu, seenAt, gpusKnown, gpusFree } of choice.peers) {
    if (seenAt > newest) newest = seenAt
    if (seenAt < oldest) oldest = seenAt
    all.push(perGpu)
    if (gpusFree > 0) idle.push(perGpu)
    if (gpusFree < gpusKnown) rented.push(perGpu)
    gpusCounted += gpusKnown
    idleGpus += gpusFree
  }
  const renter = priceBand(all)
  if (renter === undefined) throw tooFewPeers(kind, 0, peersMin, pool)
  const idleBand = priceBand(idle)
  const rentedBand = priceBand(rented)
  return {
    model: kind.model,
    asOf: newest,
    oldestAsOf: oldest,
    ...twoSidedBand(renter, share),
    idle: idleBand && twoSidedBand(idleBand, share),
    rented: rentedBand && twoSidedBand(rentedBand, share),
    machinesCounted: choice.peers.length,
    gpusCounted,
    rentedShare: gpusCounted === 0 ? 0 : (gpusCounted - idleGpus) / gpusCounted,
    idleGpus,
    share,
    shareSource,
    like: { kind, relaxed },
    samples: pool.samples,
    truncated: pool.truncated,
    leftOut: {
      own: choice.own,
      withoutPrice: pool.withoutPrice,
      outliers: choice.outliers,
      unlike: choice.unlike,
    },
  }
}

function tooFewPeers(kind: PeerKind, found: number, peersMin: number, pool: SamplePool): MarketError {
  return new MarketError({
    code: 'TOO_FEW_PEERS',
    message: `${found} comparable ${kind.model} machines of other hosts found (${peerKindKey(kind)}, relaxed as far as possible), ${peersMin} are needed for a price; nothing is decided until there are more`,
    details: { found, peersMin, kind: peerKindKey(kind), samples: pool.samples, withoutPrice: pool.withoutPrice },
  })
}
