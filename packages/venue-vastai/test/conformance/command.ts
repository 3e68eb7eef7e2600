import type { VastAiClient } from '../../src/index.ts'
import type { Arguments } from './arguments.ts'

/** How a command of the official client is said with ours. */
export interface Command {
  /** Its options; see `readSpec` in arguments.ts. */
  readonly options: string
  run(client: VastAiClient, given: Arguments): Promise<unknown>
}

export type Commands = Readonly<Record<string, Command>>

/** A command line that our client leaves out on purpose, with the reason. */
export class NotExpressed extends Error {}
