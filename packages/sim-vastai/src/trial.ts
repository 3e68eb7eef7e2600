import { createWorld } from './market/create-world.ts'
import type { Machine, OccupancyLetter } from './market/machine.ts'
import type { Quantiles } from './market/quantiles.ts'
import { quantilesOf } from './market/sample-metrics.ts'
import type { World, WorldOptions } from './market/world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Fewer peers of the same size than this, and machines of every size are looked at. */
const PEERS_MIN = 5

/** Comparable machines of others. Prices are HOST prices, USD per GPU-hour. */
export interface TrialMarket {
  readonly asOfMs: number
  readonly machines: number
  readonly ask: Quantiles
  /** Asks of machines with a free GPU. */
  readonly idleAsk: Quantiles | undefined
  /** Asks of machines with a rented GPU. */
  readonly rentedAsk: Quantiles | undefined
  /** Part of their GPUs that is rented, 0..1. */
  readonly rentedShare: number
  readonly idleGpus: number
}

/** What a host sees at a review of one machine. */
export interface TrialObservation {
  readonly nowMs: number
  /** 0 for the first machine of the trial. */
  readonly machineIndex: number
  readonly gpus: number
  /** At the listed price: on demand or reserved. Interruptible rentals pay a bid and give way to whoever pays the price. */
  readonly rentedGpus: number
  /** Used by interruptible rentals. */
  readonly bidGpus: number
  /** Its listed HOST price, USD per GPU-hour; undefined while not listed. */
  readonly price: number | undefined
  /** Seen at most an hour ago. */
  readonly market: TrialMarket | undefined
}

export interface PricingTrialOptions {
  readonly seed: number
  readonly days: number
  /** Underscore name. */
  readonly model: string
  /** GPUs of each machine of the host. @default [1] */
  readonly machines?: readonly number[]
  /** Above 0: better than the median verified host. @default 0 */
  readonly quality?: number
  /** @default 5 minutes */
  readonly reviewEveryMs?: number
  /** @default 2026-07-01 */
  readonly startMs?: number
  readonly parameters?: WorldOptions['parameters']
  /** Floor of interruptible bids, HOST USD per GPU-hour; above the price, the price. @default the price: nobody bids */
  readonly minBid?: number
  /** The HOST price that stands from now on, USD per GPU-hour; undefined: not listed. Called at each review of each machine. */
  readonly price: (observation: TrialObservation) => number | undefined
}

/** What a way of pricing came to. */
export interface PricingTrialResult {
  /** USD that the host earned for GPUs. */
  readonly earnedUsd: number
  readonly gpuHours: number
  readonly rentedGpuHours: number
  /** rented / all GPU-hours. */
  readonly occupancy: number
  /** 1 − occupancy. */
  readonly idleShare: number
  /** Changes of a price that stood; the first listing is none. */
  readonly priceChanges: number
  readonly priceChangesPerDay: number
}

/**
 * Runs a host's machines through a market under one way of pricing, without HTTP. Renters and competitors are the same for every way of
 * pricing under one seed, so results may be compared pair by pair.
 *
 * @example
 * const { earnedUsd } = runPricingTrial({ seed: 7, days: 30, model: 'RTX_4090', price: () => 0.3 })
 */
export function runPricingTrial(options: PricingTrialOptions): PricingTrialResult {
  const startMs = options.startMs ?? Date.UTC(2026, 6, 1)
  const reviewEveryMs = options.reviewEveryMs ?? 300_000
  const { seed, model, parameters, minBid = Number.POSITIVE_INFINITY } = options
  const world = createWorld({ seed, startMs, models: [model], ...(parameters === undefined ? {} : { parameters }) })
  const hostId = world.addAccount({ kind: 'host' }).id
  const machines = (options.machines ?? [1]).map(gpuCount =>
    world.addMachine({ hostId, model, gpuCount, quality: options.quality ?? 0 }),
  )
  const endMs = startMs + options.days * DAY_MS
  // Looked at anew every hour: between two looks at most a few of some hundred asks move.
  const markets = new Map<number, TrialMarket>()
  let priceChanges = 0
  for (let nowMs = startMs; nowMs < endMs; nowMs += reviewEveryMs) {
    world.advanceTo(nowMs)
    machines.forEach((machine, machineIndex) => {
      let market = markets.get(machine.gpuCount)
      if (market === undefined || nowMs - market.asOfMs >= HOUR_MS) {
        market = lookAt(world, machine)
        if (market !== undefined) markets.set(machine.gpuCount, market)
      }
      const price = machine.listing?.gpuUsdPerHour
      const next = options.price({
        nowMs,
        machineIndex,
        gpus: machine.gpuCount,
        rentedGpus: gpusOf(machine, 'D') + gpusOf(machine, 'R'),
        bidGpus: gpusOf(machine, 'I'),
        price,
        market,
      })
      if (next === price) return
      if (price !== undefined) priceChanges++
      if (next === undefined) world.unlist(machine.id)
      else world.list(machine.id, { gpuUsdPerHour: next, minBidUsdPerGpuHour: Math.min(next, minBid) })
    })
  }
  world.advanceTo(endMs)
  const truths = machines.map(machine => world.machineTruth(machine.id))
  const gpuHours = machines.reduce((sum, { gpuCount }) => sum + gpuCount, 0) * options.days * 24
  const rentedGpuHours = truths.reduce((sum, truth) => sum + truth.rentedGpuHours, 0)
  const occupancy = rentedGpuHours / gpuHours
  return {
    earnedUsd: truths.reduce((sum, truth) => sum + truth.gpuEarnedUsd, 0),
    gpuHours,
    rentedGpuHours,
    occupancy,
    idleShare: 1 - occupancy,
    priceChanges,
    priceChangesPerDay: priceChanges / options.days,
  }
}

function lookAt(world: World, own: Machine): TrialMarket | undefined {
  const others = world
    .machines({ model: own.model })
    .filter(machine => !machine.isOwn && machine.listing !== undefined && machine.verification === own.verification)
  const same = others.filter(machine => machine.gpuCount === own.gpuCount)
  const peers = same.length >= PEERS_MIN ? same : others
  const all: number[] = []
  const idle: number[] = []
  const rented: number[] = []
  let gpus = 0
  let idleGpus = 0
  for (const peer of peers) {
    const ask = peer.listing?.gpuUsdPerHour ?? 0
    const free = peer.gpuCount - gpusOf(peer, 'D') - gpusOf(peer, 'R')
    all.push(ask)
    if (free > 0) idle.push(ask)
    if (free < peer.gpuCount) rented.push(ask)
    gpus += peer.gpuCount
    idleGpus += free
  }
  const ask = quantilesOf(all)
  if (ask === undefined) return undefined
  return {
    asOfMs: world.nowMs,
    machines: all.length,
    ask,
    idleAsk: quantilesOf(idle),
    rentedAsk: quantilesOf(rented),
    rentedShare: gpus === 0 ? 0 : 1 - idleGpus / gpus,
    idleGpus,
  }
}

function gpusOf(machine: Machine, letter: OccupancyLetter): number {
  let count = 0
  for (const holder of machine.occupancy) if (holder === letter) count++
  return count
}
