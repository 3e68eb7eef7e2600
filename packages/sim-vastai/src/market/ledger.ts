import type { ContractState } from './contract-state.ts'
import type { DayEarnings } from './earnings.ts'
import { PRICE_BUCKETS_MAX } from './inspection.ts'
import type { AccountState, Kernel, Mutable } from './kernel.ts'
import { HOST_SHARE } from './listing.ts'
import { EARNINGS_DAYS_MAX } from './world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const HOURS_PER_MONTH = 720

/** Books what a contract owes up to now: to the renter, the machine, the host's days, and the market's totals. */
export function settleContract(kernel: Kernel, contract: ContractState): void {
  const fromMs = contract.settledMs
  const nowMs = kernel.nowMs
  if (nowMs <= fromMs) return
  contract.settledMs = nowMs
  if (contract.status === 'ended') return
  const isRunning = contract.status === 'running'
  const hours = (nowMs - fromMs) / HOUR_MS
  const gpuUsdPerHour = isRunning ? contract.hostUsdPerHour : 0
  const storageUsdPerHour = (contract.diskGb * contract.hostDiskUsdPerGbMonth) / HOURS_PER_MONTH
  const hostUsd = (gpuUsdPerHour + storageUsdPerHour) * hours
  const renterUsd =
    (isRunning ? contract.gpuCount * contract.renterUsdPerGpuHour * (1 - contract.discount) * hours : 0) +
    (storageUsdPerHour / HOST_SHARE) * hours
  contract.paidUsd += renterUsd
  kernel.money.renterPaidUsd += renterUsd
  kernel.money.hostEarnedUsd += hostUsd
  if (contract.accountId !== undefined) {
    const renter = kernel.accounts.get(contract.accountId)
    if (renter !== undefined) renter.balanceUsd -= renterUsd
  }
  const { counters } = contract.machine
  counters.gpuEarnedUsd += gpuUsdPerHour * hours
  counters.storageEarnedUsd += storageUsdPerHour * hours
  if (isRunning) {
    contract.runningMs += nowMs - fromMs
    countGpuHours(contract, contract.gpuCount * hours)
  }
  if (!contract.machine.isOwn) return
  const host = kernel.accounts.get(contract.machine.hostId)
  if (host !== undefined) bookDays(host, contract.machine.id, fromMs, nowMs, gpuUsdPerHour, storageUsdPerHour)
}

function countGpuHours(contract: ContractState, gpuHours: number): void {
  const { counters, isOwn } = contract.machine
  if (contract.kind === 'own-use') {
    counters.ownUseGpuHours += gpuHours
    return
  }
  counters.rentedGpuHours += gpuHours
  if (contract.kind === 'interruptible') counters.interruptibleGpuHours += gpuHours
  if (!isOwn) return
  const buckets = counters.gpuHoursByHostCents
  let cents = Math.round(contract.hostUsdPerGpuHour * 100)
  if (!buckets.has(cents) && buckets.size >= PRICE_BUCKETS_MAX) cents = [...buckets.keys()].at(-1) ?? cents
  buckets.set(cents, (buckets.get(cents) ?? 0) + gpuHours)
}

/** Spreads a stretch of earning over the UTC days it touches. */
function bookDays(
  host: AccountState,
  machineId: number,
  fromMs: number,
  toMs: number,
  gpuUsdPerHour: number,
  storageUsdPerHour: number,
): void {
  const days = host.dayBook.get(machineId) ?? new Map<number, Mutable<DayEarnings>>()
  host.dayBook.set(machineId, days)
  for (let startMs = fromMs; startMs < toMs; ) {
    const day = Math.floor(startMs / DAY_MS)
    const endMs = Math.min(toMs, (day + 1) * DAY_MS)
    const hours = (endMs - startMs) / HOUR_MS
    const sums = daySums(days, day)
    sums.gpuUsd += gpuUsdPerHour * hours
    sums.storageUsd += storageUsdPerHour * hours
    startMs = endMs
  }
}

function daySums(days: Map<number, Mutable<DayEarnings>>, day: number): Mutable<DayEarnings> {
  const known = days.get(day)
  if (known !== undefined) return known
  const sums = { day, gpuUsd: 0, storageUsd: 0, bandwidthUpUsd: 0, bandwidthDownUsd: 0 }
  days.set(day, sums)
  if (days.size > EARNINGS_DAYS_MAX) days.delete(Math.min(...days.keys()))
  return sums
}

/** Settles everything that the machine's contracts owe. */
export function settleMachine(kernel: Kernel, machine: ContractState['machine']): void {
  for (const contract of machine.contracts) settleContract(kernel, contract)
  machine.countTime(kernel.nowMs)
}
