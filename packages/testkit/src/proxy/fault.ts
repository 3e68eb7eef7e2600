/** Which requests are meant. */
export interface RequestPattern {
  /** @default any */
  readonly method?: string | readonly string[]
  /** Without the query; `*` stands for anything. @default any */
  readonly path?: string
}

/** What goes wrong. */
export type FaultEffect =
  /**
   * Answers with a status of its own: before the market has seen the request, or after it has done what was asked. `echo` repeats the
   * request with its headers in the body, as careless proxies do.
   */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly retryAfterS?: number
      readonly afterEffect?: boolean
      readonly echo?: boolean
    }
  /** Keeps the request, or with `afterEffect` the answer, until it is released. */
  | { readonly kind: 'hold'; readonly afterEffect?: boolean }
  /** Breaks the connection. */
  | { readonly kind: 'drop'; readonly afterEffect?: boolean }
  /** Does what was asked; the answer stops in the middle of a word, and says that it is whole. */
  | { readonly kind: 'malformed-json' }
  /** Does what was asked; the connection breaks after half of the answer. */
  | { readonly kind: 'half-body' }
  /** Does what was asked and answers 200 with a page for people. */
  | { readonly kind: 'html-page' }
  /** Adds a field that nobody knows to every object that does not look like a map. */
  | { readonly kind: 'extra-fields' }
  /** Says a field of every object twice, as careless servers do; JSON takes the second. */
  | { readonly kind: 'duplicate-fields' }
  /** Leaves a field out: a name, or the tail of a path without places in lists (`machines.num_gpus`). */
  | { readonly kind: 'missing-field'; readonly field: string }
  /** Gives a field another name. */
  | { readonly kind: 'renamed-field'; readonly field: string; readonly to: string }
  /** Gives a field a value that it never has. @default `{ "mistyped": true }` */
  | { readonly kind: 'mistyped-field'; readonly field: string; readonly value?: unknown }

/**
 * Something to go wrong, and when.
 *
 * @example
 * proxy.add({ kind: 'drop', afterEffect: true, method: 'POST', path: '/orders', times: 1 })
 */
export type Fault = FaultEffect &
  RequestPattern & {
    /** How many requests it hits; then it is gone. @default all */
    readonly times?: number
    /** Lets this many matching requests pass first. @default 0 */
    readonly skip?: number
  }

/** True for a request that `pattern` means. */
export function matchesRequest({ method, path }: RequestPattern, request: { method: string; path: string }): boolean {
  const methods = typeof method === 'string' ? [method] : method
  if (methods !== undefined && !methods.includes(request.method)) return false
  return path === undefined || new RegExp(`^${path.split('*').map(escaped).join('.*')}$`).test(request.path)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
