import type { MarketConstants, MarketParameters, ModelParameters } from '../market/model-parameters.ts'
import { averageMeasures } from './average.ts'
import { type Measures, mean, measure, perHour, type Rate, type RateRatio } from './measure.ts'
import { sampleWorld } from './sample-world.ts'

/**
 * Above, stays would have to be so short and renters so many that machines which anybody likes were never seen free, and idle ones
 * waited longer than recorded; the recorded ratio (about 100 cuts in all) does not tell the two sides of it apart.
 */
const PRICE_RESPONSE_MOST = 7
const PRICE_RESPONSE_LEAST = 3

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

/** Rounds with full steps; later ones shrink, so that the luck of single rounds averages out (Robbins and Monro 1951). */
const FULL_ROUNDS = 8

/**
 * Moves the parameters that no recording shows directly until the simulated measures agree with the recorded ones (indirect
 * inference). Each is tied to the one measure that it drives.
 *
 * By model: arrivals to occupancy and to the taken share by size of machine, repricing to the rate and size of repricings, demand to
 * the spread of occupancy, drift to that of the asks. Over all models at once, because single models have too few events: stays to the
 * releases of machines with one GPU, their growth with size to the releases of whole 8-GPU machines, trust to the take rates of 1-GPU
 * offers and to the occupancy of machines that are not verified, the worth of quality to their ranking by price, the memory of demand to the correlation of occupancy over a day, the pull of
 * repricing to the correlation of successive ones, the price response to the take rate after cuts.
 */
export function calibrate(options: {
  readonly targets: readonly Target[]
  readonly fits: Fits
  readonly start: MarketParameters
  readonly seeds: readonly number[]
  readonly rounds: number
  readonly onRound?: (round: number, constants: MarketConstants) => void
}): { readonly fits: Fits; readonly constants: MarketConstants } {
  let { fits } = options
  let { constants } = options.start
  const targets = options.targets.map(target => target.measures)
  for (let index = 0; index < options.rounds; index++) {
    const parameters = { ...options.start, constants, models: fits }
    const sims = options.targets.map(({ model, timesMs }) =>
      // Fresh seeds each round, so that the fit does not learn the luck of a few.
      simulate({ model, parameters, timesMs, seeds: options.seeds.map(seed => seed + 100 * (index + 1)) }),
    )
    const gain = Math.min(1, FULL_ROUNDS / (index + 1))
    const pooled = improvePooled({ fits, constants }, targets, sims, gain)
    constants = pooled.constants
    fits = Object.fromEntries(
      options.targets.map(({ model, measures }, at) => [
        model,
        improveModel(pooled.fits[model] as ModelParameters, measures, sims[at] as Measures, gain),
      ]),
    )
    options.onRound?.(index, constants)
  }
  return { fits, constants }
}

/** Multiplies by (wanted / was) to a power, at most twofold, within bounds. */
function move(value: number, wanted: number, was: number, strength: number, low: number, high: number): number {
  const factor = (wanted / was) ** strength
  return Math.min(high, Math.max(low, value * (Number.isFinite(factor) ? Math.min(2, Math.max(0.5, factor)) : 1)))
}

function odds(share: number): number {
  const inside = Math.min(0.98, Math.max(0.02, share))
  return inside / (1 - inside)
}

function improveModel(now: ModelParameters, target: Measures, sim: Measures, gain: number): ModelParameters {
  const tail = (measures: Measures) => measures.repriceP90 / measures.repriceMedian
  const level = (odds(target.occupancyVerified) / odds(sim.occupancyVerified)) ** (0.4 * gain)
  const driftVariance = now.driftWeeklySd ** 2 * (target.weeklyDrift / sim.weeklyDrift) ** (1.2 * gain)
  return {
    ...now,
    arrivalsPerMachine: now.arrivalsPerMachine.map((rate, slot) =>
      move(
        rate * level,
        odds(target.takenBySize[slot] ?? Number.NaN),
        odds(sim.takenBySize[slot] ?? Number.NaN),
        0.3 * gain,
        0.001,
        0.3,
      ),
    ),
    repricesPerHour: move(now.repricesPerHour, perHour(target.reprice), perHour(sim.reprice), 0.8 * gain, 0.0005, 0.1),
    repriceSd: move(now.repriceSd, target.repriceMedian, sim.repriceMedian, 0.7 * gain, 0.01, 0.25),
    repriceWideFactor: move(now.repriceWideFactor, tail(target), tail(sim), 0.5 * gain, 1, 10),
    demandSd: move(now.demandSd, target.occupancySd, sim.occupancySd, 0.5 * gain, 0.05, 0.6),
    driftWeeklySd: Math.min(0.1, Math.max(0.005, Math.sqrt(driftVariance))),
  }
}

function improvePooled(
  now: { readonly fits: Fits; readonly constants: MarketConstants },
  targets: readonly Measures[],
  sims: readonly Measures[],
  gain: number,
): { readonly fits: Fits; readonly constants: MarketConstants } {
  const first = Object.values(now.fits)[0] as ModelParameters
  const rate = (all: readonly Measures[], of: (measures: Measures) => Rate) => perHour(poolRates(all.map(of)))
  const release = (all: readonly Measures[]) => rate(all, measures => measures.releaseSingleVerified)
  const unrest = (all: readonly Measures[]) => rate(all, measures => measures.releaseSingleOther) / release(all)
  const distrust = (all: readonly Measures[]) =>
    rate(all, measures => measures.takeOneOther) / rate(all, measures => measures.takeOneVerified)
  const inUse = (all: readonly Measures[]) => odds(mean(all.map(measures => measures.occupancyOther)))
  const growth = (all: readonly Measures[]) => release(all) / rate(all, measures => measures.releaseWholeEight)
  /** Days until occupancy has forgotten itself to 1/e. */
  const memory = (all: readonly Measures[]) =>
    -1 / Math.log(Math.min(0.95, Math.max(0.05, mean(all.map(measures => measures.occupancyDayCorrelation)))))
  const shared = {
    stayHours: move(first.stayHours, release(sims), release(targets), 0.6 * gain, 24, 400),
    unverifiedStayFactor: move(first.unverifiedStayFactor, unrest(sims), unrest(targets), 0.5 * gain, 0.1, 1),
    tolerantShare: move(
      first.tolerantShare,
      distrust(targets) * inUse(targets),
      distrust(sims) * inUse(sims),
      0.3 * gain,
      0.05,
      0.9,
    ),
    demandMemoryHours: move(first.demandMemoryHours, memory(targets), memory(sims), 0.5 * gain, 24, 336),
  }
  const { constants } = now
  /** log of how much faster the dearest quarter of offers is taken than the cheapest. */
  const slope = (all: readonly Measures[]) => {
    const [cheapest, dearest] = [0, 3].map(quarter => rate(all, measures => measures.takeByPriceRank[quarter] as Rate))
    return Math.log((dearest as number) / (cheapest as number))
  }
  const echo = (all: readonly Measures[]) => mean(all.map(measures => measures.repriceEcho))
  const exponentStep = (0.4 * gain * Math.log(growth(targets) / growth(sims))) / Math.log(8)
  return {
    fits: Object.fromEntries(Object.entries(now.fits).map(([model, fit]) => [model, { ...fit, ...shared }])),
    constants: {
      ...constants,
      stayNeedExponent: Math.min(0.6, Math.max(0, constants.stayNeedExponent + exponentStep)),
      // Each repricing closes this part of the distance to an aim that stands, so successive ones correlate by −pull / 2.
      repricePull: Math.min(1, Math.max(0.1, constants.repricePull + gain * (echo(sims) - echo(targets)))),
      // The quarters' middles lie about half a log unit apart.
      qualityWorth: Math.min(
        3,
        Math.max(
          0.5,
          constants.qualityWorth + (0.5 * gain * (slope(targets) - slope(sims))) / (0.5 * constants.priceResponse),
        ),
      ),
      priceResponse: move(
        constants.priceResponse,
        Math.log(ratioOf(targets.map(measures => measures.cutResponse))),
        Math.log(ratioOf(sims.map(measures => measures.cutResponse))),
        0.4 * gain,
        PRICE_RESPONSE_LEAST,
        PRICE_RESPONSE_MOST,
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
