import type { MarketParameters, ModelParameters, QuantilePoint } from '../market/model-parameters.ts'
import { mean, quantile } from './measure.ts'

/** Parameters for models without a fit of their own: the middle of the fitted ones, each model with one vote. */
export function poolModels(fits: readonly ModelParameters[]): MarketParameters['pooled'] {
  const first = fits[0]
  if (first === undefined) throw new RangeError('expected at least one model')
  const middle = (of: (fit: ModelParameters) => number) => quantile(fits.map(of), 0.5)
  const curve = (of: (fit: ModelParameters) => readonly QuantilePoint[]) =>
    of(first).map(({ share }, index) => ({ share, value: middle(fit => of(fit)[index]?.value ?? 0) }))
  return {
    shapes: poolShapes(fits),
    verifiedShare: middle(fit => fit.verifiedShare),
    datacenterShare: middle(fit => fit.datacenterShare),
    askVerified: curve(fit => fit.askVerified),
    askUnverified: curve(fit => fit.askUnverified),
    minBidRatio: curve(fit => fit.minBidRatio),
    reliability: curve(fit => fit.reliability),
    arrivalsPerMachine: first.arrivalsPerMachine.map((_, slot) =>
      mean(fits.map(fit => fit.arrivalsPerMachine[slot] ?? 0)),
    ),
    tolerantShare: first.tolerantShare,
    stayHours: first.stayHours,
    unverifiedStayFactor: first.unverifiedStayFactor,
    repricesPerHour: middle(fit => fit.repricesPerHour),
    repriceSd: middle(fit => fit.repriceSd),
    repriceWideFactor: middle(fit => fit.repriceWideFactor),
    driftWeeklySd: middle(fit => fit.driftWeeklySd),
    demandSd: middle(fit => fit.demandSd),
    demandMemoryHours: first.demandMemoryHours,
  }
}

function poolShapes(fits: readonly ModelParameters[]): ModelParameters['shapes'] {
  const weights = new Map<string, { gpuCount: number; minChunk: number; weight: number }>()
  for (const { shapes } of fits)
    for (const { gpuCount, minChunk, weight } of shapes) {
      const key = `${gpuCount}/${minChunk}`
      const shape = weights.get(key) ?? { gpuCount, minChunk, weight: 0 }
      shape.weight += weight / fits.length
      weights.set(key, shape)
    }
  return [...weights.values()]
    .filter(shape => shape.weight >= 0.005)
    .sort((a, b) => a.gpuCount - b.gpuCount || a.minChunk - b.minChunk)
}
