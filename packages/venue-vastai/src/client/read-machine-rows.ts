import { z } from 'zod'
import { type Machine, machineSchema } from '../wire/machine.ts'
import { VastAiMalformedResponseError } from './errors.ts'
import { pathText } from './parse-answer.ts'

/** The machine table before its rows are looked at. */
export const machineRowsSchema = z.object({ machines: z.array(z.unknown()) })

const idSchema = z.object({ id: z.int().positive() })
const machineIdSchema = z.object({ machine_id: z.int().positive() })

/** A row of the machine table that cannot be read. The machine is there all the same. */
export interface UnreadableMachine {
  /** `undefined` when not even the id can be read. */
  readonly machineId: number | undefined
  /** For example `machines[1].num_gpus: Invalid input: expected number, received string`. */
  readonly reason: string
}

export interface MachineRows {
  readonly machines: readonly Machine[]
  readonly unreadable: readonly UnreadableMachine[]
}

/**
 * Reads the machine table row by row: one machine that cannot be read must not take the others out of their host's hands.
 *
 * @throws {VastAiMalformedResponseError} when there are rows and none can be read.
 */
export function readMachineRows(endpointName: string, rows: readonly unknown[]): MachineRows {
  const machines: Machine[] = []
  const unreadable: UnreadableMachine[] = []
  rows.forEach((row, index) => {
    const parsed = machineSchema.safeParse(row)
    if (parsed.success) {
      machines.push(parsed.data)
      return
    }
    const issue = parsed.error.issues[0]
    const path = pathText(['machines', index, ...(issue?.path ?? [])])
    unreadable.push({ machineId: idOf(row), reason: `${path}: ${issue?.message ?? 'unknown shape'}` })
  })
  if (machines.length === 0 && unreadable[0] !== undefined) throw unreadableError(endpointName, unreadable)
  return { machines, unreadable }
}

/** The error for those who need every row. */
export function unreadableError(
  endpointName: string,
  unreadable: readonly UnreadableMachine[],
): VastAiMalformedResponseError {
  const reason = unreadable[0]?.reason ?? ''
  return new VastAiMalformedResponseError({
    endpoint: endpointName,
    message: `${endpointName}: ${unreadable.length} of your machines cannot be read; ${reason}`,
    details: { path: reason.split(':', 1)[0], problems: unreadable.length },
  })
}

function idOf(row: unknown): number | undefined {
  return idSchema.safeParse(row).data?.id ?? machineIdSchema.safeParse(row).data?.machine_id
}
