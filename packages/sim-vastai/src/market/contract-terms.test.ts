import { describe, expect, it } from 'vitest'
import type { Contract } from './contract.ts'
import { createWorld } from './create-world.ts'
import { HOST_SHARE } from './listing.ts'

const HOUR_MS = 3_600_000
const startMs = Date.UTC(2026, 6, 1)
const model = 'RTX_A6000'

/** One own machine that no market renter takes, because it asks a fortune. */
function setUp(gpuCount = 1) {
  const world = createWorld({ seed: 3, startMs, models: [model] })
  const hostId = world.addAccount({ kind: 'host' }).id
  const renterId = world.addAccount({ kind: 'renter', balanceUsd: 10_000 }).id
  const machineId = world.addMachine({ hostId, model, gpuCount, failuresPer30Days: 0 }).id
  const wait = (hours: number) => world.advanceTo(world.nowMs + hours * HOUR_MS)
  const rent = (bidUsdPerHour?: number) => {
    const offer = world.offers({ machineId }).find(each => each.isRentable)
    if (offer === undefined) throw new RangeError('expected an offer')
    const bid = bidUsdPerHour === undefined ? {} : { bidUsdPerHour }
    return world.rent({ accountId: renterId, offerId: offer.id, diskGb: 0, ...bid })
  }
  return { world, machineId, hostId, renterId, wait, rent }
}

describe('a contract', () => {
  it('keeps its price when the listing becomes dearer, and earns the host that price', () => {
    const { world, machineId, wait, rent } = setUp()
    world.list(machineId, { gpuUsdPerHour: 30 })
    const contract = rent()
    world.list(machineId, { gpuUsdPerHour: 60 })
    wait(10)
    expect(contract.hostUsdPerGpuHour).toBe(30)
    expect(world.machineTruth(machineId).gpuEarnedUsd).toBeCloseTo(300, 6)
    expect(world.contract(contract.id).paidUsd).toBeCloseTo(300 / HOST_SHARE, 6)
  })

  it('goes on when the machine is unlisted, while nobody else can come', () => {
    const { world, machineId, wait, rent } = setUp()
    world.list(machineId, { gpuUsdPerHour: 30 })
    const contract = rent()
    world.unlist(machineId)
    wait(100)
    expect(contract.status).toBe('running')
    expect(world.offers({ machineId })).toEqual([])
    world.destroy(contract.id)
    wait(100)
    expect(world.machineTruth(machineId).rentedGpuHours).toBeCloseTo(100, 6)
  })

  it('ends with its listing, waits 48 hours for its data to be fetched, and is gone', () => {
    const { world, machineId, wait, rent } = setUp()
    world.list(machineId, { gpuUsdPerHour: 30, endMs: startMs + 10 * HOUR_MS })
    const contract = rent()
    wait(11)
    expect(contract.status).toBe('expired')
    wait(48)
    expect(contract.status).toBe('ended')
    expect(world.machineTruth(machineId).gpuEarnedUsd).toBeCloseTo(300, 6)
  })

  it('is extended by a later end at the same or a lower price', () => {
    const { world, machineId, rent } = setUp()
    world.list(machineId, { gpuUsdPerHour: 30, endMs: startMs + 10 * HOUR_MS })
    const contract = rent()
    const result = world.list(machineId, { gpuUsdPerHour: 29, endMs: startMs + 20 * HOUR_MS })
    expect(result).toEqual({ extended: 1, pendingPriceIncreases: 0 })
    expect(contract.endMs).toBe(startMs + 20 * HOUR_MS)
    expect(contract.hostUsdPerGpuHour).toBe(30)
  })

  it('is not extended at a higher price without a word from the renter', () => {
    const { world, machineId, renterId, wait, rent } = setUp()
    world.list(machineId, { gpuUsdPerHour: 30, endMs: startMs + 10 * HOUR_MS })
    const contract = rent()
    const result = world.list(machineId, { gpuUsdPerHour: 31, endMs: startMs + 20 * HOUR_MS })
    expect(result).toEqual({ extended: 0, pendingPriceIncreases: 1 })
    expect(contract.endMs).toBe(startMs + 10 * HOUR_MS)
    const [pending] = world.pendingPriceIncreases(renterId)
    world.acceptPriceIncrease(pending?.id ?? 0)
    wait(5)
    expect(contract.hostUsdPerGpuHour).toBe(30)
    wait(10)
    expect(contract).toMatchObject({ status: 'running', hostUsdPerGpuHour: 31, endMs: startMs + 20 * HOUR_MS })
  })

  it('is displaced by a higher bid and resumes when that one leaves', () => {
    const { world, machineId, wait, rent } = setUp()
    world.list(machineId, { gpuUsdPerHour: 90, minBidUsdPerGpuHour: 30 })
    const low = rent(50)
    const high = rent(60)
    expect([low.status, high.status]).toEqual(['paused', 'running'])
    wait(10)
    world.destroy(high.id)
    expect(low.status).toBe('running')
    wait(10)
    expect(world.machineTruth(machineId).gpuEarnedUsd).toBeCloseTo((60 + 50) * 10 * HOST_SHARE, 6)
  })

  it('resumes before lower bids that wait longer', () => {
    const { world, machineId, wait, rent } = setUp()
    world.list(machineId, { gpuUsdPerHour: 90, minBidUsdPerGpuHour: 30 })
    const [low, middle, high] = [rent(40), rent(50), rent(60)]
    wait(1)
    world.destroy(high.id)
    expect([low.status, middle.status]).toEqual(['paused', 'running'])
  })

  it('on demand displaces any bid', () => {
    const { world, machineId, rent } = setUp()
    world.list(machineId, { gpuUsdPerHour: 90, minBidUsdPerGpuHour: 30 })
    const bid = rent(500)
    const firm = rent()
    expect([bid.status, firm.status]).toEqual(['paused', 'running'])
    expect(() => world.changeBid(firm.id, 1_000)).toThrow(expect.objectContaining({ code: 'SIM_NOT_INTERRUPTIBLE' }))
  })

  it('is not charged while its machine is offline, and resumes with it', () => {
    const { world, machineId, wait, rent } = setUp()
    world.list(machineId, { gpuUsdPerHour: 30 })
    const contract: Contract = rent()
    wait(1)
    world.setOnline(machineId, false)
    expect(contract.status).toBe('paused')
    expect(world.offers({ machineId }).some(offer => offer.isRentable)).toBe(false)
    wait(1)
    world.setOnline(machineId, true)
    expect(contract.status).toBe('running')
    wait(1)
    const truth = world.machineTruth(machineId)
    expect(truth.gpuEarnedUsd).toBeCloseTo(60, 6)
    expect(truth.offlineGpuHours).toBeCloseTo(1, 6)
  })
})

describe('machines', () => {
  it('fail and come back by themselves, the less reliable more often', () => {
    const world = createWorld({ seed: 5, startMs, models: [model] })
    const hostId = world.addAccount({ kind: 'host' }).id
    const spec = { hostId, model, gpuCount: 1 }
    const [steady, shaky] = [
      world.addMachine({ ...spec, failuresPer30Days: 0 }),
      world.addMachine({ ...spec, failuresPer30Days: 30 }),
    ] as const
    let outages = 0
    let wasOnline = true
    for (let hour = 0; hour < 24 * 60; hour++) {
      world.advanceTo(startMs + hour * HOUR_MS)
      const isOnline = shaky.offlineSinceMs === undefined
      if (wasOnline && !isOnline) outages++
      wasOnline = isOnline
    }
    // Once a day and six hours down: about 48 outages in 60 days, of which those within an hour are not seen.
    expect(outages).toBeGreaterThan(25)
    expect(outages).toBeLessThan(70)
    const offline = world.machineTruth(shaky.id).offlineGpuHours / (24 * 60)
    expect(offline).toBeGreaterThan(0.08)
    expect(offline).toBeLessThan(0.4)
    expect(world.machineTruth(steady.id).offlineGpuHours).toBe(0)
    expect(shaky.reliability).toBeLessThan(steady.reliability)
  })
})
