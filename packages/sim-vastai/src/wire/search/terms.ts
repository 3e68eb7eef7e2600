import { toNumber } from '../arguments.ts'
import type { Json } from '../json.ts'
import { invalidArguments } from '../refused.ts'

/** How the searcher means to rent; it changes prices. */
export type RentalType = 'on-demand' | 'bid' | 'reserved'

/** Allocated storage when a search names none, GB (seen on real rows). */
export const STORAGE_GB_DEFAULT = 8

/** Hours that the service counts to a month. */
export const HOURS_PER_MONTH = 720

const types: Readonly<Record<string, RentalType>> = {
  'on-demand': 'on-demand',
  ondemand: 'on-demand',
  bid: 'bid',
  interruptible: 'bid',
  reserved: 'reserved',
}

/** `ondemand` and `on-demand`, `bid` and `interruptible`. @throws {Refused} 400 for anything else. */
export function readRentalType(value: Json | undefined): RentalType {
  if (value === undefined || value === null) return 'on-demand'
  const type = typeof value === 'string' ? types[value] : undefined
  if (type === undefined) throw invalidArguments('Invalid type: expected on-demand, bid or reserved')
  return type
}

/** @throws {Refused} 400 unless it is a number from 0 to 1,000,000 GB. */
export function readStorageGb(value: Json | undefined): number {
  if (value === undefined || value === null) return STORAGE_GB_DEFAULT
  const gb = toNumber(value)
  if (gb === undefined || gb < 0 || gb > 1_000_000) throw invalidArguments('Invalid allocated_storage')
  return gb
}
