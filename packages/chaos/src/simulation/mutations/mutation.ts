import type { Decorations } from '../decorations.ts'

/** A bug planted on purpose: a real part, decorated so that it breaks one promise. */
export interface Mutation {
  readonly bug: string
  readonly decorations: Decorations
}
