import { AutomationError, type CallOptions, describeError } from '@org/core'
import type { MachineView } from '../actions/machine-view.ts'
import type { OwnMachines } from './own-machines.ts'
import { VastAiVenueError } from './venue-error.ts'

/**
 * The machine after a write to it, whose answer alone proves nothing.
 *
 * @param what For the message, for example `the listing was written`.
 * @throws {VastAiVenueError} `READ_BACK_FAILED`
 */
export async function readBack(
  machines: OwnMachines,
  machineId: number,
  what: string,
  options: CallOptions,
): Promise<MachineView> {
  try {
    return await machines.get(machineId, options)
  } catch (error) {
    throw new VastAiVenueError({
      code: 'READ_BACK_FAILED',
      message: `machine ${machineId}: ${what} and could not be read back: ${describeError(error)}`,
      effect: 'unknown',
      details: { machineId, code: AutomationError.isInstance(error) ? error.code : undefined },
      cause: error,
    })
  }
}

/** Written, but the market shows something else. */
export function mismatch(machineId: number, what: string, fields: readonly string[]): VastAiVenueError {
  return new VastAiVenueError({
    code: 'LISTING_MISMATCH',
    message: `machine ${machineId}: ${what}, but ${fields.join(', ')} came back different; look at it on the market before the next change`,
    effect: 'done',
    details: { machineId, fields },
  })
}
