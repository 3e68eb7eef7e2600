import type { Json } from '@org/core'
import type { z } from 'zod'

// Every price in this folder is a HOST price: what the host earns, USD per GPU-hour. Renter prices are converted once, in
// market/market-in-host-terms.ts, and never come here.

/** Where peers' asks lie, host USD per GPU-hour; each machine has one vote. */
export interface AskBand {
  readonly p10: number
  readonly p25: number
  readonly median: number
  readonly p75: number
  readonly p90: number
}

/** The market of comparable machines of other hosts, in host terms. */
export interface PricingMarket {
  /** When its oldest sample was taken, milliseconds since the epoch. */
  readonly asOfMs: number
  /** Machines it rests on. */
  readonly machines: number
  /** What all of them ask. */
  readonly ask: AskBand
  /** What those with a free GPU ask; `undefined` when nothing is free. */
  readonly idleAsk: AskBand | undefined
  /** What those with a rented GPU ask; `undefined` when nothing is rented. */
  readonly rentedAsk: AskBand | undefined
  /** Part of their GPUs that is rented, 0 to 1. */
  readonly rentedShare: number
  /** GPUs of theirs that can be rented now. */
  readonly idleGpus: number
}

/** What happened to one's own machine since the policy was asked last, at the price that stood. */
export interface RentalEvidence {
  /** GPU-hours that were listed and free to whoever pays the price. */
  readonly idleGpuHours: number
  /** Those of them that interruptible rentals used meanwhile, at a bid of at least the floor. */
  readonly bidGpuHours: number
  /** GPU-hours that clients held. */
  readonly rentedGpuHours: number
  /** GPUs that clients took. */
  readonly filledGpus: number
  /** GPUs that clients gave back. */
  readonly releasedGpus: number
}

/** All that a policy may look at: plain data, so that a policy is a pure function. */
export interface PricingInput {
  readonly nowMs: number
  readonly market: PricingMarket
  readonly gpus: number
  /** GPUs that clients hold now at the listed price: own test rentals and interruptible ones, which pay a bid, left out. */
  readonly rentedGpus: number
  /** What is asked now; `undefined` while not listed. */
  readonly price: number | undefined
  /** The price that stood when a client took a GPU last. */
  readonly lastRentedPrice: number | undefined
  /** Since when GPUs have been free without any being taken; `undefined` while all are rented. */
  readonly idleSinceMs: number | undefined
  /** USD per GPU-hour while rented. */
  readonly runningCostPerGpuHour: number
  /** USD per GPU-hour while idle. */
  readonly idleCostPerGpuHour: number
  /** Cost plus required profit. What a policy aims at below it is not asked: the machine is taken off the market. */
  readonly floorPerGpuHour: number
  readonly evidence: RentalEvidence
  /** What the policy gave back last, `undefined` at first. Survives restarts. */
  readonly memory: Json | undefined
}

/** What a policy would ask if nothing held it back, and why. */
export interface PricingTarget {
  /** Host USD per GPU-hour. Step limits, hysteresis and the floor are applied to it afterwards. */
  readonly targetPrice: number
  /** A stable reason such as `idle-ladder-step`. */
  readonly reason: string
  /** What it was computed from, units in the names. */
  readonly inputs: { readonly [name: string]: Json }
  readonly memory: Json
}

/**
 * How a price is found. Policies are exchangeable: pure functions from {@link PricingInput} to a {@link PricingTarget}.
 *
 * @example
 * const aboveMedian: PricingPolicy = {
 *   name: 'above-median',
 *   aim: ({ market }) => ({ targetPrice: market.ask.median * 1.05, reason: 'above-median', inputs: {}, memory: null }),
 * }
 */
export interface PricingPolicy {
  /** Memory belongs to the policy of this name; another policy starts afresh. */
  readonly name: string
  aim(input: PricingInput): PricingTarget
}

/**
 * A policy with a memory of its own form. Memory that does not fit the schema (another version wrote it) is forgotten, not guessed at.
 */
export function policyWithMemory<Memory extends Json>(policy: {
  readonly name: string
  readonly memorySchema: z.ZodType<Memory>
  aim(
    input: Omit<PricingInput, 'memory'>,
    memory: Memory | undefined,
  ): Omit<PricingTarget, 'memory'> & { readonly memory: Memory }
}): PricingPolicy {
  // Reviews are many and memory changes hands unchanged between them: what this policy made itself needs no second check.
  const own = new WeakSet<object>()
  return {
    name: policy.name,
    aim(input) {
      const memory = isOwn(own, input.memory)
        ? (input.memory as Memory)
        : policy.memorySchema.safeParse(input.memory).data
      const target = policy.aim(input, memory)
      if (typeof target.memory === 'object' && target.memory !== null) own.add(target.memory)
      return target
    },
  }
}

function isOwn(own: WeakSet<object>, memory: Json | undefined): boolean {
  return typeof memory === 'object' && memory !== null && own.has(memory)
}
