import { InvalidInputError } from '@org/core'

/** Codes of what a world refuses. A refusal leaves the world as it was. */
export type RefusalCode =
  | 'SIM_CLOCK_BACKWARDS'
  | 'SIM_UNKNOWN_MODEL'
  | 'SIM_INVALID'
  | 'SIM_NO_SUCH_ACCOUNT'
  | 'SIM_NO_SUCH_MACHINE'
  | 'SIM_NO_SUCH_OFFER'
  | 'SIM_NO_SUCH_CONTRACT'
  | 'SIM_NO_SUCH_VOLUME'
  | 'SIM_NO_PENDING_PRICE_INCREASE'
  | 'SIM_OFFER_TAKEN'
  | 'SIM_NOT_OWN_MACHINE'
  | 'SIM_NOT_LISTED'
  | 'SIM_NOT_INTERRUPTIBLE'
  | 'SIM_BID_TOO_LOW'
  | 'SIM_DISK_TOO_LARGE'
  | 'SIM_EXPIRED'

export function refuse(code: RefusalCode, message: string): never {
  throw new InvalidInputError({ code, message })
}

/** Refuses what is not a finite number of at least `least`. */
export function requireNumber(name: string, value: number, least = 0): number {
  if (!Number.isFinite(value) || value < least)
    refuse('SIM_INVALID', `expected ${name} to be a number of at least ${least}, was ${value}`)
  return value
}
