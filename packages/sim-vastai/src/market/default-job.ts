/** A host's own background work that fills idle GPUs and yields to every renter. */
export interface DefaultJob {
  /** As given by the host, USD per GPU-hour. Pays nothing in this market. */
  readonly gpuUsdPerHour: number
  readonly inetUpUsdPerGb: number
  readonly inetDownUsdPerGb: number
  readonly image: string
  readonly args: readonly string[]
}
