import type { GpuModel } from '../../market/gpu-model.ts'
import type { MetricsFilter, MetricsSample } from '../../market/metrics.ts'
import { type Answer, json, jsonText } from '../answer.ts'
import type { Call, Route } from '../call.ts'
import { type Query, queryNumber } from '../query.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments, Refused } from '../refused.ts'

/** The market's figures are refreshed this often. */
export const METRICS_REFRESH_MS = 300_000
const CACHED_MAX = 64
const namesDefault = ['RTX 5090', 'RTX 4090', 'RTX 3090']

/** Market figures, for hosts alone: a renter's key gets 401, a host without machines an empty answer that says so. */
export function metricsRoutes(): readonly Route[] {
  const cache = new Map<string, { readonly period: number; readonly body: string }>()
  const current = (call: Call): Answer => {
    const filter = readFilter(call.query)
    const key = JSON.stringify(filter)
    const period = Math.floor(call.nowMs / METRICS_REFRESH_MS)
    const known = cache.get(key)
    if (known?.period === period) return jsonText(known.body)
    const body = JSON.stringify({ success: true, gpus: tradedModels(call).map(gpu => currentRow(call, gpu, filter)) })
    if (cache.size >= CACHED_MAX) cache.clear()
    cache.set(key, { period, body })
    return jsonText(body)
  }
  return [
    {
      method: 'GET',
      path: '/metrics/gpu/current',
      access: 'misc',
      limit: every(3),
      handle: call => forHosts(call, { gpus: [] }) ?? current(call),
    },
    {
      method: 'GET',
      path: '/metrics/gpu/history',
      access: 'misc',
      limit: every(3),
      handle: call => forHosts(call, { gpus: {} }) ?? history(call),
    },
    {
      method: 'GET',
      path: '/metrics/gpu/locations',
      access: 'misc',
      limit: every(3),
      handle: call => forHosts(call, { locations: [] }) ?? locations(call),
    },
  ]
}

function forHosts(call: Call, nothing: object): Answer | undefined {
  if (call.caller.account.kind !== 'host') throw new Refused(401, 'auth_error', 'Only hosts can read market metrics.')
  const hasMachine = call.simulation.world.machines({ hostId: call.caller.account.id }).length > 0
  return hasMachine ? undefined : json({ success: true, ...nothing, needs_machine: true })
}

function readFilter(query: Query): MetricsFilter {
  const verified = query.get('verified') ?? 'yes'
  const hosting = query.get('hosting_type') ?? 'all'
  const gpus = query.get('num_gpus') ?? 'all'
  if (verified !== 'yes' && verified !== 'no' && verified !== 'all') throw invalidArguments('Invalid verified')
  if (hosting !== 'all' && hosting !== 'secure_cloud' && hosting !== 'community')
    throw invalidArguments('Invalid hosting_type')
  if (gpus !== 'all' && !/^\d{1,2}$/.test(gpus)) throw invalidArguments('Invalid num_gpus')
  return { verified, hosting, gpuCount: gpus === 'all' ? 'all' : Number(gpus) }
}

function tradedModels(call: Call): readonly GpuModel[] {
  const { simulation } = call
  return simulation.world.models.flatMap(name => simulation.model(name) ?? [])
}

function currentRow(call: Call, gpu: GpuModel, filter: MetricsFilter) {
  const metrics = call.simulation.world.metrics(gpu.model, filter)
  const ask = metrics.allAsk
  return {
    gpu_name: gpu.displayName,
    total: metrics.machines,
    available: metrics.machinesAvailable,
    rented_verified: metrics.rentedVerifiedMachines,
    avail_verified: metrics.availableVerifiedMachines,
    rented_unverified: metrics.rentedUnverifiedMachines,
    avail_unverified: metrics.availableUnverifiedMachines,
    rented_verified_gpus: metrics.rentedVerifiedGpus,
    avail_verified_gpus: metrics.availableVerifiedGpus,
    usage: round(100 * metrics.occupancy, 1),
    usage_30d: round(100 * metrics.occupancy30d, 1),
    dlperf: gpu.dlperf,
    tflops: gpu.tflops,
    price_p10: ask?.p10 ?? null,
    price_p25: ask?.p25 ?? null,
    price_median: ask?.median ?? null,
    price_p75: ask?.p75 ?? null,
    price_p90: ask?.p90 ?? null,
    tflops_per_dollar: ask === undefined ? null : round(gpu.tflops / ask.median, 2),
    dlperf_per_dollar: ask === undefined ? null : round(gpu.dlperf / ask.median, 2),
  }
}

function history(call: Call): Answer {
  const { query, simulation } = call
  readFilter(query)
  const endMs = (queryNumber(query, 'end') ?? call.nowMs / 1000) * 1000
  const startMs = (queryNumber(query, 'start') ?? endMs / 1000 - 86_400) * 1000
  const stepMs = (queryNumber(query, 'step') ?? 0) * 1000
  const asked = query.get('gpu_name')
  const names = asked === undefined || asked === '' ? namesDefault : asked.split(',').map(name => name.trim())
  const models = names.includes('all')
    ? tradedModels(call)
    : names
        .flatMap(name => simulation.modelNamed(name) ?? [])
        .filter(gpu => simulation.world.models.includes(gpu.model))
  const gpus: Record<string, object> = {}
  for (const gpu of models)
    gpus[gpu.displayName] = historyOf(gpu, thin(simulation.world.history(gpu.model), startMs, endMs, stepMs))
  return json({ success: true, gpus })
}

/** Samples within the range, at least `stepMs` apart. */
function thin(samples: readonly MetricsSample[], startMs: number, endMs: number, stepMs: number): MetricsSample[] {
  let nextMs = Number.NEGATIVE_INFINITY
  return samples.filter(sample => {
    if (sample.atMs < startMs || sample.atMs > endMs || sample.atMs < nextMs) return false
    nextMs = sample.atMs + stepMs
    return true
  })
}

function historyOf(gpu: GpuModel, samples: readonly MetricsSample[]): object {
  const timestamps = samples.map(sample => Math.floor(sample.atMs / 1000))
  return {
    supply_demand: {
      timestamps,
      rented_verified: samples.map(sample => sample.rentedVerified),
      avail_verified: samples.map(sample => sample.availableVerified),
      rented_unverified: samples.map(sample => sample.rentedUnverified),
      avail_unverified: samples.map(sample => sample.availableUnverified),
      rented_verified_gpus: samples.map(sample => sample.rentedVerifiedGpus),
      avail_verified_gpus: samples.map(sample => sample.availableVerifiedGpus),
      total: samples.map(
        sample =>
          sample.rentedVerified + sample.availableVerified + sample.rentedUnverified + sample.availableUnverified,
      ),
    },
    pricing: {
      timestamps,
      rented_p10: samples.map(sample => sample.rentedAsk?.p10 ?? null),
      rented_median: samples.map(sample => sample.rentedAsk?.median ?? null),
      rented_p90: samples.map(sample => sample.rentedAsk?.p90 ?? null),
      avail_p10: samples.map(sample => sample.availableAsk?.p10 ?? null),
      avail_median: samples.map(sample => sample.availableAsk?.median ?? null),
      avail_p90: samples.map(sample => sample.availableAsk?.p90 ?? null),
    },
    stats: { tflops: gpu.tflops, dlperf: gpu.dlperf, vram: gpu.vramMib },
  }
}

function locations(call: Call): Answer {
  return json({
    success: true,
    locations: call.simulation.world.locations().map(place => ({
      gpu_name: call.simulation.model(place.model)?.displayName ?? place.model,
      city: place.city,
      country_code: place.countryCode,
      num_gpus: place.gpus,
      rented: place.rented,
      verified: place.verified,
      latitude: place.latitude,
      longitude: place.longitude,
    })),
  })
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
