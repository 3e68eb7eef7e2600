import type { Logger } from '@org/core'

/** Warns about each thing once until something else is to be said of it: not at every scan. */
export class TellOnce {
  readonly #told = new Map<string, string>()

  /** @param warning `undefined`: all is well again, and the same warning would be told anew. */
  tell(about: string, warning: string | undefined, logger: Logger): void {
    if (warning === undefined) {
      this.#told.delete(about)
      return
    }
    if (this.#told.get(about) === warning) return
    this.#told.set(about, warning)
    logger.warn({ about }, warning)
  }
}
