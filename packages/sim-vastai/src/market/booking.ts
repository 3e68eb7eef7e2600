import type { ContractStatus, EndReason } from './contract.ts'
import type { ContractState } from './contract-state.ts'
import type { Kernel } from './kernel.ts'
import { settleContract } from './ledger.ts'
import { listingEndMs } from './listing.ts'
import type { MachineState } from './machine-state.ts'
import { countBits } from './split-tree.ts'

/** An expired contract's data is kept this long. */
const PURGE_AFTER_MS = 48 * 3_600_000

/** Gives GPUs to a contract, displacing the interruptibles that run on them. */
export function seat(kernel: Kernel, contract: ContractState, mask: number): void {
  const { machine } = contract
  for (const other of machine.contracts)
    if (!other.isFirm && other !== contract && (other.mask & mask) !== 0) unseat(kernel, other, 'paused')
  settleContract(kernel, contract)
  contract.hold(mask)
  contract.status = machine.isUp(kernel.nowMs) ? 'running' : 'paused'
  if (contract.isFirm) machine.firmMask |= mask
  else machine.bidMask |= mask
  kernel.record('seat', machine.id, contract.hostUsdPerGpuHour * contract.gpuCount)
}

/** Takes the GPUs back. The caller reseats others and refreshes the market. */
export function unseat(kernel: Kernel, contract: ContractState, status: ContractStatus): void {
  settleContract(kernel, contract)
  contract.status = status
  const { machine } = contract
  if (contract.isFirm) machine.firmMask &= ~contract.mask
  else machine.bidMask &= ~contract.mask
  contract.mask = 0
  const { plan } = contract
  if (status === 'paused' && plan !== undefined)
    kernel.events.push({
      atMs: kernel.nowMs + plan.patienceMs,
      kind: 'contract-patience',
      target: contract,
      stamp: ++contract.stamp,
    })
}

/** Lets those who wait for GPUs have what is free or what they outbid: firm ones first, then the highest bid. */
export function reseat(kernel: Kernel, machine: MachineState): void {
  if (machine.contracts.length > 0 && machine.isUp(kernel.nowMs)) {
    const waiting = machine.contracts.filter(contract => contract.mask === 0 && isEager(contract, kernel.nowMs))
    waiting.sort(
      (a, b) => Number(b.isFirm) - Number(a.isFirm) || b.hostUsdPerGpuHour - a.hostUsdPerGpuHour || a.id - b.id,
    )
    for (const contract of waiting) {
      const mask = findRoom(contract)
      if (mask === undefined) continue
      seat(kernel, contract, mask)
      scheduleDue(kernel, contract)
    }
  }
  kernel.marketOf(machine).refresh(machine)
}

function isEager(contract: ContractState, nowMs: number): boolean {
  if (contract.status !== 'waiting' && contract.status !== 'paused') return false
  return contract.endMs === undefined || contract.endMs > nowMs
}

/** GPUs for a contract: free of firm ones and, for a bid, of higher or equal bids. The old ones first. */
export function findRoom(contract: ContractState): number | undefined {
  const { machine, gpuCount } = contract
  const isFree = (mask: number) =>
    (mask & machine.firmMask) === 0 &&
    (contract.isFirm || machine.highestBid(mask) < contract.renterUsdPerGpuHour - 1e-12)
  if (contract.lastMask !== 0 && isFree(contract.lastMask)) return contract.lastMask
  for (const node of machine.tree) if (node.size === gpuCount && isFree(node.mask)) return node.mask
  let mask = 0
  for (let index = 0; index < machine.gpuCount && countBits(mask) < gpuCount; index++)
    if (isFree(1 << index)) mask |= 1 << index
  return countBits(mask) === gpuCount ? mask : undefined
}

/** Books the next moment at which something becomes of the contract by itself. */
export function scheduleDue(kernel: Kernel, contract: ContractState): void {
  const leaveMs = contract.plan?.leaveMs ?? Number.POSITIVE_INFINITY
  const atMs = Math.min(leaveMs, contract.endMs ?? Number.POSITIVE_INFINITY)
  const stamp = ++contract.stamp
  if (Number.isFinite(atMs))
    kernel.events.push({ atMs: Math.max(atMs, kernel.nowMs), kind: 'contract-due', target: contract, stamp })
}

/** Ends a contract for good. */
export function endContract(kernel: Kernel, contract: ContractState, reason: EndReason): void {
  if (contract.status === 'ended') return
  const { machine } = contract
  unseat(kernel, contract, 'ended')
  contract.endedMs = kernel.nowMs
  contract.endReason = reason
  contract.pendingPriceIncrease = undefined
  contract.stamp++
  machine.contracts.splice(machine.contracts.indexOf(contract), 1)
  kernel.record(`end ${reason}`, machine.id, contract.paidUsd)
  kernel.retire(contract)
  reseat(kernel, machine)
}

/** A renter's planned leave, or the contract's end: extended, repriced by consent, or over. */
export function contractDue(kernel: Kernel, contract: ContractState): void {
  const { plan, machine } = contract
  if (plan !== undefined && kernel.nowMs >= plan.leaveMs) {
    endContract(kernel, contract, 'left')
    return
  }
  const accepted = contract.acceptedPriceIncrease
  if (accepted !== undefined) {
    settleContract(kernel, contract)
    contract.acceptedPriceIncrease = undefined
    contract.hostUsdPerGpuHour = accepted.newGpuUsdPerHour
    contract.hostDiskUsdPerGbMonth = accepted.newDiskUsdPerGbMonth
    contract.hostInetUpUsdPerGb = accepted.newInetUpUsdPerGb
    contract.hostInetDownUsdPerGb = accepted.newInetDownUsdPerGb
    extend(kernel, contract, accepted.askEndMs)
    return
  }
  const { listing } = machine
  // A rolling listing moves its end daily; running contracts follow as long as no resource has become dearer.
  if (listing?.durationMs !== undefined && contract.pendingPriceIncrease === undefined && isNoDearer(contract)) {
    extend(kernel, contract, listingEndMs(listing, kernel.nowMs))
    return
  }
  if (plan !== undefined) {
    endContract(kernel, contract, contract.pendingPriceIncrease === undefined ? 'contract-end' : 'price-increase')
    return
  }
  if (contract.status === 'expired') return
  unseat(kernel, contract, 'expired')
  kernel.events.push({
    atMs: kernel.nowMs + PURGE_AFTER_MS,
    kind: 'contract-purge',
    target: contract,
    stamp: ++contract.stamp,
  })
  reseat(kernel, machine)
}

export function extend(kernel: Kernel, contract: ContractState, endMs: number | undefined): void {
  contract.endMs = endMs
  contract.machine.counters.extensions++
  kernel.record('extend', contract.machine.id, contract.hostUsdPerGpuHour)
  // An anonymous renter whose instance is paused waits for its patience to end, not for the contract.
  if (contract.plan === undefined || contract.status === 'running') scheduleDue(kernel, contract)
}

/** True when the machine's listing asks no more for anything than the contract pays. */
export function isNoDearer(contract: ContractState): boolean {
  const { listing } = contract.machine
  if (listing === undefined) return false
  const slack = 1e-9
  const gpuUsdPerHour = contract.isFirm && contract.kind !== 'own-use' ? listing.gpuUsdPerHour : 0
  return (
    gpuUsdPerHour <= contract.hostUsdPerGpuHour + slack &&
    listing.diskUsdPerGbMonth <= contract.hostDiskUsdPerGbMonth + slack &&
    listing.inetUpUsdPerGb <= contract.hostInetUpUsdPerGb + slack &&
    listing.inetDownUsdPerGb <= contract.hostInetDownUsdPerGb + slack
  )
}
