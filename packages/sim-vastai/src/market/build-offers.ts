import type { Kernel } from './kernel.ts'
import { listingEndMs } from './listing.ts'
import type { MachineState } from './machine-state.ts'
import type { Offer, OfferFilter } from './offer.ts'
import { type ChunkNode, countBits } from './split-tree.ts'

/** An offer id holds machine, generation and node, so that nothing has to be stored per search and a stale id is recognised. */
const NODES = 64
const GENERATIONS = 1_024

export function offerId(machine: MachineState, node: number): number {
  return (machine.id * GENERATIONS + (machine.generation % GENERATIONS)) * NODES + node
}

export function findOffer(
  kernel: Kernel,
  id: number,
): { readonly machine: MachineState; readonly node: ChunkNode } | undefined {
  const machine = kernel.machines.get(Math.floor(id / (NODES * GENERATIONS)))
  if (machine?.listing === undefined) return undefined
  if (Math.floor(id / NODES) % GENERATIONS !== machine.generation % GENERATIONS) return undefined
  const node = machine.tree[id % NODES]
  return node === undefined ? undefined : { machine, node }
}

/** All chunks of all listed machines that the filter lets through. */
export function buildOffers(kernel: Kernel, filter: OfferFilter): Offer[] {
  const offers: Offer[] = []
  if (filter.machineId !== undefined) {
    const machine = kernel.machines.get(filter.machineId)
    if (machine !== undefined && (filter.models?.includes(machine.model) ?? true))
      addOffers(kernel, machine, filter, offers)
    return offers
  }
  for (const market of kernel.markets.values())
    if (filter.models?.includes(market.gpu.model) ?? true)
      for (const machine of market.machines) addOffers(kernel, machine, filter, offers)
  return offers
}

function addOffers(kernel: Kernel, machine: MachineState, filter: OfferFilter, offers: Offer[]): void {
  if (machine.listing === undefined) return
  const isUp = machine.isUp(kernel.nowMs)
  const diskPerGpu = machine.diskFreeGb / Math.max(1, machine.gpuCount - countBits(machine.firmMask))
  machine.tree.forEach((node, index) => {
    const isRentable = isUp && (node.mask & machine.firmMask) === 0
    if (filter.includeTaken === false && !isRentable) return
    offers.push(toOffer(kernel, machine, node, index, isRentable, diskPerGpu))
  })
}

export function toOffer(
  kernel: Kernel,
  machine: MachineState,
  node: ChunkNode,
  index: number,
  isRentable: boolean,
  diskPerGpu: number,
): Offer {
  const highestBid = machine.highestBid(node.mask)
  const { listing } = machine
  return {
    id: offerId(machine, index),
    machineId: machine.id,
    hostId: machine.hostId,
    model: machine.model,
    gpuIndexes: node.gpuIndexes,
    gpuCount: node.size,
    gpuFraction: node.size / machine.gpuCount,
    isRentable,
    isBidHeld: (node.mask & machine.bidMask) !== 0,
    renterGpuUsdPerHour: machine.renterUsdPerGpuHour * node.size,
    renterMinBidUsdPerHour:
      Math.max(machine.renterMinBidUsdPerGpuHour, highestBid === 0 ? 0 : highestBid + 0.0001) * node.size,
    diskGb: Math.min(machine.diskFreeGb, diskPerGpu * node.size),
    endMs: listing === undefined ? undefined : listingEndMs(listing, kernel.nowMs),
  }
}
