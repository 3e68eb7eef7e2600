import type { MachineView } from '../actions/machine-view.ts'
import type { Verification } from '../market/peer-choice.ts'
import type { Machine } from '../wire/machine.ts'
import { machineHealth } from './machine-health.ts'
import { parseOccupancy } from './occupancy.ts'
import { readListing } from './read-listing.ts'

/**
 * A row of the machine table as strategies see it.
 *
 * @param ownUseGpus GPUs of it that the host rents from himself.
 * @param now Epoch milliseconds.
 */
export function toMachineView(machine: Machine, ownUseGpus: number, now: number): MachineView {
  const { listed, num_gpus: numGpus } = machine
  const listing = listed ? readListing(machine) : undefined
  const running = machine.current_rentals_running ?? 0
  return {
    machineId: machine.id,
    model: machine.gpu_name.replaceAll(' ', '_'),
    numGpus,
    listed,
    listing,
    occupancy: parseOccupancy(machine.gpu_occupancy, numGpus),
    rentals: {
      running,
      runningOnDemand: machine.current_rentals_running_on_demand ?? 0,
      runningReserved: machine.current_rentals_running_reserved ?? 0,
      resident: machine.current_rentals_resident ?? running,
    },
    ownUseGpus,
    clientEndDateMs: typeof machine.client_end_date === 'number' ? machine.client_end_date * 1000 : undefined,
    health: machineHealth(machine, !listed || listing !== undefined, now),
    verification: toVerification(machine.verification),
    reliability: machine.reliability2 ?? 0,
    earnedPerHourHint: machine.earn_hour ?? undefined,
    earnedPerDayHint: machine.earn_day ?? undefined,
    asOf: now,
  }
}

/** What is not said to be verified is not. */
export function toVerification(text: string | null | undefined): Verification {
  return text === 'verified' || text === 'deverified' ? text : 'unverified'
}
