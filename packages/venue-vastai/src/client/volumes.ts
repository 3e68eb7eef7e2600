import { z } from 'zod'
import { volumeLanguage } from '../search/language.ts'
import { type FieldFilter, wireFilter } from '../search/offer-filter.ts'
import { bestScoreFirst, type OfferOrder, parseOfferOrder } from '../search/order.ts'
import type { volumeFields } from '../search/other-fields.ts'
import { parseQuery } from '../search/parse-query.ts'
import { acknowledgementSchema } from '../wire/acknowledgement.ts'
import { createdVolumeSchema, type Volume, type VolumeOffer, volumeOfferSchema, volumesSchema } from '../wire/volume.ts'
import { checkId, invalidInput } from './check-input.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

const volumeOffersSchema = z.object({ offers: z.array(volumeOfferSchema) })

/** What disk to search for. */
export interface VolumeSearch {
  /** Typed, or in the text language; verified and not external hold unless it says otherwise. */
  readonly filter?: FieldFilter<typeof volumeFields> | string | undefined
  /** @default true */
  readonly defaults?: boolean | undefined
  /** @default best score first */
  readonly order?: OfferOrder | string | undefined
  readonly limit?: number | undefined
  /** Size that prices are shown for, GiB. @default 1 */
  readonly storageGb?: number | undefined
}

/** Disk that outlives instances. */
export class Volumes {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Searches for disk to rent. */
  async search(search: VolumeSearch = {}, options?: RequestOptions): Promise<readonly VolumeOffer[]> {
    const { filter = {}, defaults = true, limit, order = bestScoreFirst } = search
    if (limit !== undefined) checkId(limit, 'limit')
    const body = {
      ...(typeof filter === 'string'
        ? parseQuery(filter, volumeLanguage, { defaults })
        : wireFilter(filter, volumeLanguage, defaults)),
      order: typeof order === 'string' ? parseOfferOrder(order) : order,
      ...(limit === undefined ? {} : { limit }),
      allocated_storage: checkSize(search.storageGb ?? 1, 'storageGb'),
    }
    return (await this.#transport.call(endpoints.searchVolumes, volumeOffersSchema, { body }, options)).offers
  }

  /** Rented volumes. */
  async list(kind: 'all' | 'local' | 'network' = 'all', options?: RequestOptions): Promise<readonly Volume[]> {
    const query = { owner: 'me', type: `${kind}_volume` }
    return (await this.#transport.call(endpoints.listVolumes, volumesSchema, { query }, options)).volumes
  }

  /** Rents disk. Never repeated after a lost answer: list the volumes then. */
  async create(
    wanted: { readonly offerId: number; readonly sizeGb: number; readonly name?: string },
    options?: RequestOptions,
  ): Promise<{ readonly name: string | undefined }> {
    const body = {
      size: Math.floor(checkSize(wanted.sizeGb, 'sizeGb')),
      id: checkId(wanted.offerId, 'offerId'),
      name: wanted.name,
    }
    const answer = await this.#transport.call(endpoints.createVolume, createdVolumeSchema, { body }, options)
    return { name: answer.volume_name ?? undefined }
  }

  /** Ends the rental and deletes its data. */
  async delete(volumeId: number, options?: RequestOptions): Promise<void> {
    const outgoing = { query: { id: checkId(volumeId, 'volumeId') }, removes: true }
    await this.#transport.call(endpoints.deleteVolume, acknowledgementSchema, outgoing, options)
  }

  /** Copies a volume into a new one from an offer. Never repeated after a lost answer. */
  async clone(
    wanted: {
      readonly volumeId: number
      readonly offerId: number
      readonly sizeGb?: number
      readonly uncompressed?: boolean
    },
    options?: RequestOptions,
  ): Promise<void> {
    const body = {
      src_id: checkId(wanted.volumeId, 'volumeId'),
      dst_id: checkId(wanted.offerId, 'offerId'),
      size: wanted.sizeGb === undefined ? undefined : checkSize(wanted.sizeGb, 'sizeGb'),
      disable_compression: wanted.uncompressed === true ? true : undefined,
    }
    await this.#transport.call(endpoints.cloneVolume, acknowledgementSchema, { body }, options)
  }

  /** Offers disk of own machines as volumes; `pricePerGbMonth` in USD. */
  async offer(
    wanted: {
      readonly machineIds: number | readonly number[]
      readonly sizeGb: number
      readonly pricePerGbMonth: number
      /** Epoch milliseconds. @default three months from now */
      readonly endDateMs?: number
    },
    options?: RequestOptions,
  ): Promise<void> {
    const { machineIds, endDateMs } = wanted
    for (const id of [machineIds].flat()) checkId(id, 'machineIds')
    const body = {
      size: Math.floor(checkSize(wanted.sizeGb, 'sizeGb')),
      machine: machineIds,
      price_disk: checkSize(wanted.pricePerGbMonth, 'pricePerGbMonth'),
      end_date: endDateMs === undefined ? undefined : endDateMs / 1000,
    }
    await this.#transport.call(endpoints.offerVolume, acknowledgementSchema, { body }, options)
  }

  /** Takes a volume offer off the market. */
  async unlist(volumeOfferId: number, options?: RequestOptions): Promise<void> {
    const outgoing = { body: { id: checkId(volumeOfferId, 'volumeOfferId') }, removes: true }
    await this.#transport.call(endpoints.unlistVolume, acknowledgementSchema, outgoing, options)
  }
}

function checkSize(value: number, name: string): number {
  if (value >= 0 && Number.isFinite(value)) return value
  throw invalidInput(`expected ${name} to be a number of at least 0, was ${String(value)}`)
}
