import { InvalidInputError } from '@org/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWorld } from './create-world.ts'
import { HOST_SHARE } from './listing.ts'
import type { World } from './world.ts'

const HOUR_MS = 3_600_000
const startMs = Date.UTC(2026, 6, 1)
const model = 'RTX_A6000'

type Action =
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'list'; readonly usd: number; readonly durationHours: number | undefined }
  | { readonly kind: 'unlist' }
  | { readonly kind: 'fail' }
  | { readonly kind: 'recover' }
  | { readonly kind: 'rent'; readonly pick: number; readonly bid: number | undefined }
  | { readonly kind: 'stop' | 'start' | 'destroy' | 'outbid'; readonly pick: number }

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 60 }) }),
  fc.record({
    kind: fc.constant('list' as const),
    usd: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
    durationHours: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
  }),
  fc.constantFrom<Action>({ kind: 'unlist' }, { kind: 'fail' }, { kind: 'recover' }),
  fc.record({
    kind: fc.constant('rent' as const),
    pick: fc.nat(1_000),
    bid: fc.option(fc.double({ min: 0.5, max: 2, noNaN: true }), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constantFrom('stop' as const, 'start' as const, 'destroy' as const, 'outbid' as const),
    pick: fc.nat(1_000),
  }),
)

/** A market with an own 4-GPU machine and a renter with an account, and a way to do things there. */
function open(seed: number) {
  const world = createWorld({ seed, startMs, models: [model] })
  const hostId = world.addAccount({ kind: 'host' }).id
  const renterId = world.addAccount({ kind: 'renter', balanceUsd: 1_000 }).id
  const machineId = world.addMachine({ hostId, model, gpuCount: 4 }).id
  const attempt = (step: Action) => {
    if (step.kind === 'wait') return world.advanceTo(world.nowMs + step.hours * HOUR_MS)
    if (step.kind === 'list') {
      const end = step.durationHours === undefined ? {} : { endMs: world.nowMs + step.durationHours * HOUR_MS }
      world.list(machineId, { gpuUsdPerHour: step.usd, ...end })
      return
    }
    if (step.kind === 'unlist') return world.unlist(machineId)
    if (step.kind === 'fail' || step.kind === 'recover') return world.setOnline(machineId, step.kind === 'recover')
    if (step.kind === 'rent') {
      const offers = world.offers().filter(offer => offer.isRentable && offer.diskGb >= 1)
      const offer = offers[step.pick % Math.max(1, offers.length)]
      if (offer === undefined) return
      const bid = step.bid === undefined ? {} : { bidUsdPerHour: offer.renterMinBidUsdPerHour * Math.max(1, step.bid) }
      world.rent({ accountId: renterId, offerId: offer.id, diskGb: 1, ...bid })
      return
    }
    const mine = world.contracts({ accountId: renterId })
    const contract = mine[step.pick % Math.max(1, mine.length)]
    if (contract === undefined) return
    if (step.kind === 'stop') world.stop(contract.id)
    else if (step.kind === 'start') {
      if (contract.status !== 'expired') world.start(contract.id)
    } else if (step.kind === 'destroy') world.destroy(contract.id)
    else if (contract.kind === 'interruptible') world.changeBid(contract.id, undefined)
  }
  // What the market refuses is no break of its laws, and must not lead to one.
  const run = (step: Action) => {
    try {
      attempt(step)
    } catch (error) {
      if (!(InvalidInputError.isInstance(error) && error.code.startsWith('SIM_'))) throw error
    }
  }
  return { world, machineId, run }
}

function expectOneHolder(world: World): void {
  for (const machine of world.machines()) {
    const held = new Set<number>()
    for (const contract of world.contracts({ machineId: machine.id })) {
      if (contract.status !== 'running') continue
      for (const gpu of contract.gpuIndexes) {
        expect(held.has(gpu), `GPU ${gpu} of machine ${machine.id} has one holder`).toBe(false)
        held.add(gpu)
        expect(machine.occupancy[gpu]).not.toBe('x')
      }
    }
  }
}

const days = fc.tuple(fc.integer({ min: 1, max: 1_000 }), fc.array(action, { minLength: 5, maxLength: 25 }))

describe('the market, whatever is done to it,', { timeout: 60_000 }, () => {
  it('never has two holders of one GPU', () => {
    fc.assert(
      fc.property(days, ([seed, steps]) => {
        const { world, run } = open(seed)
        for (const step of steps) {
          run(step)
          expectOneHolder(world)
        }
      }),
      { numRuns: 15 },
    )
  })

  it('pays hosts their share of what renters pay, and no cent is made or lost', () => {
    fc.assert(
      fc.property(days, ([seed, steps]) => {
        const { world, run } = open(seed)
        for (const step of steps) run(step)
        const { renterPaidUsd, hostEarnedUsd, feeUsd } = world.money()
        expect(hostEarnedUsd).toBeCloseTo(renterPaidUsd * HOST_SHARE, 6)
        expect(feeUsd).toBeCloseTo(renterPaidUsd * (1 - HOST_SHARE), 6)
        const booked = world
          .machines()
          .map(machine => world.machineTruth(machine.id))
          .reduce((sum, truth) => sum + truth.gpuEarnedUsd + truth.storageEarnedUsd, 0)
        expect(booked).toBeCloseTo(hostEarnedUsd, 6)
      }),
      { numRuns: 15 },
    )
  })

  it('books to a host, day by day, what its machine earned', () => {
    fc.assert(
      fc.property(days, ([seed, steps]) => {
        const { world, machineId, run } = open(seed)
        for (const step of steps) run(step)
        const truth = world.machineTruth(machineId)
        const { perDay, total } = world.earnings(world.machine(machineId).hostId)
        expect(total.gpuUsd).toBeCloseTo(truth.gpuEarnedUsd, 6)
        expect(perDay.reduce((sum, day) => sum + day.gpuUsd, 0)).toBeCloseTo(truth.gpuEarnedUsd, 6)
        const hours = [...truth.gpuHoursByHostCents.values()].reduce((sum, value) => sum + value, 0)
        expect(hours).toBeCloseTo(truth.rentedGpuHours, 6)
      }),
      { numRuns: 15 },
    )
  })

  it('has the same history for the same seed and actions, another for another seed', () => {
    fc.assert(
      fc.property(days, ([seed, steps]) => {
        const digestOf = (of: number) => {
          const { world, run } = open(of)
          for (const step of steps) run(step)
          world.advanceTo(world.nowMs + 24 * HOUR_MS)
          return world.digest()
        }
        expect(digestOf(seed)).toBe(digestOf(seed))
        expect(digestOf(seed)).not.toBe(digestOf(seed + 1))
      }),
      { numRuns: 5 },
    )
  })

  it('sends the same renters and lets competitors do the same', () => {
    fc.assert(
      fc.property(days, ([seed, steps]) => {
        const after = (actions: readonly Action[]) => {
          const { world, run } = open(seed)
          for (const step of actions) run(step)
          world.advanceTo(startMs + 80 * 24 * HOUR_MS)
          const { arrivals, bidArrivals, reprices, failures, demandFactor } = world.modelTruth(model)
          const asks = world.machines().flatMap(machine => (machine.isOwn ? [] : machine.listing?.gpuUsdPerHour))
          return { arrivals, bidArrivals, reprices, failures, demandFactor, asks }
        }
        // Own outages are counted with the others'; all else must not move.
        const mild = steps.filter(step => step.kind !== 'fail' && step.kind !== 'recover')
        expect(after(mild)).toEqual(after([]))
      }),
      { numRuns: 5 },
    )
  })
})
