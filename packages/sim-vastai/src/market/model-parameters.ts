/** A point of a distribution: `share` of the cases lie at or below `value`. Linear in between, flat outside. */
export interface QuantilePoint {
  readonly share: number
  readonly value: number
}

/** Renters' sizes, GPUs. */
export const NEEDS = [1, 2, 4, 8] as const

/** How one model's market behaves. Prices are RENTER prices, USD per GPU-hour; rates are per hour. */
export interface ModelParameters {
  readonly machines: number
  /** Median ask of verified machines at the start. */
  readonly medianUsdPerGpuHour: number
  readonly shapes: readonly { readonly gpuCount: number; readonly minChunk: number; readonly weight: number }[]
  readonly verifiedShare: number
  readonly datacenterShare: number
  /** log(ask / median verified ask) of verified machines, and of the others. */
  readonly askVerified: readonly QuantilePoint[]
  readonly askUnverified: readonly QuantilePoint[]
  /** Minimum bid / ask. */
  readonly minBidRatio: readonly QuantilePoint[]
  readonly reliability: readonly QuantilePoint[]
  /** Renters per hour and machine of the market that need 1, 2, 4, 8 GPUs, those who leave included. */
  readonly arrivalsPerMachine: readonly number[]
  /** Share of renters who also look at machines that are not verified. */
  readonly tolerantShare: number
  /** Mean stay of those who stay long, with one GPU of a verified machine. */
  readonly stayHours: number
  /** Stays on machines that are not verified are this much shorter. */
  readonly unverifiedStayFactor: number
  readonly repricesPerHour: number
  /** Standard deviation of the usual step of a repricing, in log price. */
  readonly repriceSd: number
  /** Some steps are this much wider. */
  readonly repriceWideFactor: number
  /** Standard deviation over a week of the log of the level that hosts aim at. */
  readonly driftWeeklySd: number
  /** Of log demand, and how many hours it takes to forget itself. */
  readonly demandSd: number
  readonly demandMemoryHours: number
}

/** What all models share. */
export interface MarketConstants {
  /** How strongly a listing's take rate falls with its price: d log rate / d log price. */
  readonly priceResponse: number
  /** The outside option is worth this many idle median machines per machine of the market. */
  readonly outsideStock: number
  /**
   * What renters pay for quality, relative to what hosts ask for it. Above 1, so that dearer hosts, being better ones, are taken as fast as
   * cheap ones although the passing error of their asks is not.
   */
  readonly qualityWorth: number
  /** log price that a reliability lower by 1 is worth. */
  readonly reliabilityWorth: number
  readonly shortStayShare: number
  readonly shortStayHours: number
  /** Long stays grow with this power of the GPUs needed. */
  readonly stayNeedExponent: number
  /** Of a repricing's distance to the host's own aim that one step closes. */
  readonly repricePull: number
  readonly repriceWideShare: number
  /** Spread of how often hosts reprice: sd of the log of the rate. */
  readonly repriceRateSpread: number
  /** How much of log demand hosts add to the log price when they reprice. */
  readonly repriceDemandPull: number
  readonly driftMemoryWeeks: number
  /** Interruptible renters per on-demand renter, and what they bid relative to the level. */
  readonly bidShare: number
  readonly bidMedian: number
  readonly bidSd: number
  readonly bidStayHours: number
  readonly outageHours: number
  /** log arrival rate, Monday first, and by hour of day (UTC, six blocks of four hours). */
  readonly weekday: readonly number[]
  readonly dayBlock: readonly number[]
}

/** The file `parameters.json`. */
export interface MarketParameters {
  readonly constants: MarketConstants
  /** For models without recordings: middle of the fitted ones. */
  readonly pooled: Omit<ModelParameters, 'machines' | 'medianUsdPerGpuHour'>
  /** log price ≈ base + vram × log GiB + bandwidth × log GB/s, for models whose level nobody recorded. */
  readonly level: {
    readonly base: number
    readonly vram: number
    readonly bandwidth: number
    readonly machines: number
  }
  readonly models: Readonly<Record<string, Partial<ModelParameters>>>
}

/** The value below which `share` of the distribution lies. */
export function quantileOf(points: readonly QuantilePoint[], share: number): number {
  let before = points[0]
  if (before === undefined) return 0
  for (const point of points) {
    if (share <= point.share) {
      const width = point.share - before.share
      return width <= 0 ? point.value : before.value + ((share - before.share) / width) * (point.value - before.value)
    }
    before = point
  }
  return before.value
}
