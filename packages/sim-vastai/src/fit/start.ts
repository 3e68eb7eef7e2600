import type { MarketConstants, ModelParameters } from '../market/model-parameters.ts'
import type { Description } from './describe-model.ts'

/**
 * What all models share: `priceResponse`, `stayNeedExponent`, `qualityWorth` and `repricePull` are where the fit begins, the others are assumed, because no recording
 * shows them.
 */
export const startConstants: MarketConstants = {
  priceResponse: 6,
  stayNeedExponent: 0.25,
  qualityWorth: 1.2,
  repricePull: 0.6,
  outsideStock: 0.15,
  reliabilityWorth: 2,
  // Shorter than a cycle of the recordings, so invisible in them.
  shortStayShare: 0.3,
  shortStayHours: 4,
  repriceWideShare: 0.2,
  repriceRateSpread: 1.5,
  repriceDemandPull: 0.05,
  driftMemoryWeeks: 12,
  bidShare: 0.15,
  bidMedian: 0.65,
  bidSd: 0.2,
  bidStayHours: 24,
  outageHours: 6,
  // Middle of the week 2-6 points of occupancy above the weekend, hours of the day within 2-3 points.
  weekday: [0, 0.08, 0.12, 0.1, 0, -0.12, -0.18],
  dayBlock: [-0.08, 0, 0.08, 0],
}

/** Where the fit of a model begins. */
export const startModel: Omit<ModelParameters, keyof Description> = {
  arrivalsPerMachine: [0.035, 0.012, 0.009, 0.008],
  tolerantShare: 0.33,
  stayHours: 100,
  unverifiedStayFactor: 0.5,
  repricesPerHour: 0.008,
  repriceSd: 0.07,
  repriceWideFactor: 4,
  driftWeeklySd: 0.04,
  demandSd: 0.4,
  demandMemoryHours: 120,
}

/** Competitors of a model nobody recorded. */
export const MACHINES_UNRECORDED = 40
