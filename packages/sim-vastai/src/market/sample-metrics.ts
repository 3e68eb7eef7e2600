import type { MachineState } from './machine-state.ts'
import type { MetricsFilter, MetricsSample } from './metrics.ts'
import type { Quantiles } from './quantiles.ts'
import { countBits } from './split-tree.ts'

/** Order statistics by nearest rank; undefined for an empty set. */
export function quantilesOf(values: number[]): Quantiles | undefined {
  if (values.length === 0) return undefined
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number
  return { p10: at(0.1), p25: at(0.25), median: at(0.5), p75: at(0.75), p90: at(0.9) }
}

/** GPUs that a searcher could rent on demand now. */
export function availableGpus(machine: MachineState, nowMs: number): number {
  return machine.isUp(nowMs) ? machine.gpuCount - countBits(machine.firmMask) : 0
}

export function isCounted(machine: MachineState, filter: MetricsFilter): boolean {
  if (machine.listing === undefined) return false
  const isVerified = machine.verification === 'verified'
  if (filter.verified === 'yes' ? !isVerified : filter.verified === 'no' && isVerified) return false
  if (
    filter.hosting === 'secure_cloud'
      ? machine.hostingType === 0
      : filter.hosting === 'community' && machine.hostingType > 0
  )
    return false
  return filter.gpuCount === undefined || filter.gpuCount === 'all' || filter.gpuCount === machine.gpuCount
}

/** One look at a market: how many rent, at which asks. Machines count as rented when nothing of them can be rented. */
export function sampleMetrics(market: { readonly machines: readonly MachineState[] }, nowMs: number): MetricsSample {
  const counts = { rentedVerified: 0, availableVerified: 0, rentedUnverified: 0, availableUnverified: 0 }
  const rentedAsks: number[] = []
  const availableAsks: number[] = []
  let rentedVerifiedGpus = 0
  let availableVerifiedGpus = 0
  let rentedGpus = 0
  let gpus = 0
  for (const machine of market.machines) {
    if (machine.listing === undefined) continue
    const available = availableGpus(machine, nowMs)
    const isVerified = machine.verification === 'verified'
    if (available > 0) {
      availableAsks.push(machine.renterUsdPerGpuHour)
      counts[isVerified ? 'availableVerified' : 'availableUnverified']++
    } else counts[isVerified ? 'rentedVerified' : 'rentedUnverified']++
    if (machine.firmMask !== 0) rentedAsks.push(machine.renterUsdPerGpuHour)
    const rented = countBits(machine.firmMask)
    if (isVerified) {
      rentedVerifiedGpus += rented
      availableVerifiedGpus += available
    }
    rentedGpus += rented
    gpus += machine.gpuCount
  }
  return {
    atMs: nowMs,
    ...counts,
    rentedVerifiedGpus,
    availableVerifiedGpus,
    rentedGpus,
    gpus,
    rentedAsk: quantilesOf(rentedAsks),
    availableAsk: quantilesOf(availableAsks),
  }
}
