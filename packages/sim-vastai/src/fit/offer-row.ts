/** One offer at one observation: what a searcher sees, and all that the fit knows. Prices are RENTER prices. */
export interface OfferRow {
  readonly machineId: number
  readonly hostId: number
  /** GPUs of the chunk. A machine shows one row for each chunk size. */
  readonly gpuCount: number
  readonly usdPerGpuHour: number
  readonly minBidUsdPerGpuHour: number
  readonly isRentable: boolean
  readonly reliability: number
  readonly isVerified: boolean
  readonly isDatacenter: boolean
}

/** All offers of one model at one moment. */
export interface Cycle {
  readonly atMs: number
  readonly rows: readonly OfferRow[]
}

/** Cycles of one model, oldest first. */
export interface Recording {
  readonly model: string
  readonly cycles: readonly Cycle[]
}
