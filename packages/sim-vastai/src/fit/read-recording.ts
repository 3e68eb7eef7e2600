import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Cycle, OfferRow, Recording } from './offer-row.ts'

/** Reads every `series-vast-offers-<MODEL>.csv.gz` of a folder, or those of some models. */
export function readRecordings(folder: string, models?: readonly string[]): Recording[] {
  return readdirSync(folder)
    .filter(name => name.startsWith('series-vast-offers-') && name.endsWith('.csv.gz'))
    .sort()
    .map(name => ({ name, model: name.slice('series-vast-offers-'.length, -'.csv.gz'.length) }))
    .filter(({ model }) => models?.includes(model) ?? true)
    .map(({ name, model }) => ({
      model,
      cycles: readCycles(gunzipSync(readFileSync(join(folder, name))).toString('utf8')),
    }))
}

function readCycles(text: string): Cycle[] {
  const cycles = new Map<string, OfferRow[]>()
  const lines = text.split('\n')
  const columns = (lines[0] ?? '').split(',')
  const at = (name: string) => columns.indexOf(name)
  const [observedAt, machineId, hostId, gpuCount] = [at('observed_at'), at('machine_id'), at('host_id'), at('num_gpus')]
  const [price, minBid, rentable] = [at('price_per_hour_total'), at('min_bid'), at('rentable')]
  const [reliability, verification, hostingType] = [at('reliability'), at('verification'), at('hosting_type')]
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index]
    if (line === undefined || line === '') continue
    // Only the last column (free text) may be quoted, so a plain split is safe for the ones before it.
    const cells = line.split(',')
    const gpus = Number(cells[gpuCount])
    const total = Number(cells[price])
    if (!(gpus > 0) || !(total > 0)) continue
    const time = cells[observedAt] ?? ''
    const rows = cycles.get(time) ?? []
    cycles.set(time, rows)
    rows.push({
      machineId: Number(cells[machineId]),
      hostId: Number(cells[hostId]),
      gpuCount: gpus,
      usdPerGpuHour: total / gpus,
      minBidUsdPerGpuHour: Number(cells[minBid]) / gpus,
      isRentable: cells[rentable] === '1',
      reliability: Number(cells[reliability]),
      isVerified: cells[verification] === 'v',
      isDatacenter: cells[hostingType] === '1',
    })
  }
  return [...cycles].map(([time, rows]) => ({ atMs: Date.parse(time), rows })).sort((a, b) => a.atMs - b.atMs)
}
