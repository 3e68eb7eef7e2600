/** What a host requires before a machine is rented out. */
export interface RequiredProfit {
  /** USD per GPU-hour. */
  readonly minExpectedProfit: number
  /** Profit over cost: 0.25 is 25 %. */
  readonly minRoi: number
}

/** Profit of one GPU-hour at a price that the host earns. */
export interface Profitability {
  readonly profitPerGpuHour: number
  /** Profit over cost; `Infinity` for a machine that costs nothing. */
  readonly margin: number
}

/**
 * The least price that meets both demands: cost + required profit. The hard floor, host USD per GPU-hour.
 *
 * @example
 * priceFloor(0.074, { minExpectedProfit: 0.1, minRoi: 0.25 }) // 0.174
 */
export function priceFloor(costPerGpuHour: number, required: RequiredProfit): number {
  return costPerGpuHour + Math.max(required.minExpectedProfit, required.minRoi * costPerGpuHour)
}

/**
 * What a price leaves over the running cost.
 *
 * @example
 * profitability(0.5, 0.074) // { profitPerGpuHour: 0.426, margin: 5.757 }, the guide's 575 %
 */
export function profitability(pricePerGpuHour: number, costPerGpuHour: number): Profitability {
  const profitPerGpuHour = pricePerGpuHour - costPerGpuHour
  const margin =
    costPerGpuHour > 0 ? profitPerGpuHour / costPerGpuHour : profitPerGpuHour >= 0 ? Number.POSITIVE_INFINITY : -1
  return { profitPerGpuHour, margin }
}
