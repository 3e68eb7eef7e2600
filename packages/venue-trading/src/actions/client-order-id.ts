import { createHash } from 'node:crypto'

/** What exchanges take: 36 characters of these. */
const accepted = /^[A-Za-z0-9_-]{1,36}$/

/**
 * The client order id under which an intent's order is sent and found again. The same key gives the same id, in every process.
 *
 * @example
 * clientOrderIdOf('momentum-mjyv9k00-1x8fk3q') // 'momentum-mjyv9k00-1x8fk3q': short enough to be it itself
 */
export function clientOrderIdOf(idempotencyKey: string): string {
  if (accepted.test(idempotencyKey)) return idempotencyKey
  return `h${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 35)}`
}
