import { InvalidInputError } from '@org/core'
import { z } from 'zod'

/** What a renter pays, USD per GPU-hour. Peers' offers show this one. Cannot be mixed with {@link HostPrice}. */
export type RenterPrice = number & { readonly __price: 'renter' }

/** What a host earns, USD per GPU-hour. A listing sets this one. Cannot be mixed with {@link RenterPrice}. */
export type HostPrice = number & { readonly __price: 'host' }

/** The part of the renter's payment that reaches the host: 0.75 says that a renter pays 4/3 of what the host earns. */
export type HostShare = number & { readonly __price: 'share' }

/** A share outside these bounds is a sign of comparing the wrong figures, not of a generous market. */
export const hostShareMin = 0.5
export const hostShareMax = 1.05

/** The share seen on Vast.ai in 2024 to 2026, used until one's own offers tell. */
export const assumedHostShare = 0.75 as HostShare

/**
 * Says that `perGpuHour` is a renter's price.
 *
 * @param perGpuHour USD per GPU-hour, finite and not negative.
 * @throws {InvalidInputError} `INVALID_PRICE`
 * @example
 * renterPrice(0.4)
 */
export function renterPrice(perGpuHour: number): RenterPrice {
  return checkedPrice(perGpuHour, 'renter price') as RenterPrice
}

/**
 * Says that `perGpuHour` is a host's price.
 *
 * @param perGpuHour USD per GPU-hour, finite and not negative.
 * @throws {InvalidInputError} `INVALID_PRICE`
 * @example
 * hostPrice(0.3)
 */
export function hostPrice(perGpuHour: number): HostPrice {
  return checkedPrice(perGpuHour, 'host price') as HostPrice
}

/**
 * Says that `share` is the host's part of the renter's payment.
 *
 * @throws {InvalidInputError} `INVALID_HOST_SHARE` outside 0.5 to 1.05.
 */
export function hostShare(share: number): HostShare {
  // Written so that NaN fails as well.
  if (!(share >= hostShareMin && share <= hostShareMax))
    throw new InvalidInputError({
      code: 'INVALID_HOST_SHARE',
      message: `expected a host share from ${hostShareMin} to ${hostShareMax}, was ${share}: host and renter prices were probably mixed`,
    })
  return share as HostShare
}

/**
 * What the host earns when a renter pays `price`.
 *
 * @example
 * renterToHost(renterPrice(0.4), hostShare(0.75)) // 0.3
 */
export function renterToHost(price: RenterPrice, share: HostShare): HostPrice {
  return (price * share) as HostPrice
}

/**
 * What renters pay when the host asks `price`.
 *
 * @example
 * hostToRenter(hostPrice(0.3), hostShare(0.75)) // 0.4
 */
export function hostToRenter(price: HostPrice, share: HostShare): RenterPrice {
  return (price / share) as RenterPrice
}

/** A host price inside parameters and saved state. */
export const hostPriceSchema = z
  .number()
  .min(0)
  .transform(value => value as HostPrice)

/** A renter price inside parameters and saved state. */
export const renterPriceSchema = z
  .number()
  .min(0)
  .transform(value => value as RenterPrice)

function checkedPrice(perGpuHour: number, name: string): number {
  if (!(Number.isFinite(perGpuHour) && perGpuHour >= 0))
    throw new InvalidInputError({
      code: 'INVALID_PRICE',
      message: `expected a ${name} in USD per GPU-hour, finite and not negative, was ${perGpuHour}`,
    })
  return perGpuHour
}

export const hostShareSchema = z
  .number()
  .min(hostShareMin)
  .max(hostShareMax)
  .transform(share => share as HostShare)
