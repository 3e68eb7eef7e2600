import type { Clock } from '@org/core'

/** What a run of `automate` touches of the world, handed in. */
export interface Surroundings {
  /** @default the system's */
  readonly clock?: Clock | undefined
  readonly env: { readonly [name: string]: string | undefined }
  /** Who is at the keyboard, for the journal: `user@host`. */
  readonly who: string
  /** Takes data; a promise where the reader is slower. */
  readonly out: (text: string) => void | Promise<void>
  /** Takes messages. */
  readonly err: (text: string) => void
  /** Ends what goes on by itself, such as `status --watch`. */
  readonly signal: AbortSignal
}

/** A command's share of the surroundings, with what every command is told. */
export interface Context extends Surroundings {
  readonly clock: Clock
  /** The store's file. */
  readonly store: string
  readonly isJson: boolean
}
