import { endContract, extend, isNoDearer } from './booking.ts'
import type { PendingPriceIncrease } from './contract.ts'
import type { ContractState } from './contract-state.ts'
import type { Kernel } from './kernel.ts'
import { settleMachine } from './ledger.ts'
import { type Listing, type ListingTerms, type ListResult, listingEndMs } from './listing.ts'
import type { MachineState } from './machine-state.ts'
import type { Maintenance, MaintenanceCategory } from './maintenance.ts'
import { powerChanged } from './outages.ts'
import { refuse, requireNumber } from './refuse.ts'

/** Writes a machine's whole listing, and works out what it means for running contracts. */
export function listMachine(kernel: Kernel, machine: MachineState, terms: ListingTerms): ListResult {
  const { nowMs } = kernel
  const listing = completeTerms(machine, terms, nowMs)
  settleMachine(kernel, machine)
  machine.setListing(listing)
  machine.listingStamp++
  if (listing.endMs !== undefined)
    kernel.events.push({ atMs: listing.endMs, kind: 'listing-end', target: machine, stamp: machine.listingStamp })
  kernel.record('list', machine.id, listing.gpuUsdPerHour)
  const result = offerLaterEnd(kernel, machine, listing)
  kernel.marketOf(machine).refresh(machine)
  return result
}

function completeTerms(machine: MachineState, terms: ListingTerms, nowMs: number): Listing {
  const before = machine.listing
  const minChunk = terms.minChunk ?? 1
  if (!Number.isInteger(minChunk) || minChunk < 1 || minChunk > machine.gpuCount)
    refuse('SIM_INVALID', `expected min_chunk between 1 and ${machine.gpuCount}, was ${minChunk}`)
  if (terms.endMs !== undefined && terms.durationMs !== undefined)
    refuse('SIM_INVALID', 'expected an end date or a duration, was both')
  if (terms.endMs !== undefined && terms.endMs <= nowMs)
    refuse('SIM_INVALID', `expected an end date in the future, was ${new Date(terms.endMs).toISOString()}`)
  const gpuUsdPerHour = requireNumber('the GPU price', terms.gpuUsdPerHour)
  if (gpuUsdPerHour === 0) refuse('SIM_INVALID', 'expected a GPU price above 0')
  const diskUsdPerGbMonth = requireNumber('the disk price', terms.diskUsdPerGbMonth ?? 0.1)
  const listing: Omit<Listing, 'sinceMs'> = {
    gpuUsdPerHour,
    diskUsdPerGbMonth,
    inetUpUsdPerGb: requireNumber('the upload price', terms.inetUpUsdPerGb ?? 0),
    inetDownUsdPerGb: requireNumber('the download price', terms.inetDownUsdPerGb ?? 0),
    minBidUsdPerGpuHour:
      terms.minBidUsdPerGpuHour === undefined ? undefined : requireNumber('the minimum bid', terms.minBidUsdPerGpuHour),
    minChunk,
    endMs: terms.endMs,
    durationMs: terms.durationMs === undefined ? undefined : requireNumber('the duration', terms.durationMs, 1),
    creditDiscountMax: Math.min(1, requireNumber('the largest discount', terms.creditDiscountMax ?? 0.4)),
    volumeGb: requireNumber('the volume size', terms.volumeGb ?? machine.diskFreeGb / 2),
    volumeUsdPerGbMonth: requireNumber('the volume price', terms.volumeUsdPerGbMonth ?? diskUsdPerGbMonth),
    listedMs: before?.listedMs ?? nowMs,
  }
  const isSame =
    before !== undefined &&
    (Object.keys(listing) as (keyof typeof listing)[]).every(key => before[key] === listing[key])
  return { ...listing, sinceMs: isSame ? before.sinceMs : nowMs }
}

/**
 * A later end at the same or lower prices extends running contracts. At a higher price of any resource they are not extended: a
 * pending increase is written for each, which the client accepts or not.
 */
function offerLaterEnd(kernel: Kernel, machine: MachineState, listing: Listing): ListResult {
  const endMs = listingEndMs(listing, kernel.nowMs)
  let extended = 0
  let pendingPriceIncreases = 0
  for (const contract of [...machine.contracts]) {
    if (contract.endMs === undefined || contract.status === 'expired') continue
    if (isNoDearer(contract)) {
      contract.pendingPriceIncrease = undefined
      if (endMs !== undefined && endMs <= contract.endMs) continue
      extend(kernel, contract, endMs)
      extended++
      continue
    }
    contract.acceptedPriceIncrease = undefined
    contract.pendingPriceIncrease = undefined
    if (endMs !== undefined && endMs <= contract.endMs) continue
    contract.pendingPriceIncrease = pendingIncrease(kernel, contract, contract.endMs, listing, endMs)
    pendingPriceIncreases++
    if (contract.plan !== undefined)
      kernel.events.push({
        // An answer after the end would be none.
        atMs: Math.min(kernel.nowMs + contract.plan.answerMs, Math.max(kernel.nowMs, contract.endMs - 1)),
        kind: 'contract-answer',
        target: contract,
        stamp: contract.pendingPriceIncrease.id,
      })
  }
  return { extended, pendingPriceIncreases }
}

function pendingIncrease(
  kernel: Kernel,
  contract: ContractState,
  contractEndMs: number,
  listing: Listing,
  askEndMs: number | undefined,
): PendingPriceIncrease {
  const isBid = contract.kind === 'interruptible'
  return {
    id: kernel.newId(),
    contractId: contract.id,
    machineId: contract.machine.id,
    oldGpuUsdPerHour: contract.hostUsdPerGpuHour,
    newGpuUsdPerHour: isBid ? contract.hostUsdPerGpuHour : Math.max(listing.gpuUsdPerHour, contract.hostUsdPerGpuHour),
    oldDiskUsdPerGbMonth: contract.hostDiskUsdPerGbMonth,
    newDiskUsdPerGbMonth: listing.diskUsdPerGbMonth,
    oldInetUpUsdPerGb: contract.hostInetUpUsdPerGb,
    newInetUpUsdPerGb: listing.inetUpUsdPerGb,
    oldInetDownUsdPerGb: contract.hostInetDownUsdPerGb,
    newInetDownUsdPerGb: listing.inetDownUsdPerGb,
    contractEndMs,
    askEndMs,
    createdMs: kernel.nowMs,
  }
}

/** An anonymous renter answers a price increase: it stays as long as the price is within its purse. */
export function answerIncrease(contract: ContractState, pendingId: number): void {
  const pending = contract.pendingPriceIncrease
  if (pending === undefined || pending.id !== pendingId || contract.plan === undefined) return
  const newRenterUsd = (pending.newGpuUsdPerHour / contract.hostUsdPerGpuHour) * contract.renterUsdPerGpuHour
  if (newRenterUsd > contract.plan.purseUsdPerGpuHour) return
  contract.acceptedPriceIncrease = pending
  contract.pendingPriceIncrease = undefined
}

/** No new contracts; running ones go on to their own ends. */
export function unlistMachine(kernel: Kernel, machine: MachineState): void {
  if (machine.listing === undefined) return
  settleMachine(kernel, machine)
  machine.setListing(undefined)
  machine.listingStamp++
  kernel.record('unlist', machine.id, 0)
  kernel.marketOf(machine).refresh(machine)
}

export function setMinBid(kernel: Kernel, machine: MachineState, hostUsdPerGpuHour: number): void {
  const { listing } = machine
  if (listing === undefined) refuse('SIM_NOT_LISTED', `machine ${machine.id} is not listed: list it first`)
  machine.setListing({ ...listing, minBidUsdPerGpuHour: requireNumber('the minimum bid', hostUsdPerGpuHour) })
  kernel.record('min bid', machine.id, hostUsdPerGpuHour)
  kernel.marketOf(machine).refresh(machine)
}

export function scheduleMaintenance(
  kernel: Kernel,
  machine: MachineState,
  window: { readonly startMs: number; readonly durationMs: number; readonly category?: MaintenanceCategory },
): Maintenance {
  requireNumber('the start of maintenance', window.startMs)
  requireNumber('the duration of maintenance', window.durationMs, 1)
  const maintenance: Maintenance = {
    id: kernel.newId(),
    startMs: window.startMs,
    durationMs: window.durationMs,
    category: window.category ?? 'not provided',
  }
  machine.maintenances.push(maintenance)
  for (const atMs of [maintenance.startMs, maintenance.startMs + maintenance.durationMs])
    kernel.events.push({
      atMs: Math.max(kernel.nowMs, atMs),
      kind: 'maintenance',
      target: machine,
      stamp: maintenance.id,
    })
  return maintenance
}

/** A window begins or ends. */
export function maintenanceTurns(kernel: Kernel, machine: MachineState): void {
  powerChanged(kernel, machine)
  const over = machine.maintenances.filter(window => window.startMs + window.durationMs > kernel.nowMs)
  machine.maintenances.splice(0, machine.maintenances.length, ...over)
}

export function cancelMaintenances(kernel: Kernel, machine: MachineState): number {
  const cancelled = machine.maintenances.splice(0).length
  if (cancelled > 0) powerChanged(kernel, machine)
  return cancelled
}

/** Deletes what is expired and still takes disk. */
export function cleanupMachine(kernel: Kernel, machine: MachineState): number {
  const expired = machine.contracts.filter(contract => contract.status === 'expired')
  for (const contract of expired) endContract(kernel, contract, 'cleanup')
  return expired.length
}

export function removeMachine(kernel: Kernel, machine: MachineState): void {
  unlistMachine(kernel, machine)
  for (const contract of [...machine.contracts]) endContract(kernel, contract, 'machine-removed')
  const { machines } = kernel.marketOf(machine)
  machines.splice(machines.indexOf(machine), 1)
  machine.outageStamp++
  kernel.machines.delete(machine.id)
  const host = kernel.accounts.get(machine.hostId)
  host?.machineIds.splice(host.machineIds.indexOf(machine.id), 1)
}
