import type { Random } from '@org/core'
import type { Offer } from '../../market/offer.ts'
import { toNumber } from '../arguments.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { invalidArguments } from '../refused.ts'
import type { Simulation } from '../simulation.ts'
import { compileFilter } from './compile-filter.ts'
import { offerFields, type SearchedRow, type SearchTerms } from './offer-fields.ts'
import { OfferRow } from './offer-row.ts'
import { compileOrder } from './order-rows.ts'
import { sampleRows } from './sample-rows.ts'
import { readRentalType, readStorageGb } from './terms.ts'

/** Rows of an answer when a search names no limit; also the cap for searchers without a key. */
export const SEARCH_LIMIT_DEFAULT = 64

const notFields = new Set([
  'order',
  'type',
  'limit',
  'allocated_storage',
  'disable_bundling',
  'sort_option',
  'query_id',
  'extra_ids',
  // Handled apart: `rented eq true` means "also those where I rent already".
  'rented',
])

/** What a search found. */
export interface Found {
  readonly rows: readonly SearchedRow[]
  readonly ignoredFields: readonly string[]
}

/** Searches the market's offers. Hot: one per scan, over all chunks of the asked models. */
export class OfferSearch {
  readonly #simulation: Simulation
  readonly #rows = new WeakMap<Offer, OfferRow>()
  readonly #terms: SearchTerms = { type: 'on-demand', storageGb: 0, nowMs: 0 }
  readonly #fields = offerFields(this.#terms)

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  /**
   * More matches than the limit give a random sample, as on the real service.
   *
   * @throws {Refused} 400 for a query that means nothing.
   */
  find(
    query: JsonObject,
    options: { readonly callerId: number | undefined; readonly random: Random; readonly nowMs: number },
  ): Found {
    const terms = this.#terms
    terms.type = readRentalType(query['type'])
    terms.storageGb = readStorageGb(query['allocated_storage'])
    terms.nowMs = options.nowMs
    const limit = this.#limit(query['limit'], options.callerId)
    const filter = compileFilter(query, this.#fields, notFields)
    const order = compileOrder(query['order'], this.#fields)
    const rentedMachines = this.#machinesRentedBy(options.callerId)
    const showsRented = !isFalse(query['rented'])
    const bundles = query['disable_bundling'] !== true && query['disable_bundling'] !== 'true'

    const matched: SearchedRow[] = []
    let machineFrom = 0
    for (const offer of this.#offers(query)) {
      const row = this.#row(offer)
      if (row === undefined) continue
      const found: SearchedRow = { row, isRentedByCaller: rentedMachines.has(offer.machineId), bundled: 1 }
      if (found.isRentedByCaller && !showsRented) continue
      if (!filter.matches(found)) continue
      if (matched[machineFrom]?.row.offer.machineId !== offer.machineId) machineFrom = matched.length
      const twin = bundles ? findTwin(matched, machineFrom, offer) : undefined
      if (twin !== undefined) twin.bundled++
      else matched.push(found)
    }
    const rows = matched.length > limit ? sampleRows(matched, limit, options.random) : matched
    rows.sort(order)
    return { rows, ignoredFields: filter.ignoredFields }
  }

  /** `{"offers":[…]}` as text; remembers which asks were shown. */
  answer(found: Found): string {
    const { type, storageGb, nowMs } = this.#terms
    const { asks } = this.#simulation
    const texts: string[] = []
    for (const { row, isRentedByCaller, bundled } of found.rows) {
      asks.note(row.offer)
      texts.push(row.text(type, storageGb, nowMs, isRentedByCaller, bundled))
    }
    return `{"offers":[${texts.join(',')}]}`
  }

  /** The world's offers, narrowed by what the query says about models, machine and free chunks. */
  #offers(query: JsonObject): readonly Offer[] {
    const { world } = this.#simulation
    const filter: { models?: string[]; machineId?: number; includeTaken?: boolean } = {}
    const names = wantedValues(query['gpu_name'])
    if (names !== undefined) {
      filter.models = names.flatMap(name => this.#simulation.modelNamed(String(name))?.model ?? [])
      if (filter.models.length === 0) return []
    }
    const machineIds = wantedValues(query['machine_id'])
    const machineId = machineIds?.length === 1 ? toNumber(machineIds[0]) : undefined
    if (machineId !== undefined) {
      if (!world.hasMachine(machineId)) return []
      filter.machineId = machineId
    }
    const rentable = wantedValues(query['rentable'])
    if (rentable?.length === 1 && (rentable[0] === true || rentable[0] === 'true')) filter.includeTaken = false
    return world.offers(filter)
  }

  #row(offer: Offer): OfferRow | undefined {
    let row = this.#rows.get(offer)
    if (row === undefined) {
      const machine = this.#simulation.world.machine(offer.machineId)
      const gpu = this.#simulation.model(offer.model)
      if (machine.listing === undefined || gpu === undefined) return undefined
      row = new OfferRow(offer, machine, gpu, machine.listing)
      this.#rows.set(offer, row)
    }
    return row
  }

  #limit(value: Json | undefined, callerId: number | undefined): number {
    const limit = value === undefined || value === null ? SEARCH_LIMIT_DEFAULT : toNumber(value)
    if (limit === undefined || limit < 0) throw invalidArguments('Invalid limit')
    const whole = limit < 1 ? SEARCH_LIMIT_DEFAULT : Math.floor(limit)
    return callerId === undefined ? Math.min(whole, SEARCH_LIMIT_DEFAULT) : whole
  }

  #machinesRentedBy(accountId: number | undefined): ReadonlySet<number> {
    if (accountId === undefined) return none
    const contracts = this.#simulation.world.contracts({ accountId })
    return contracts.length === 0 ? none : new Set(contracts.map(contract => contract.machineId))
  }
}

const none: ReadonlySet<number> = new Set()

function findTwin(matched: readonly SearchedRow[], from: number, offer: Offer): SearchedRow | undefined {
  for (let i = from; i < matched.length; i++) {
    const found = matched[i] as SearchedRow
    const other = found.row.offer
    if (
      other.machineId === offer.machineId &&
      other.gpuCount === offer.gpuCount &&
      other.isRentable === offer.isRentable &&
      other.renterGpuUsdPerHour === offer.renterGpuUsdPerHour &&
      other.renterMinBidUsdPerHour === offer.renterMinBidUsdPerHour
    )
      return found
  }
  return undefined
}

function wantedValues(condition: Json | undefined): readonly Json[] | undefined {
  if (condition === undefined || condition === null) return undefined
  if (!isJsonObject(condition)) return [condition]
  if (Array.isArray(condition['in'])) return condition['in'] as readonly Json[]
  const { eq } = condition as { readonly eq?: Json }
  return eq === undefined || eq === null ? undefined : [eq]
}

function isFalse(condition: Json | undefined): boolean {
  const value = isJsonObject(condition) ? condition['eq'] : condition
  return value === false || value === 'false' || value === 'False'
}
