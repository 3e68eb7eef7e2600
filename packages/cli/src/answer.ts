import type { ExitCode } from './exit-code.ts'

/** What a command has to say, for programs and for people. */
export interface Answer {
  /** What stands under `data` with `--json`. Amounts are in units of the base currency, times in milliseconds since the epoch. */
  readonly data: unknown
  /** The same for people, on stdout. */
  readonly text: string
  /** What to know beside it, on stderr. */
  readonly notes?: readonly string[]
  /** @default 0 */
  readonly exitCode?: ExitCode
}

/** The version of the envelope; it rises when a field changes its meaning or goes. */
const envelopeVersion = 1

/** `data` as one line of JSON: `{"version":1,"command":"budget show","data":…}`. */
export function envelope(command: string, data: unknown): string {
  return `${JSON.stringify({ version: envelopeVersion, command, data })}\n`
}

/** What programs read instead of data when a command failed. */
export function errorEnvelope(command: string, error: { readonly code: string; readonly message: string }): string {
  return `${JSON.stringify({ version: envelopeVersion, command, error })}\n`
}
