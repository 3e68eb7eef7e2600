import type { Clock } from '@org/core'
import type { VastAiClient } from '../client/vast-ai-client.ts'
import type { OwnMachines } from './own-machines.ts'

/** What carrying out intents, and finding out what became of them, needs. */
export interface Hands {
  readonly client: VastAiClient
  readonly machines: OwnMachines
  readonly clock: Clock
}
