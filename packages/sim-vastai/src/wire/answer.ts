/** What goes back over the wire. */
export interface Answer {
  readonly status: number
  readonly body: string
  /**
   * JSON answers say exactly `application/json`: with `; charset=utf-8` the official client prints "invalid return Content-Type",
   * shows no rows and exits 0.
   */
  readonly contentType: 'application/json' | 'text/plain'
}

/** An answer made from a value. */
export function json(value: unknown, status = 200): Answer {
  return { status, body: JSON.stringify(value), contentType: 'application/json' }
}

/** An answer whose JSON text is already there. */
export function jsonText(body: string): Answer {
  return { status: 200, body, contentType: 'application/json' }
}

/** Plain text: the throttle's answer, and what logs and commands printed. */
export function plainText(body: string, status = 200): Answer {
  return { status, body, contentType: 'text/plain' }
}
