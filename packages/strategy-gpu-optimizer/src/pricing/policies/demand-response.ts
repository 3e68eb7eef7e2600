import { z } from 'zod'
import type { RentalEvidence } from '../pricing-policy.ts'

/**
 * Elasticities of the fill rate that are thought possible, and how likely each is before anything was seen.
 *
 * Recorded asks of Vast.ai say: an idle listing is taken 1.4 to 1.75 times as fast after a cut of its own of more than 1 %, which is an
 * elasticity of about 4 to 9 (36 to 62 events, wide error bars). The cross-section says nothing: dearer hosts are better hosts.
 *
 * These and the figures below were chosen on simulated markets of A100_PCIE, A100_SXM4, H100_SXM and RTX_6000Ada of May 2026; results are
 * stated for others (docs/gpu-optimizer.md).
 */
export const elasticities = [3, 5, 7, 9, 12] as const
const elasticityPrior = [0.1, 0.25, 0.3, 0.25, 0.1] as const

/** How many fills the prior belief in "as attractive as the peers" weighs. */
const pullPriorFills = 1
/**
 * Usual length of a rental, hours, and how many releases that belief weighs. 70 to 90 h were seen at cycles of 6 to 9 h, which do not see
 * short rentals: the true mean is lower.
 */
const rentalHoursPrior = 30
const rentalPriorReleases = 3
/** What was seen this long ago counts half: demand moves within days, so that older evidence is about another market. */
const halfLifeMs = 3 * 86_400_000

export const demandEvidenceSchema = z.strictObject({
  atMs: z.number(),
  /** For each elasticity: fills that a peer would have had in our idle hours at our prices. */
  expectedFills: z.array(z.number().min(0)).length(elasticities.length),
  /** Fills seen, a whole machine counting one. */
  fills: z.number().min(0),
  /** Sum over fills of log(price / peers' median). */
  fillLogPrice: z.number(),
  releases: z.number().min(0),
  /** Machine-hours rented. */
  rentedHours: z.number().min(0),
})
export type DemandEvidence = z.infer<typeof demandEvidenceSchema>

/** What is believed of the demand for one machine. */
export interface DemandBelief {
  /** Posterior weight of each elasticity; they add up to 1. */
  readonly weights: readonly number[]
  /** For each elasticity: how strongly this machine pulls renters compared with a peer at the same price; 1 is as strongly. */
  readonly pulls: readonly number[]
  readonly meanElasticity: number
  readonly meanPull: number
}

export function noDemandEvidence(nowMs: number): DemandEvidence {
  return {
    atMs: nowMs,
    expectedFills: elasticities.map(() => 0),
    fills: 0,
    fillLogPrice: 0,
    releases: 0,
    rentedHours: 0,
  }
}

/**
 * Adds what was seen of one's own machine since `before`; older evidence fades with a half-life of three days.
 *
 * @param relativePrice the price that stood / peers' median; `undefined` when not listed (then idle hours tell nothing).
 * @param marketOdds rented share / idle share of the peers.
 */
export function addDemandEvidence(
  before: DemandEvidence,
  seen: RentalEvidence,
  options: {
    readonly nowMs: number
    readonly gpus: number
    readonly relativePrice: number | undefined
    readonly marketOdds: number
  },
): DemandEvidence {
  const { nowMs, gpus, relativePrice, marketOdds } = options
  const fade = 0.5 ** (Math.max(0, nowMs - before.atMs) / halfLifeMs)
  const releases = before.releases * fade + seen.releasedGpus / gpus
  const rentedHours = before.rentedHours * fade + seen.rentedGpuHours / gpus
  const priced = relativePrice !== undefined && relativePrice > 0
  const logPrice = priced ? Math.log(relativePrice) : 0
  const idleHours = priced ? seen.idleGpuHours / gpus : 0
  const fills = priced ? seen.filledGpus / gpus : 0
  // A peer is taken μ × odds times an hour, μ being the rate at which renters leave: then it is rented for a share odds / (1 + odds).
  const peerFills = idleHours * releaseRate(releases, rentedHours) * marketOdds
  return {
    atMs: nowMs,
    expectedFills: elasticities.map((elasticity, index) => {
      const old = (before.expectedFills[index] ?? 0) * fade
      return peerFills === 0 ? old : old + peerFills * Math.exp(-elasticity * logPrice)
    }),
    fills: before.fills * fade + fills,
    fillLogPrice: before.fillLogPrice * fade + fills * logPrice,
    releases,
    rentedHours,
  }
}

/**
 * The belief after the evidence: Bayes' rule for Poisson fills at rate `pull × peer's rate × relativePrice^−elasticity`.
 *
 * For each elasticity the pull has a Gamma(a, a) prior, so its posterior mean is `(a + fills) / (a + expected fills)`, a shrinkage towards
 * 1; and the marginal likelihood is proportional to `exp(−elasticity × fillLogPrice) / (a + expected fills)^(a + fills)`.
 *
 * Source: Gamma–Poisson conjugacy, Gelman et al., "Bayesian Data Analysis", 3rd ed., 2.6.
 */
export function demandBelief(evidence: DemandEvidence): DemandBelief {
  const a = pullPriorFills
  const logs = elasticities.map(
    (elasticity, index) =>
      Math.log(elasticityPrior[index] ?? 0) -
      elasticity * evidence.fillLogPrice -
      (a + evidence.fills) * Math.log(a + (evidence.expectedFills[index] ?? 0)),
  )
  const highest = Math.max(...logs)
  const raw = logs.map(log => Math.exp(log - highest))
  const sum = raw.reduce((total, weight) => total + weight, 0)
  const weights = raw.map(weight => weight / sum)
  const pulls = elasticities.map((_, index) => (a + evidence.fills) / (a + (evidence.expectedFills[index] ?? 0)))
  return {
    weights,
    pulls,
    meanElasticity: weightedMean(elasticities, weights),
    meanPull: weightedMean(pulls, weights),
  }
}

function releaseRate(releases: number, rentedHours: number): number {
  return (rentalPriorReleases + releases) / (rentalPriorReleases * rentalHoursPrior + rentedHours)
}

function weightedMean(values: readonly number[], weights: readonly number[]): number {
  return values.reduce((total, value, index) => total + value * (weights[index] ?? 0), 0)
}
