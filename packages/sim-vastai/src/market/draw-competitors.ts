import { catalogue } from './catalogue.ts'
import type { GpuModel } from './gpu-model.ts'
import { HOST_SHARE, type Listing } from './listing.ts'
import { places } from './locations.ts'
import { MachineState } from './machine-state.ts'
import { type MarketConstants, type ModelParameters, quantileOf } from './model-parameters.ts'
import { Stream } from './stream.ts'

const HOURS_PER_30_DAYS = 720

/** Competitors of catalogue place i have the ids (i + 1) × 1000 and on. */
export const COMPETITORS_PER_MODEL_MAX = 1_000
/** What is added to the id of a competitor whose place is taken by a machine of the user's. */
const ASIDE = 1_000_000

/**
 * The simulated hosts' machines of one model, listed at their own asks.
 *
 * A host's ask is its quality (which renters see and pay for: that is why the cross-section shows no falling demand) plus a passing
 * error that repricing redraws.
 */
export function drawCompetitors(options: {
  readonly seed: number
  readonly gpu: GpuModel
  readonly parameters: ModelParameters
  readonly constants: MarketConstants
  readonly nowMs: number
  readonly levelLog: number
  /** Ids that no competitor gets. */
  readonly keptIds: ReadonlySet<number>
}): MachineState[] {
  const { keptIds, seed, gpu, parameters, constants, nowMs, levelLog } = options
  const firstId = (catalogue.indexOf(gpu) + 1) * COMPETITORS_PER_MODEL_MAX
  const passing = passingErrorSd(parameters, constants)
  return Array.from({ length: Math.min(parameters.machines, COMPETITORS_PER_MODEL_MAX) }, (_, index) => {
    const place = firstId + index
    // Drawn by its place: who else is there changes no competitor.
    const stream = new Stream(seed, 'competitor', place)
    let id = place
    while (keptIds.has(id)) id += ASIDE
    const isVerified = stream.next() < parameters.verifiedShare
    const shape = stream.pick(parameters.shapes)
    const points = isVerified ? parameters.askVerified : parameters.askUnverified
    // What the recorded spread has beyond the passing error is quality.
    const spread = spreadOf(points)
    const quality =
      quantileOf(points, stream.next()) * Math.sqrt(Math.max(0.1, 1 - (passing / Math.max(spread, passing)) ** 2))
    const reliability = Math.min(0.9995, Math.max(0.3, quantileOf(parameters.reliability, stream.next())))
    const machine = new MachineState({
      seed,
      id,
      // About two machines per host, as recorded.
      hostId: firstId + (index >> 1),
      isOwn: false,
      gpu,
      gpuCount: shape.gpuCount,
      quality,
      verification: isVerified ? 'verified' : stream.next() < 0.5 ? 'unverified' : 'deverified',
      reliability,
      hostingType: stream.next() < parameters.datacenterShare ? 1 : 0,
      geolocation: stream.pick(places).geolocation,
      createdMs: nowMs,
      // In the long run reliability is the share of time online.
      failuresPerHour: (1 - reliability) / constants.outageHours,
    })
    machine.aim = quality
    machine.repricesPerHour =
      parameters.repricesPerHour *
      Math.exp(constants.repriceRateSpread * stream.normal() - constants.repriceRateSpread ** 2 / 2)
    const minBidRatio = Math.min(1, Math.max(0.1, quantileOf(parameters.minBidRatio, stream.next())))
    const hostUsd = Math.exp(levelLog + quality + passing * stream.normal()) * HOST_SHARE
    machine.setListing(competitorListing(hostUsd, minBidRatio, Math.min(shape.minChunk, shape.gpuCount), nowMs))
    return machine
  })
}

/** Long-run spread of a host's ask around its aim when each repricing closes part of the distance and errs anew. */
function passingErrorSd(parameters: ModelParameters, constants: MarketConstants): number {
  const wide = constants.repriceWideShare
  const stepSd = parameters.repriceSd * Math.sqrt(1 - wide + wide * parameters.repriceWideFactor ** 2)
  return stepSd / Math.sqrt(1 - (1 - constants.repricePull) ** 2)
}

/** Standard deviation as the middle half of a normal would give it. */
function spreadOf(points: ModelParameters['askVerified']): number {
  return (quantileOf(points, 0.75) - quantileOf(points, 0.25)) / 1.349
}

function competitorListing(hostUsd: number, minBidRatio: number, minChunk: number, nowMs: number): Listing {
  return {
    gpuUsdPerHour: hostUsd,
    diskUsdPerGbMonth: 0.1,
    inetUpUsdPerGb: 0.002,
    inetDownUsdPerGb: 0.002,
    minBidUsdPerGpuHour: hostUsd * minBidRatio,
    minChunk,
    endMs: undefined,
    durationMs: 60 * 24 * 3_600_000,
    creditDiscountMax: 0.4,
    volumeGb: 0,
    volumeUsdPerGbMonth: 0.1,
    sinceMs: nowMs,
    listedMs: nowMs,
  }
}

/** Outages per hour of a machine with so many a month. */
export function failuresPerHour(failuresPer30Days: number): number {
  return failuresPer30Days / HOURS_PER_30_DAYS
}
