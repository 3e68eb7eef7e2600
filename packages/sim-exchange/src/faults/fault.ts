/** What goes wrong. */
export type FaultEffect =
  /** Refuses: 400, 401, 403, 404, 418, 429 or 5xx, as the exchange or what stands before it answers. After the effect when `afterEffect`. */
  | { readonly kind: 'status'; readonly status: number; readonly afterEffect?: boolean }
  /** Answers later. On a virtual clock time jumps ahead by as much, since nothing else can move it while a request is open. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Resets the connection before anything happened. */
  | { readonly kind: 'reset-before' }
  /** Does what was asked, then resets the connection instead of answering. */
  | { readonly kind: 'reset-after' }
  /** Cuts the answer's text in half. */
  | { readonly kind: 'malformed-json' }
  /** Leaves a field out, at any depth. */
  | { readonly kind: 'missing-field'; readonly field: string }
  /** Keeps the first rows of every list. @default keep 1 */
  | { readonly kind: 'truncated-list'; readonly keep?: number }
  /** Repeats the answer that the first matching request got, whatever happened since. */
  | { readonly kind: 'stale-rows' }
  /** Bids stand where asks belong, in books and best prices. */
  | { readonly kind: 'crossed-book' }
  /** Refuses everything but ping and the system's status: 503, `System is under maintenance.` */
  | { readonly kind: 'maintenance' }

/**
 * Something to go wrong, and when.
 *
 * @example
 * simulator.faults.add({ kind: 'reset-after', method: 'POST', path: '/api/v3/order', count: 1 })
 */
export type Fault = FaultEffect & {
  /** @default any */
  readonly method?: string
  /** As in the URL; `*` stands for anything. @default any */
  readonly path?: string
  /** How many requests it hits; then it is gone. @default all */
  readonly count?: number
  /** Lets this many matching requests pass first. @default 0 */
  readonly skip?: number
  /** Chance to hit a matching request, drawn under the simulator's seed. @default 1 */
  readonly probability?: number
}
