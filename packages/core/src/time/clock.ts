/**
 * Where time comes from. Everything that waits or asks for the time takes a `Clock`, so that a backtest, a simulation and a
 * live run execute the same code.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. May step backwards on a real machine: never assume that it only grows. */
  now(): number
  /**
   * Resolves after `ms` milliseconds of this clock's time (0 or less: at the next turn).
   * Rejects with `AbortedError` as soon as `signal` aborts.
   */
  sleep(ms: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /**
   * Says that `work` happens in the real world (a request, a file): a virtual clock stands still until it has settled, so that
   * simulated time never overtakes real I/O. Returns the same promise.
   */
  track<T>(work: Promise<T>): Promise<T>
}
