import { InvalidInputError } from '../errors/automation-error.ts'
import { byConfig } from '../ledger/evolve.ts'

/** @throws {InvalidInputError} `REASON_REQUIRED` */
export function requireWhoAndWhy(by: string, reason: string): void {
  if (reason.trim() === '')
    throw new InvalidInputError({ code: 'REASON_REQUIRED', message: 'say why: the reason is written into the journal' })
  // What the configuration sets is told from what people set by this name: a limit of theirs would not outlive a restart.
  if (by.trim() === '' || by === byConfig)
    throw new InvalidInputError({
      code: 'REASON_REQUIRED',
      message: `say who: expected a name other than ${JSON.stringify(byConfig)}, was ${JSON.stringify(by)}`,
    })
}
