import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourMs, startMs } from '../../../test/sample-market.ts'
import { addDemandEvidence, demandBelief, elasticities, noDemandEvidence } from './demand-response.ts'

const none = { bidGpuHours: 0, idleGpuHours: 0, rentedGpuHours: 0, filledGpus: 0, releasedGpus: 0 }
const seen = (more: Partial<typeof none>, relativePrice = 1) =>
  addDemandEvidence(
    noDemandEvidence(startMs),
    { ...none, ...more },
    { nowMs: startMs, gpus: 1, relativePrice, marketOdds: 4 },
  )

describe('what is believed of demand', () => {
  it('is, before anything was seen, that the machine pulls like a peer', () => {
    const { pulls, weights } = demandBelief(noDemandEvidence(startMs))
    expect(pulls).toEqual(elasticities.map(() => 1))
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
  })

  it('falls with idle hours and rises with fills', () => {
    const before = demandBelief(noDemandEvidence(startMs)).meanPull
    expect(demandBelief(seen({ idleGpuHours: 100 })).meanPull).toBeLessThan(before)
    expect(demandBelief(seen({ filledGpus: 3 })).meanPull).toBeGreaterThan(before)
  })

  it('does not move when nobody could rent', () => {
    const unlisted = addDemandEvidence(
      noDemandEvidence(startMs),
      { ...none, idleGpuHours: 500 },
      { nowMs: startMs, gpus: 1, relativePrice: undefined, marketOdds: 4 },
    )
    expect(demandBelief(unlisted)).toEqual(demandBelief(noDemandEvidence(startMs)))
  })

  it('leans to steeper responses when a low price filled and a high one did not', () => {
    let evidence = noDemandEvidence(startMs)
    for (let day = 1; day <= 20; day++) {
      const at = { nowMs: startMs + day * 24 * hourMs, gpus: 1, marketOdds: 4 }
      evidence = addDemandEvidence(
        evidence,
        { ...none, filledGpus: 1, idleGpuHours: 2, rentedGpuHours: 20, releasedGpus: 1 },
        { ...at, relativePrice: 0.85 },
      )
      evidence = addDemandEvidence(evidence, { ...none, idleGpuHours: 100 }, { ...at, relativePrice: 1.3 })
    }
    expect(demandBelief(evidence).meanElasticity).toBeGreaterThan(
      demandBelief(noDemandEvidence(startMs)).meanElasticity + 1,
    )
  })

  it('halves in weight every three days', () => {
    const old = seen({ filledGpus: 4, rentedGpuHours: 10, releasedGpus: 2 })
    const faded = addDemandEvidence(old, none, {
      nowMs: startMs + 3 * 24 * hourMs,
      gpus: 1,
      relativePrice: 1,
      marketOdds: 4,
    })
    expect([faded.fills, faded.rentedHours, faded.releases]).toEqual([2, 5, 1])
  })

  it('stays finite and a probability, whatever was seen', () => {
    const amount = fc.double({ min: 0, max: 1e5, noNaN: true })
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        (idleGpuHours, rentedGpuHours, filledGpus, relativePrice) => {
          const belief = demandBelief(seen({ idleGpuHours, rentedGpuHours, filledGpus }, relativePrice))
          expect(belief.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9)
          for (const pull of belief.pulls) expect(pull).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })
})
