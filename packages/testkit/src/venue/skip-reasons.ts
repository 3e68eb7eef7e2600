import type { ActionDefinition } from '@org/core'
import { inWorld } from './in-world.ts'
import type { VenueSubject } from './venue-subject.ts'

/** A word, where there is nothing to be done. */
export function hasNoActions({ actions }: VenueSubject): string | undefined {
  return Object.keys(actions).length === 0 ? 'the venue has no actions' : undefined
}

/** A word, where none of the actions shown is as `test` asks for. */
export async function noneOfActions(
  subject: VenueSubject,
  test: (definition: ActionDefinition) => boolean,
  word: string,
): Promise<string | undefined> {
  let isThere = false
  await inWorld(
    subject,
    async ({ venue }) => {
      isThere = Object.keys(subject.actions).some(name => venue.actions[name] && test(venue.actions[name]))
    },
    { connects: false },
  )
  return isThere ? undefined : word
}
