import type { DayEarnings, Earnings, EarningsReport } from './earnings.ts'
import type { AccountState, Kernel, Mutable } from './kernel.ts'
import { settleMachine } from './ledger.ts'
import { placeOf } from './locations.ts'
import type { MachineState } from './machine-state.ts'
import type { LocationMetrics, MetricsFilter, ModelMetrics } from './metrics.ts'
import type { ModelMarket } from './model-market.ts'
import { availableGpus, isCounted, quantilesOf } from './sample-metrics.ts'
import { countBits } from './split-tree.ts'

const HOUR_MS = 3_600_000

/** What a host earned, by machine and day. */
export function earningsOf(
  kernel: Kernel,
  host: AccountState,
  range: { readonly fromDay?: number; readonly toDay?: number; readonly machineId?: number },
): EarningsReport {
  for (const id of host.machineIds) settleMachine(kernel, kernel.machine(id))
  const perDay = new Map<number, Mutable<DayEarnings>>()
  const total = noEarnings()
  const perMachine: (Earnings & { machineId: number })[] = []
  for (const [machineId, days] of host.dayBook) {
    if (range.machineId !== undefined && range.machineId !== machineId) continue
    const sums = { machineId, ...noEarnings() }
    for (const day of days.values()) {
      if (day.day < (range.fromDay ?? Number.NEGATIVE_INFINITY) || day.day > (range.toDay ?? Number.POSITIVE_INFINITY))
        continue
      const sum = perDay.get(day.day) ?? { day: day.day, ...noEarnings() }
      perDay.set(day.day, sum)
      for (const into of [sums, sum, total]) add(into, day)
    }
    perMachine.push(sums)
  }
  return { total, perMachine, perDay: [...perDay.values()].sort((a, b) => a.day - b.day) }
}

function noEarnings(): Mutable<Earnings> {
  return { gpuUsd: 0, storageUsd: 0, bandwidthUpUsd: 0, bandwidthDownUsd: 0 }
}

function add(into: Mutable<Earnings>, more: Earnings): void {
  into.gpuUsd += more.gpuUsd
  into.storageUsd += more.storageUsd
  into.bandwidthUpUsd += more.bandwidthUpUsd
  into.bandwidthDownUsd += more.bandwidthDownUsd
}

/** A model's market now, as the official metrics would count it. */
export function metricsOf(market: ModelMarket, filter: MetricsFilter, nowMs: number): ModelMetrics {
  const counted = market.machines.filter(machine => isCounted(machine, filter))
  const isVerified = (machine: MachineState) => machine.verification === 'verified'
  const isAvailable = (machine: MachineState) => availableGpus(machine, nowMs) > 0
  const count = (test: (machine: MachineState) => boolean) => counted.filter(test).length
  const gpus = (test: (machine: MachineState) => boolean, of: (machine: MachineState) => number) =>
    counted.reduce((sum, machine) => (test(machine) ? sum + of(machine) : sum), 0)
  const asks = (test: (machine: MachineState) => boolean) =>
    quantilesOf(counted.filter(test).map(machine => machine.renterUsdPerGpuHour))
  const all = gpus(
    () => true,
    machine => machine.gpuCount,
  )
  const rentedOf = (machine: MachineState) => countBits(machine.firmMask)
  const availableOf = (machine: MachineState) => availableGpus(machine, nowMs)
  const rentedGpus = gpus(() => true, rentedOf)
  const month = market.history.filter(sample => sample.atMs > nowMs - 720 * HOUR_MS && sample.gpus > 0)
  const occupancy = all === 0 ? 0 : rentedGpus / all
  return {
    model: market.gpu.model,
    machines: counted.length,
    gpus: all,
    machinesAvailable: count(isAvailable),
    rentedVerifiedMachines: count(machine => isVerified(machine) && !isAvailable(machine)),
    availableVerifiedMachines: count(machine => isVerified(machine) && isAvailable(machine)),
    rentedUnverifiedMachines: count(machine => !isVerified(machine) && !isAvailable(machine)),
    availableUnverifiedMachines: count(machine => !isVerified(machine) && isAvailable(machine)),
    rentedGpus,
    availableGpus: gpus(() => true, availableOf),
    rentedVerifiedGpus: gpus(isVerified, rentedOf),
    availableVerifiedGpus: gpus(isVerified, availableOf),
    occupancy,
    occupancy30d:
      month.length === 0
        ? occupancy
        : month.reduce((sum, sample) => sum + sample.rentedGpus / sample.gpus, 0) / month.length,
    rentedAsk: asks(machine => machine.firmMask !== 0),
    availableAsk: asks(isAvailable),
    allAsk: asks(() => true),
  }
}

export function locationsOf(kernel: Kernel): LocationMetrics[] {
  const found = new Map<string, Mutable<LocationMetrics>>()
  for (const machine of kernel.machines.values()) {
    if (machine.listing === undefined) continue
    const key = `${machine.model} ${machine.geolocation}`
    let row = found.get(key)
    if (row === undefined) {
      const { city, countryCode, latitude, longitude } = placeOf(machine.geolocation)
      row = { model: machine.model, city, countryCode, latitude, longitude, gpus: 0, rented: 0, verified: 0 }
      found.set(key, row)
    }
    row.gpus += machine.gpuCount
    row.rented += countBits(machine.firmMask)
    if (machine.verification === 'verified') row.verified += machine.gpuCount
  }
  return [...found.values()]
}
