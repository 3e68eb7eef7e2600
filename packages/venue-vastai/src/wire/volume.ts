import { z } from 'zod'

const number = z.number().nullish()
const text = z.string().nullish()

/** Disk of a machine that can be rented as a volume. */
export const volumeOfferSchema = z.object({
  id: z.number(),
  machine_id: number,
  host_id: number,
  /** GB free. */
  disk_space: number,
  /** USD per GB and month, renter terms. */
  storage_cost: number,
  /** MB/s. */
  disk_bw: number,
  /** Mb/s. */
  inet_up: number,
  /** Mb/s. */
  inet_down: number,
  reliability2: number,
  verification: text,
  geolocation: text,
  /** Epoch seconds. */
  end_date: number,
})

export type VolumeOffer = z.output<typeof volumeOfferSchema>

/** A rented volume. */
export const volumeSchema = z.object({
  id: z.number(),
  label: text,
  machine_id: number,
  host_id: number,
  /** GB. */
  disk_space: number,
  /** USD per hour. */
  storage_total_cost: number,
  /** Epoch seconds. */
  start_date: number,
  /** Epoch seconds. */
  end_date: number,
  status: text,
  geolocation: text,
})

export type Volume = z.output<typeof volumeSchema>

export const volumesSchema = z.object({ volumes: z.array(volumeSchema) })

/** The answer to a create. */
export const createdVolumeSchema = z.object({
  /** For example `V.20118481`. */
  volume_name: text,
})
