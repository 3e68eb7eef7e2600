import type { Commands } from '../command.ts'
import { accountCommands } from './account.ts'
import { instanceCommands } from './instances.ts'
import { machineCommands } from './machines.ts'
import { rentCommands } from './rent.ts'
import { searchCommands } from './search.ts'
import { storageCommands } from './storage.ts'

/** Every command of the official client that ours can say, by verb and object. */
export const commands: Commands = {
  ...searchCommands,
  ...rentCommands,
  ...instanceCommands,
  ...machineCommands,
  ...accountCommands,
  ...storageCommands,
}
