import type { ModelParameters, QuantilePoint } from '../market/model-parameters.ts'
import { quantile } from './measure.ts'
import type { OfferRow, Recording } from './offer-row.ts'

const SHARES = [0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98]

/** The parameters that a recording shows directly: who offers what, at which asks. */
export type Description = Pick<
  ModelParameters,
  | 'machines'
  | 'medianUsdPerGpuHour'
  | 'shapes'
  | 'verifiedShare'
  | 'datacenterShare'
  | 'askVerified'
  | 'askUnverified'
  | 'minBidRatio'
  | 'reliability'
>

/** One vote per machine and cycle; a machine is its largest chunk. */
export function describeModel(recording: Recording): Description {
  const logAsk = { verified: [] as number[], other: [] as number[] }
  const minBids: number[] = []
  const reliabilities: number[] = []
  const medians: number[] = []
  const counts: number[] = []
  let datacenters = 0
  let total = 0
  const shapes = new Map<number, SeenShape>()
  for (const { rows } of recording.cycles) {
    const machines = new Map<number, OfferRow>()
    const smallest = new Map<number, number>()
    for (const row of rows) {
      const known = machines.get(row.machineId)
      if (known === undefined || row.gpuCount > known.gpuCount) machines.set(row.machineId, row)
      smallest.set(row.machineId, Math.min(smallest.get(row.machineId) ?? row.gpuCount, row.gpuCount))
    }
    const asks = [...machines.values()].filter(row => row.isVerified).map(row => row.usdPerGpuHour)
    const median = quantile(asks, 0.5)
    medians.push(median)
    counts.push(machines.size)
    for (const row of machines.values()) {
      const shape = shapes.get(row.machineId) ?? { gpuCount: 0, cycles: 0, chunksIdle: [], chunksTaken: [] }
      shapes.set(row.machineId, shape)
      shape.gpuCount = Math.max(shape.gpuCount, row.gpuCount)
      shape.cycles++
      shape[row.isRentable ? 'chunksIdle' : 'chunksTaken'].push(smallest.get(row.machineId) ?? row.gpuCount)
      total++
      if (row.isDatacenter) datacenters++
      if (median > 0) logAsk[row.isVerified ? 'verified' : 'other'].push(Math.log(row.usdPerGpuHour / median))
      minBids.push(row.minBidUsdPerGpuHour / row.usdPerGpuHour)
      reliabilities.push(row.reliability)
    }
  }
  return {
    machines: Math.round(quantile(counts, 0.5)),
    medianUsdPerGpuHour: round(quantile(medians, 0.5)),
    shapes: countShapes([...shapes.values()]),
    verifiedShare: round(logAsk.verified.length / total),
    datacenterShare: round(datacenters / total),
    askVerified: points(logAsk.verified),
    askUnverified: points(logAsk.other),
    minBidRatio: points(minBids),
    reliability: points(reliabilities),
  }
}

function points(values: readonly number[]): QuantilePoint[] {
  return SHARES.map(share => ({ share, value: round(quantile(values, share)) }))
}

interface SeenShape {
  gpuCount: number
  cycles: number
  readonly chunksIdle: number[]
  readonly chunksTaken: number[]
}

/**
 * Machines by size and smallest chunk. While a machine is idle all its chunks are on show, so those looks count; others only for
 * machines never seen idle. Renters need 1, 2, 4 or 8 GPUs, so an odd smallest chunk is brought to the power of two below it.
 */
function countShapes(seen: readonly SeenShape[]): ModelParameters['shapes'] {
  const weights = new Map<string, { gpuCount: number; minChunk: number; weight: number }>()
  let total = 0
  for (const { gpuCount, cycles, chunksIdle, chunksTaken } of seen) {
    const smallest = quantile(chunksIdle.length > 0 ? chunksIdle : chunksTaken, 0.5)
    const minChunk = Math.min(8, 2 ** Math.floor(Math.log2(smallest)))
    const key = `${gpuCount}/${minChunk}`
    const shape = weights.get(key) ?? { gpuCount, minChunk, weight: 0 }
    shape.weight += cycles
    total += cycles
    weights.set(key, shape)
  }
  return [...weights.values()]
    .map(shape => ({ ...shape, weight: round(shape.weight / total) }))
    .filter(shape => shape.weight >= 0.005)
    .sort((a, b) => a.gpuCount - b.gpuCount || a.minChunk - b.minChunk)
}

/** Four significant digits: more would pretend. */
export function round(value: number): number {
  return Number(value.toPrecision(4))
}
