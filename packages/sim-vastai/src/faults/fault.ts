/** What goes wrong. */
export type FaultEffect =
  /** Refuses: 401, 403, 404, 429 (plain text, as the real throttle answers), 5xx. After the effect when `afterEffect`. */
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
  /** Multiplies every price. @default factor 100: cents where dollars belong */
  | { readonly kind: 'wrong-unit'; readonly factor?: number }

/**
 * Something to go wrong, and when.
 *
 * @example
 * simulator.faults.add({ kind: 'reset-after', method: 'PUT', path: '/asks/*', count: 1 })
 */
export type Fault = FaultEffect & {
  /** @default any */
  readonly method?: string
  /** Without `/api/v0` and trailing slash; `*` stands for anything. @default any */
  readonly path?: string
  /** How many requests it hits; then it is gone. @default all */
  readonly count?: number
  /** Lets this many matching requests pass first. @default 0 */
  readonly skip?: number
  /** Chance to hit a matching request, drawn under the simulator's seed. @default 1 */
  readonly probability?: number
}
