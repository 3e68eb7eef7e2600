import { type MachineView, rentedGpus } from '../actions/machine-view.ts'

/** What stays on the market, or owes renters its service, if nobody acts any more. */
export function isHeld({ listed, rentals }: MachineView): boolean {
  return listed || rentals.resident > 0
}

/**
 * What a machine earns now, USD per hour: its rented GPUs at the listed price. Contracts made at another price are not seen; where the
 * market hides who holds the GPUs, its own average stands in.
 */
export function earnedPerHour(machine: MachineView): number {
  const rented = rentedGpus(machine)
  const price = machine.listing?.pricePerGpuHour
  if (rented !== undefined && price !== undefined) return rented * price
  return rented === 0 ? 0 : (machine.earnedPerHourHint ?? 0)
}

export function describeHolding(machine: MachineView): string {
  const { model, numGpus, listed, listing, rentals } = machine
  const what = `${numGpus} x ${model}`
  const contracts = `${rentals.resident} ${rentals.resident === 1 ? 'contract' : 'contracts'}`
  if (!listed) return `${what}, not listed, ${contracts}`
  const price = listing === undefined ? 'at a price that cannot be read' : `at $${listing.pricePerGpuHour} per GPU-hour`
  return `${what} listed ${price}, ${contracts}`
}
