import { endContract, findRoom, reseat, scheduleDue, seat, unseat } from './booking.ts'
import { findOffer } from './build-offers.ts'
import type { PendingPriceIncrease, RentRequest } from './contract.ts'
import { ContractState } from './contract-state.ts'
import type { Kernel } from './kernel.ts'
import { settleContract } from './ledger.ts'
import { HOST_SHARE, listingEndMs } from './listing.ts'
import { refuse, requireNumber } from './refuse.ts'

const HOURS_PER_MONTH = 720
/** Smallest step by which a bid beats another, RENTER USD per GPU-hour. */
const BID_STEP = 0.0001

/** Rents a chunk for an API account. Refusals in order: machine and offer, ownership, room, bid, disk. */
export function rentOffer(kernel: Kernel, request: RentRequest): ContractState {
  const { nowMs } = kernel
  const found = findOffer(kernel, request.offerId)
  if (found === undefined) refuse('SIM_NO_SUCH_OFFER', `no offer ${request.offerId}: search again`)
  const { machine, node } = found
  const { listing } = machine
  if (listing === undefined)
    refuse('SIM_NO_SUCH_OFFER', `no offer ${request.offerId}: machine ${machine.id} is not listed`)
  kernel.account(request.accountId)
  if (request.ownUse === true && machine.hostId !== request.accountId)
    refuse(
      'SIM_NOT_OWN_MACHINE',
      `machine ${machine.id} is not your own: hosts can only rent their own machines free of charge`,
    )
  if ((node.mask & machine.firmMask) !== 0 || !machine.isUp(nowMs))
    refuse('SIM_OFFER_TAKEN', `offer ${request.offerId} is no longer available: search again`)
  const bidPerGpu =
    request.bidUsdPerHour === undefined ? undefined : requireNumber('the bid', request.bidUsdPerHour) / node.size
  const leastBid = machine.renterMinBidUsdPerGpuHour
  if (bidPerGpu !== undefined && bidPerGpu < leastBid - 1e-9)
    refuse(
      'SIM_BID_TOO_LOW',
      `expected a bid of at least $${(leastBid * node.size).toFixed(4)} per hour, was $${request.bidUsdPerHour}`,
    )
  if (requireNumber('the disk', request.diskGb) > machine.diskFreeGb + 1e-9)
    refuse('SIM_DISK_TOO_LARGE', `expected at most ${Math.floor(machine.diskFreeGb)} GB of disk, was ${request.diskGb}`)
  const ownUse = request.ownUse === true
  const listingEnd = listingEndMs(listing, nowMs)
  const endMs = Math.min(listingEnd ?? Number.POSITIVE_INFINITY, request.endMs ?? Number.POSITIVE_INFINITY)
  const contract = new ContractState({
    id: kernel.newId(),
    machine,
    listing,
    kind: ownUse ? 'own-use' : bidPerGpu === undefined ? 'on-demand' : 'interruptible',
    gpuCount: node.size,
    hostUsdPerGpuHour: ownUse ? 0 : bidPerGpu === undefined ? listing.gpuUsdPerHour : bidPerGpu * HOST_SHARE,
    diskGb: request.diskGb,
    startMs: nowMs,
    endMs: Number.isFinite(endMs) ? endMs : undefined,
    accountId: request.accountId,
    label: request.label,
  })
  kernel.contracts.set(contract.id, contract)
  const isOutbid = bidPerGpu !== undefined && bidPerGpu <= machine.highestBid(node.mask)
  const market = kernel.marketOf(machine)
  if (!isOutbid) {
    market.admit(contract, node.mask)
    reseat(kernel, machine)
    return contract
  }
  // A bid below those that run is taken, but waits.
  contract.status = 'paused'
  contract.lastMask = node.mask
  machine.contracts.push(contract)
  machine.counters.interruptibleFills++
  scheduleDue(kernel, contract)
  reseat(kernel, machine)
  return contract
}

export function stopContract(kernel: Kernel, contract: ContractState): void {
  if (contract.status !== 'running' && contract.status !== 'paused' && contract.status !== 'waiting') return
  unseat(kernel, contract, 'stopped')
  scheduleDue(kernel, contract)
  reseat(kernel, contract.machine)
}

export function startContract(kernel: Kernel, contract: ContractState): void {
  if (contract.status === 'expired' || contract.status === 'ended')
    refuse('SIM_EXPIRED', `contract ${contract.id} is over and cannot start`)
  if (contract.status !== 'stopped') return
  settleContract(kernel, contract)
  contract.status = 'waiting'
  const mask = contract.machine.isUp(kernel.nowMs) ? findRoom(contract) : undefined
  if (mask !== undefined) seat(kernel, contract, mask)
  scheduleDue(kernel, contract)
  reseat(kernel, contract.machine)
}

/** What a bid must be to run now: the floor, or just above the bids in the way. RENTER USD per hour for the chunk. */
export function winningBid(contract: ContractState): number {
  const { machine, gpuCount } = contract
  const mask = contract.lastMask
  let highest = 0
  for (const other of machine.contracts)
    if (other !== contract && !other.isFirm && (other.mask & mask) !== 0)
      highest = Math.max(highest, other.renterUsdPerGpuHour + BID_STEP)
  return Math.max(machine.renterMinBidUsdPerGpuHour, highest) * gpuCount
}

export function changeBid(kernel: Kernel, contract: ContractState, bidUsdPerHour: number | undefined): void {
  if (contract.kind !== 'interruptible')
    refuse('SIM_NOT_INTERRUPTIBLE', `contract ${contract.id} is ${contract.kind}: only interruptible ones have a bid`)
  const bid = requireNumber('the bid', bidUsdPerHour ?? winningBid(contract))
  if (bid < 0.001) refuse('SIM_BID_TOO_LOW', 'expected a bid of at least $0.001 per hour')
  settleContract(kernel, contract)
  contract.hostUsdPerGpuHour = (bid / contract.gpuCount) * HOST_SHARE
  // Below the floor it may not hold GPUs; above, the usual order of bids decides.
  if (contract.mask !== 0 && contract.renterUsdPerGpuHour < contract.machine.renterMinBidUsdPerGpuHour - 1e-9)
    unseat(kernel, contract, 'paused')
  reseat(kernel, contract.machine)
}

/** Discount that grows with the months prepaid: half of the maximum at one month, three quarters at three. */
export function prepay(
  kernel: Kernel,
  contract: ContractState,
  amountUsd: number,
): { readonly monthsPrepaid: number; readonly discount: number } {
  requireNumber('the amount', amountUsd)
  if (contract.kind !== 'on-demand' && contract.kind !== 'reserved')
    refuse('SIM_INVALID', `contract ${contract.id} is ${contract.kind}: only on-demand ones can be prepaid`)
  settleContract(kernel, contract)
  contract.prepaidUsd += amountUsd
  const monthUsd = contract.gpuCount * contract.renterUsdPerGpuHour * HOURS_PER_MONTH
  const monthsPrepaid = contract.prepaidUsd / monthUsd
  contract.kind = 'reserved'
  contract.discount = (contract.discountMax * monthsPrepaid) / (monthsPrepaid + 1)
  kernel.record('prepay', contract.machine.id, amountUsd)
  return { monthsPrepaid, discount: contract.discount }
}

/** Finds the contract of an account's pending increase. */
export function pendingContract(
  kernel: Kernel,
  pendingId: number,
): ContractState & { pendingPriceIncrease: PendingPriceIncrease } {
  for (const contract of kernel.contracts.values())
    if (contract.pendingPriceIncrease?.id === pendingId && contract.isLive)
      return contract as ContractState & { pendingPriceIncrease: PendingPriceIncrease }
  return refuse('SIM_NO_PENDING_PRICE_INCREASE', `no pending price increase ${pendingId}`)
}

export function destroyContract(kernel: Kernel, contract: ContractState): void {
  endContract(kernel, contract, 'destroyed')
}
