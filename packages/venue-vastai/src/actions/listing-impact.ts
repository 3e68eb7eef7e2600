import type { HostPrice } from '../market/price.ts'
import type { ListingField, ListingTerms } from './listing-terms.ts'
import { differingTerms } from './listing-terms.ts'
import type { MachineView } from './machine-view.ts'

/**
 * What new terms would do to the contracts that run on a machine. Vast.ai freezes a contract's price and end, and no call lists other
 * people's contracts, so this rests on the machine's counters and its latest client end date.
 */
export interface ListingImpact {
  readonly machineId: number
  /** Contracts that run now, own test rentals included. */
  readonly runningContracts: number
  /** Running and stopped ones. */
  readonly residentContracts: number
  /** Epoch milliseconds; absent without contracts, or when all are open. */
  readonly clientEndDateMs: number | undefined
  readonly priceBefore: HostPrice | undefined
  readonly priceAfter: HostPrice
  /** Fields of the terms that change. */
  readonly changes: readonly ListingField[]
  /** Prices that rise: any of them stops running contracts from being extended at the old price. */
  readonly raises: readonly ListingField[]
  /** Contracts whose automatic extension stops until their client accepts the new price: all or none. */
  readonly extensionsStopped: number
  /** At most this many pending price increases are written, one per client. */
  readonly pendingPriceIncreasesMax: number
  /** Contracts that may be extended to a later end, at most; the market says how many really were. */
  readonly extendedMax: number
  /** One line for people. */
  readonly summary: string
}

const priceFields: readonly ListingField[] = [
  'pricePerGpuHour',
  'diskPerGbMonth',
  'uploadPerGb',
  'downloadPerGb',
  'volumePerGbMonth',
]

/**
 * Which running contracts a write of `terms` touches; a question of its own, so that no price is raised without knowing.
 *
 * @example
 * listingImpact(machine, { ...machine.listing, pricePerGpuHour: hostPrice(0.4) }).extensionsStopped // 2
 */
export function listingImpact(machine: MachineView, terms: ListingTerms): ListingImpact {
  const before = machine.listing
  const changes = before === undefined ? [] : differingTerms(terms, before)
  const raises = changes.filter(
    field => priceFields.includes(field) && (terms[field] ?? 0) > (before?.[field] ?? Number.POSITIVE_INFINITY),
  )
  const contracts = machine.rentals.resident
  const extensionsStopped = raises.length > 0 ? contracts : 0
  const extendedMax = raises.length === 0 && movesEndOut(machine, terms) ? contracts : 0
  return {
    machineId: machine.machineId,
    runningContracts: machine.rentals.running,
    residentContracts: contracts,
    clientEndDateMs: machine.clientEndDateMs,
    priceBefore: before?.pricePerGpuHour,
    priceAfter: terms.pricePerGpuHour,
    changes,
    raises,
    extensionsStopped,
    pendingPriceIncreasesMax: extensionsStopped,
    extendedMax,
    summary: summarise(contracts, extensionsStopped, extendedMax, raises),
  }
}

function movesEndOut(machine: MachineView, terms: ListingTerms): boolean {
  const clientEnd = machine.clientEndDateMs
  if (clientEnd === undefined) return false
  return terms.endDateMs === null || terms.endDateMs > clientEnd
}

function summarise(contracts: number, stopped: number, extended: number, raises: readonly ListingField[]): string {
  if (contracts === 0) return 'no contract is on the machine: nobody is touched'
  const held = contracts === 1 ? '1 contract keeps its price' : `${contracts} contracts keep their prices`
  if (stopped > 0)
    return `${held} until the contract ends; ${raises.join(', ')} rises, so automatic extension stops until each client accepts`
  return extended > 0 ? `${held} and may be extended to the new end` : `${held} and end`
}
