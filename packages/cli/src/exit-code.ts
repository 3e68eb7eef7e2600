/**
 * How `automate` ends. Scripts branch on these; they never change their meaning.
 *
 * - `ok` (0): done, and nothing found wrong.
 * - `finding` (1): what was looked for is wrong or not there: a damaged journal, budgets that do not follow from it, an unknown intent.
 * - `usage` (2): a mistyped command or flag, or something that cannot be meant. Nothing was done.
 * - `store` (3): the store is missing, held, damaged or of another program. Nothing was done.
 * - `bug` (70): a fault of this program; the stack is on stderr.
 */
export const exitCodes = { ok: 0, finding: 1, usage: 2, store: 3, bug: 70 } as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** How to end after an error of the framework. */
export function exitCodeOf(errorCode: string): ExitCode {
  if (errorCode.startsWith('STORE_')) return exitCodes.store
  return errorCode.startsWith('JOURNAL_') ? exitCodes.finding : exitCodes.usage
}
