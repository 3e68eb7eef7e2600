import { parseConfig } from '@org/core'
import { hostPrice, type MachineView } from '@org/venue-vastai/actions'
import { describe, expect, it } from 'vitest'
import { gpusOf } from '../../test/sample-gpu.ts'
import { sampleMachine, sampleTerms } from '../../test/sample-machine.ts'
import { hourMs, sampleRate, startMs } from '../../test/sample-market.ts'
import { newAccount } from '../accrual/account.ts'
import { machinePlans } from '../config/machine-plan.ts'
import { type OptimizerConfig, optimizerConfigSchema } from '../config/optimizer-config.ts'
import type { MachineMemory } from '../memory/machine-memory.ts'
import { fixedPrice } from '../pricing/policies/fixed-price.ts'
import { guideRule } from '../pricing/policies/guide-rule.ts'
import type { PricingPolicy } from '../pricing/pricing-policy.ts'
import type { MarketAnswer } from '../scan/market-answers.ts'
import { decideListing, type ListingVerdict } from './decide-listing.ts'

const fresh: MachineMemory = {
  pricing: null,
  seen: null,
  doubted: null,
  lastTerms: null,
  handHoldUntilMs: null,
  account: newAccount,
}

interface Case {
  readonly machine?: MachineView | undefined
  readonly gpus?: number
  readonly nowMs?: number
  readonly market?: MarketAnswer
  readonly policy?: PricingPolicy
  readonly config?: OptimizerConfig
  readonly memory?: MachineMemory
}

function decide(given: Case = {}): ListingVerdict {
  const { gpus = 1, nowMs = startMs, policy = guideRule(), memory = fresh } = given
  const [plan] = machinePlans(gpusOf(61_001, gpus))
  if (plan === undefined) throw new Error('no plan')
  const machine = 'machine' in given ? given.machine : sampleMachine({ gpus, asOf: nowMs })
  const market = given.market ?? { ok: true, rate: sampleRate({ asOf: nowMs }) }
  const config = parseConfig(optimizerConfigSchema, given.config ?? {}, 'optimizer config')
  return decideListing({ nowMs, plan, machine, market, policy, config }, memory)
}

describe('the decision about a machine', () => {
  it('lists it whole: price, floor of bids, chunk, disk, discount', () => {
    const { decision } = decide()
    expect(decision).toMatchObject({ kind: 'list', reason: 'profitable', before: null })
    expect(decision.terms).toEqual({
      pricePerGpuHour: 0.294,
      minBidPerGpuHour: 0.174,
      minChunkGpus: 1,
      diskPerGbMonth: 0.1,
      uploadPerGb: 0,
      downloadPerGb: 0,
      discountMax: 0.4,
      endDateMs: null,
      durationMs: null,
      volumeGb: null,
      volumePerGbMonth: null,
    })
    expect(decision.summary).toBe(
      'machine 61001 (1x RTX_4090) is listed at $0.2940 per GPU-hour: profit $0.2200 per GPU-hour while rented, margin 297 %',
    )
  })

  it('carries its reasons: inputs, thresholds, and who rests on what', () => {
    const { inputs, thresholds } = decide().decision
    expect(inputs).toMatchObject({
      marketMedianPerGpuHour: 0.3,
      marketMachines: 20,
      hostShare: 0.75,
      marketAsOfMs: startMs,
      gpus: 1,
      rentedGpus: 0,
    })
    expect(thresholds).toMatchObject({ minRoi: 0.25, minExpectedProfit: 0.1, stepMax: 0.1 })
  })

  it('keeps every other term of the listing when the price changes', () => {
    const terms = sampleTerms(0.25, {
      minChunkGpus: 2,
      diskPerGbMonth: 0.3,
      uploadPerGb: 0.02,
      discountMax: 0.1,
      endDateMs: startMs + 1e9,
      volumeGb: 50,
    })
    const machine = sampleMachine({ gpus: 2, price: 0.25, more: { listing: terms } })
    expect(decide({ gpus: 2, machine }).decision).toMatchObject({
      kind: 'reprice',
      terms: { ...terms, pricePerGpuHour: 0.275 },
    })
  })

  it('relists on the terms that stood last, without an end that is over', () => {
    const lastTerms = sampleTerms(0.3, { discountMax: 0.1, endDateMs: startMs - 1 })
    expect(decide({ memory: { ...fresh, lastTerms } }).decision.terms).toMatchObject({
      discountMax: 0.1,
      endDateMs: null,
    })
  })

  it('raises a floor of bids that lies below cost and required profit', () => {
    const machine = sampleMachine({
      price: 0.25,
      more: { listing: sampleTerms(0.25, { minBidPerGpuHour: hostPrice(0.01) }) },
    })
    expect(decide({ machine }).decision.terms).toMatchObject({ minBidPerGpuHour: 0.174 })
  })

  it('names the running contracts that a raise touches', () => {
    const clientEndDateMs = startMs + 50 * hourMs
    const machine = sampleMachine({ gpus: 2, price: 0.2, rented: 1, more: { clientEndDateMs } })
    const { decision } = decide({ gpus: 2, machine })
    expect(decision).toMatchObject({
      kind: 'reprice',
      inputs: { contractsTouched: 1, extensionsStopped: 1, clientEndDateMs },
    })
    expect(decision.summary).toContain(
      '1 contract keeps its price until the contract ends; pricePerGpuHour rises, so automatic extension stops',
    )
  })

  it('says that nobody is touched when nobody is there', () => {
    const { decision } = decide({ machine: sampleMachine({ price: 0.2 }) })
    expect(decision.inputs).toMatchObject({ contractsTouched: 0, extensionsStopped: 0 })
    expect(decision.summary).toContain('nobody is touched')
  })

  it('takes it off the market when the best price does not pay, and says what would', () => {
    const market: MarketAnswer = { ok: true, rate: sampleRate({ hostMedian: 0.15 }) }
    const { decision } = decide({ machine: sampleMachine({ price: 0.2 }), market })
    expect(decision).toMatchObject({ kind: 'unlist', terms: null })
    expect(decision.summary).toBe(
      'machine 61001 (1x RTX_4090) goes off the market: the best price is $0.1470 per GPU-hour, cost and required profit take $0.1740',
    )
  })

  it('takes a GPU that somebody uses at a bid for free: whoever pays the price gets it', () => {
    const occupied = (occupancy: MachineView['occupancy']) =>
      decide({ machine: sampleMachine({ gpus: 2, price: 0.3, more: { occupancy } }), gpus: 2 }).memory.pricing
    const byBid = occupied({ onDemand: 0, reserved: 0, interruptible: 2, free: 0 })
    expect(byBid).toMatchObject({ rentedGpus: 0, idleSinceMs: startMs })
    const byPrice = occupied({ onDemand: 1, reserved: 1, interruptible: 0, free: 0 })
    expect(byPrice).toMatchObject({ rentedGpus: 2, idleSinceMs: null })
  })

  it("does not take the host's own test rental for demand", () => {
    const { memory, decision } = decide({ machine: sampleMachine({ gpus: 2, price: 0.29, ownUse: 1 }), gpus: 2 })
    expect(memory.pricing).toMatchObject({ rentedGpus: 0, lastRentedPrice: null })
    expect(decision.inputs).toMatchObject({ ownUseGpus: 1, rentedGpus: 0 })
  })
})

describe('nothing is changed', () => {
  const unhealthy = { ok: false, problems: [{ kind: 'error', message: 'NVML driver/library mismatch' }] } as const

  it('on a machine that is not healthy, and somebody is told', () => {
    for (const machine of [
      sampleMachine({ more: { health: unhealthy } }),
      sampleMachine({ price: 0.2, more: { health: unhealthy } }),
    ]) {
      const { decision } = decide({ machine })
      expect(decision).toMatchObject({ kind: 'hold', reason: 'unhealthy' })
      expect(decision.warning).toContain('machine 61001 is not healthy (NVML driver/library mismatch)')
    }
  })

  it('for idle hours that were an outage: the ladder begins when the machine can be rented again', () => {
    const first = decide({ machine: sampleMachine({ price: 0.29 }) }).memory
    const nowMs = startMs + 5 * hourMs
    const broken = decide({
      nowMs,
      memory: first,
      machine: sampleMachine({ price: 0.29, asOf: nowMs, more: { health: unhealthy } }),
    }).memory
    expect(broken.pricing).toMatchObject({ idleSinceMs: nowMs, evidence: { idleGpuHours: 0 } })
  })

  it('without a market to rest on', () => {
    for (const [code, reason] of [
      ['TOO_FEW_PEERS', 'too-few-peers'],
      ['STALE_MARKET', 'market-stale'],
      ['VASTAI_UNAVAILABLE', 'no-market-data'],
    ] as const)
      expect(decide({ market: { ok: false, code, message: 'only 2 machines' } }).decision).toMatchObject({
        kind: 'hold',
        reason,
        inputs: { code },
      })
  })

  it('on a market answer or a sight of the machine that is too old', () => {
    const old: MarketAnswer = { ok: true, rate: sampleRate({ asOf: startMs - 1_800_001 }) }
    expect(decide({ market: old }).decision).toMatchObject({ kind: 'hold', reason: 'market-stale' })
    expect(decide({ machine: sampleMachine({ asOf: startMs - 600_001 }) }).decision).toMatchObject({
      kind: 'hold',
      reason: 'machine-view-stale',
    })
  })

  it('on a machine that vanished, and its figures are kept', () => {
    const memory = decide({ machine: sampleMachine({ price: 0.29, rented: 1 }) }).memory
    const verdict = decide({ machine: undefined, memory })
    expect(verdict.decision).toMatchObject({ kind: 'hold', reason: 'machine-not-found' })
    expect(verdict.decision.warning).toContain(
      'machine 61001 is not among the machines that Vast.ai shows for this key; check machineId',
    )
    expect(verdict.memory).toBe(memory)
  })

  it('on a machine that is another than the configuration says', () => {
    expect(decide({ machine: sampleMachine({ more: { model: 'RTX_3090' } }) }).decision).toMatchObject({
      kind: 'hold',
      reason: 'model-differs',
    })
    expect(decide({ machine: sampleMachine({ gpus: 4 }) }).decision).toMatchObject({
      kind: 'hold',
      reason: 'gpu-count-differs',
    })
  })

  it('when the clock went back, and the next scan goes on from there', () => {
    const memory = decide({ machine: sampleMachine({ price: 0.29 }) }).memory
    const back = startMs - 10 * hourMs
    const verdict = decide({ nowMs: back, memory, machine: sampleMachine({ price: 0.29, asOf: back }) })
    expect(verdict.decision).toMatchObject({ kind: 'hold', reason: 'clock-went-backwards' })
    expect(verdict.decision.warning).toContain('the clock went back by 36000 s')
    const next = decide({
      nowMs: back + 300_000,
      memory: verdict.memory,
      machine: sampleMachine({ price: 0.29, asOf: back + 300_000 }),
    })
    expect(next.decision.reason).toBe('within-hysteresis')
  })
})

describe('a listing that somebody changed by hand', () => {
  const first = decide({ machine: sampleMachine({ price: 0.29 }) }).memory
  const at = (hours: number, memory: MachineMemory, price: number | null = 0.5) => {
    const nowMs = startMs + hours * hourMs
    const machine = sampleMachine({ asOf: nowMs, ...(price === null ? {} : { price }) })
    return decide({ nowMs, memory, machine })
  }

  it('is left alone for a day, with a word about it', () => {
    const seen = at(1, first)
    expect(seen.decision).toMatchObject({ kind: 'hold', reason: 'changed-by-hand' })
    expect(seen.decision.warning).toBe(
      'machine 61001: its listing was changed (pricePerGpuHour 0.29 → 0.5) by hand; it is left alone until 2026-07-02T01:00Z',
    )
    expect(at(24.9, seen.memory).decision).toMatchObject({ kind: 'hold', reason: 'left-to-your-hand' })
    expect(at(25, seen.memory).decision).toMatchObject({ kind: 'reprice' })
  })

  it('or took off the market stays off for a day', () => {
    const seen = at(1, first, null)
    expect(seen.decision).toMatchObject({ kind: 'hold', reason: 'changed-by-hand' })
    expect(seen.decision.warning).toContain('it was taken off the market by hand')
    expect(at(20, seen.memory, null).decision.reason).toBe('left-to-your-hand')
    expect(at(25, seen.memory, null).decision.kind).toBe('list')
  })

  it('is not one that ended by its own date', () => {
    const ending = { ...first, seen: { listing: sampleTerms(0.29, { endDateMs: startMs + hourMs }) } }
    expect(at(1.5, ending, null).decision.kind).toBe('list')
  })

  it('is not one whose write was in doubt and went through after all', () => {
    const doubted = { ...first, doubted: { listing: sampleTerms(0.5) } }
    expect(at(2, doubted).decision.reason).not.toBe('changed-by-hand')
    expect(at(2, doubted, 0.29).decision.reason).toBe('within-hysteresis')
  })

  it('is no hand at first sight: what stands is taken over', () => {
    expect(decide({ policy: fixedPrice(0.29), machine: sampleMachine({ price: 0.29 }) }).decision.reason).toBe(
      'within-hysteresis',
    )
  })
})
