import type { Quantiles } from './quantiles.ts'

/** Which machines a market figure counts. */
export interface MetricsFilter {
  /** @default 'all' */
  readonly verified?: 'yes' | 'no' | 'all'
  /** @default 'all' */
  readonly hosting?: 'secure_cloud' | 'community' | 'all'
  /** Machines with exactly this many GPUs. @default 'all' */
  readonly gpuCount?: number | 'all'
}

/** The state of one model's market. Prices are RENTER prices, USD per GPU-hour. */
export interface ModelMetrics {
  readonly model: string
  readonly machines: number
  readonly gpus: number
  readonly machinesAvailable: number
  readonly rentedVerifiedMachines: number
  readonly availableVerifiedMachines: number
  readonly rentedUnverifiedMachines: number
  readonly availableUnverifiedMachines: number
  readonly rentedGpus: number
  readonly availableGpus: number
  readonly rentedVerifiedGpus: number
  readonly availableVerifiedGpus: number
  /** 0..1 of GPUs. */
  readonly occupancy: number
  /** Mean of `occupancy` over the last 30 days (or since the start). */
  readonly occupancy30d: number
  /** Asks of machines with a rented GPU; undefined without any. */
  readonly rentedAsk: Quantiles | undefined
  /** Asks of machines with a free GPU. */
  readonly availableAsk: Quantiles | undefined
  readonly allAsk: Quantiles | undefined
}

/** One sample of a model's history, taken every {@link HISTORY_STEP_MS}. Counts of machines where the name does not say GPUs. */
export interface MetricsSample {
  readonly atMs: number
  readonly rentedVerified: number
  readonly availableVerified: number
  readonly rentedUnverified: number
  readonly availableUnverified: number
  readonly rentedVerifiedGpus: number
  readonly availableVerifiedGpus: number
  readonly rentedGpus: number
  readonly gpus: number
  readonly rentedAsk: Quantiles | undefined
  readonly availableAsk: Quantiles | undefined
}

/** Where a model's machines stand. */
export interface LocationMetrics {
  readonly model: string
  readonly city: string
  readonly countryCode: string
  readonly latitude: number
  readonly longitude: number
  readonly gpus: number
  readonly rented: number
  readonly verified: number
}
