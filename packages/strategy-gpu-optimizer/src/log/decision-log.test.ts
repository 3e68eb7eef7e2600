import { describe, expect, it } from 'vitest'
import type { ListingDecision } from '../decision/listing-decision.ts'
import { DecisionLog } from './decision-log.ts'

const decision = (more: Partial<ListingDecision>): ListingDecision => ({
  machineId: 1,
  atMs: 0,
  kind: 'hold',
  reason: 'within-hysteresis',
  summary: '',
  inputs: {},
  thresholds: {},
  before: null,
  ...more,
})

describe('the decision log', () => {
  it('counts by kind and reason, and goes on counting after a restart', () => {
    const log = new DecisionLog()
    log.add(decision({}))
    log.add(decision({ kind: 'list', reason: 'profitable' }))
    const resumed = new DecisionLog(log.counts() as ConstructorParameters<typeof DecisionLog>[0])
    resumed.add(decision({}))
    expect(resumed.counts()).toEqual({ hold: { 'within-hysteresis': 2 }, list: { profitable: 1 } })
    expect(resumed.total).toBe(3)
  })

  it('keeps the newest 200 changes and the newest decision of each machine, however many there were', () => {
    const log = new DecisionLog()
    for (let atMs = 0; atMs < 1000; atMs++) log.add(decision({ kind: 'reprice', reason: `reason-${atMs}`, atMs }))
    expect(log.changes()).toHaveLength(200)
    expect(log.changes().at(-1)?.atMs).toBe(999)
    expect(log.latest(1)?.atMs).toBe(999)
    const reasons = Object.keys(log.counts().reprice ?? {})
    expect(reasons).toHaveLength(65)
    expect(log.counts().reprice?.['other']).toBe(936)
  })
})
