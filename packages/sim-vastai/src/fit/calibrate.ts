import type { MarketConstants, MarketParameters, ModelParameters } from '../market/model-parameters.ts'
import { averageMeasures } from './average.ts'
import { round } from './describe-model.ts'
import { type Measures, measure, perHour, type Rate, type RateRatio } from './measure.ts'
import { sampleWorld } from './sample-world.ts'

/** One model's recorded measures and the moments at which it was seen. */
export interface Target {
  readonly model: string
  readonly measures: Measures
  readonly timesMs: readonly number[]
}

/** Parameters of a model, complete. */
export type Fits = Readonly<Record<string, ModelParameters>>

/** Simulates a model under several seeds and measures it as the recordings were. */
export function simulate(options: {
  readonly model: string
  readonly parameters: MarketParameters
  readonly timesMs: readonly number[]
  readonly seeds: readonly number[]
}): Measures {
  return averageMeasures(options.seeds.map(seed => measure(sampleWorld({ ...options, seed }))))
}

/**
 * Moves the parameters that no recording shows directly until the simulated measures agree with the recorded ones (indirect
 * inference). Each is tied to the one measure that it drives, with a damped step.
 *
 * By model: arrivals to the taken share by chunk size, repricing to the rate and size of repricings, demand to the spread of occupancy,
 * drift to that of the asks. Over all models at once, because single models have too few events: stays and trust to the take and release rates of machines with
 * one GPU, their growth with size to the releases of whole 8-GPU machines, the price response to the take rate after cuts.
 */
export function calibrate(options: {
  readonly targets: readonly Target[]
  readonly fits: Fits
  readonly start: MarketParameters
  readonly seeds: readonly number[]
  readonly rounds: number
  readonly onRound?: (round: number, constants: MarketConstants, pooled: readonly Measures[]) => void
}): { readonly fits: Fits; readonly constants: MarketConstants } {
  let { fits } = options
  let { constants } = options.start
  for (let index = 0; index < options.rounds; index++) {
    const parameters = { ...options.start, constants, models: fits }
    const sims = options.targets.map(({ model, timesMs }) =>
      // Fresh seeds each round, so that the fit does not learn the luck of a few.
      simulate({ model, parameters, timesMs, seeds: options.seeds.map(seed => seed + 100 * index) }),
    )
    const targets = options.targets.map(target => target.measures)
    const all = improvePooled({ fits, constants }, targets, sims)
    constants = all.constants
    fits = Object.fromEntries(
      options.targets.map(({ model, measures }, at) => [
        model,
        improveModel(all.fits[model] as ModelParameters, measures, sims[at] as Measures),
      ]),
    )
    options.onRound?.(index, constants, sims)
  }
  return { fits, constants }
}

/** Multiplies by (wanted / was) to a power, at most twofold, within bounds. */
function move(value: number, wanted: number, was: number, strength: number, low: number, high: number): number {
  const factor = (wanted / was) ** strength
  return round(
    Math.min(high, Math.max(low, value * (Number.isFinite(factor) ? Math.min(2, Math.max(0.5, factor)) : 1))),
  )
}

function improveModel(now: ModelParameters, target: Measures, sim: Measures): ModelParameters {
  const odds = (share: number) => Math.min(0.98, Math.max(0.02, share)) / (1 - Math.min(0.98, Math.max(0.02, share)))
  const taken = (measures: Measures, slot: number) => odds(measures.takenBySize[slot] ?? Number.NaN)
  const tail = (measures: Measures) => measures.repriceP90 / measures.repriceMedian
  const driftVariance = now.driftWeeklySd ** 2 * (target.weeklyDrift / sim.weeklyDrift) ** 1.2
  return {
    ...now,
    arrivalsPerMachine: now.arrivalsPerMachine.map((rate, slot) =>
      move(rate, taken(target, slot), taken(sim, slot), 0.6, 0.001, 0.3),
    ),
    repricesPerHour: move(now.repricesPerHour, perHour(target.reprice), perHour(sim.reprice), 0.8, 0.0005, 0.1),
    repriceSd: move(now.repriceSd, target.repriceMedian, sim.repriceMedian, 0.7, 0.01, 0.25),
    repriceWideFactor: move(now.repriceWideFactor, tail(target), tail(sim), 0.5, 1, 10),
    demandSd: move(now.demandSd, target.occupancySd, sim.occupancySd, 0.5, 0.05, 0.6),
    driftWeeklySd: round(Math.min(0.1, Math.max(0.005, Math.sqrt(driftVariance)))),
  }
}

function improvePooled(
  now: { readonly fits: Fits; readonly constants: MarketConstants },
  targets: readonly Measures[],
  sims: readonly Measures[],
): { readonly fits: Fits; readonly constants: MarketConstants } {
  const first = Object.values(now.fits)[0] as ModelParameters
  const rate = (all: readonly Measures[], of: (measures: Measures) => Rate) => perHour(poolRates(all.map(of)))
  const release = (all: readonly Measures[]) => rate(all, measures => measures.releaseSingleVerified)
  const unrest = (all: readonly Measures[]) => rate(all, measures => measures.releaseSingleOther) / release(all)
  const trust = (all: readonly Measures[]) =>
    rate(all, measures => measures.takeSingleOther) / rate(all, measures => measures.takeSingleVerified)
  const growth = (all: readonly Measures[]) => release(all) / rate(all, measures => measures.releaseWholeEight)
  const stayHours = move(first.stayHours, release(sims), release(targets), 0.6, 24, 400)
  const unverifiedStayFactor = move(first.unverifiedStayFactor, unrest(sims), unrest(targets), 0.5, 0.1, 1)
  const tolerantShare = move(first.tolerantShare, trust(targets), trust(sims), 0.5, 0.05, 0.9)
  const shared = { stayHours, unverifiedStayFactor, tolerantShare }
  return {
    fits: Object.fromEntries(Object.entries(now.fits).map(([model, fit]) => [model, { ...fit, ...shared }])),
    constants: {
      ...now.constants,
      stayNeedExponent: round(
        Math.min(
          0.6,
          Math.max(0, now.constants.stayNeedExponent + (0.4 * Math.log(growth(targets) / growth(sims))) / Math.log(8)),
        ),
      ),
      priceResponse: move(
        now.constants.priceResponse,
        Math.log(ratioOf(targets.map(measures => measures.cutResponse))),
        Math.log(ratioOf(sims.map(measures => measures.cutResponse))),
        0.4,
        3,
        9,
      ),
    },
  }
}

export function poolRates(rates: readonly Rate[]): Rate {
  return {
    events: rates.reduce((sum, rate) => sum + rate.events, 0),
    hours: rates.reduce((sum, rate) => sum + rate.hours, 0),
  }
}

/** The ratio of rates over several models. */
export function ratioOf(ratios: readonly RateRatio[]): number {
  return (
    ratios.reduce((sum, ratio) => sum + ratio.numerator, 0) / ratios.reduce((sum, ratio) => sum + ratio.denominator, 0)
  )
}
