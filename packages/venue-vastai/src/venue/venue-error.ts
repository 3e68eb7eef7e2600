import { AutomationError, type ErrorEffect } from '@org/core'

/**
 * - `MACHINE_GONE`: the machine is not among those of the key.
 * - `MACHINE_UNREADABLE`: the machine is there, and what Vast.ai says of it cannot be read; nothing was written.
 * - `NOT_LISTED`: what was asked for needs a listing, and there is none; nothing was written.
 * - `LISTING_CHANGED`: the market shows another listing than the decision was made on; nothing was written.
 * - `LISTING_MISMATCH`: written, but what is read back differs.
 * - `READ_BACK_FAILED`: written, but it could not be read back.
 * - `LISTING_UNREADABLE`: the market does not show the whole listing, so that it cannot be compared; nothing was written.
 * - `INVALID_TERMS`: the listing cannot be meant; nothing was sent.
 */
export type VenueErrorCode =
  | 'MACHINE_GONE'
  | 'MACHINE_UNREADABLE'
  | 'NOT_LISTED'
  | 'LISTING_CHANGED'
  | 'LISTING_MISMATCH'
  | 'READ_BACK_FAILED'
  | 'LISTING_UNREADABLE'
  | 'INVALID_TERMS'

/** The Vast.ai venue could not do, or could not confirm, what an intent asked for. */
export class VastAiVenueError extends AutomationError {
  declare readonly code: VenueErrorCode

  constructor(options: {
    readonly code: VenueErrorCode
    readonly message: string
    readonly effect: ErrorEffect
    readonly details?: Readonly<Record<string, unknown>>
    readonly cause?: unknown
  }) {
    super(options)
  }
}

export function machineGone(machineId: number, cause?: unknown): VastAiVenueError {
  return new VastAiVenueError({
    code: 'MACHINE_GONE',
    message: `machine ${machineId} is not among the machines of this key: it was removed, or the key belongs to another account`,
    effect: 'none',
    details: { machineId },
    cause,
  })
}

export function machineUnreadable(machineId: number, cause?: unknown): VastAiVenueError {
  return new VastAiVenueError({
    code: 'MACHINE_UNREADABLE',
    message: `machine ${machineId} is among your machines, but what Vast.ai says of it cannot be read; look at it in the console`,
    effect: 'none',
    details: { machineId },
    cause,
  })
}
