import { createHash } from 'node:crypto'

/** What an exchange takes as a client order id, and how long a hash may be there. */
interface IdStyle {
  readonly accepts: RegExp
  readonly hexDigits: number
  readonly prefix?: string
}

/** Most take the 36 characters of `clientOrderIdOf`; these do not (their API documents, orders, `clOrdId`, `cl_ord_id`, `text`). */
const styles: Readonly<Record<string, IdStyle>> = {
  okx: { accepts: /^[A-Za-z0-9]{1,32}$/, hexDigits: 32 },
  myokx: { accepts: /^[A-Za-z0-9]{1,32}$/, hexDigits: 32 },
  okxus: { accepts: /^[A-Za-z0-9]{1,32}$/, hexDigits: 32 },
  // Free text up to 18, or a UUID without dashes.
  kraken: { accepts: /^([A-Za-z0-9_-]{1,18}|[0-9a-f]{32})$/, hexDigits: 32 },
  gate: { accepts: /^t-[A-Za-z0-9_-]{1,26}$/, hexDigits: 26, prefix: 't-' },
  gateio: { accepts: /^t-[A-Za-z0-9_-]{1,26}$/, hexDigits: 26, prefix: 't-' },
}

/**
 * A client order id as this exchange takes it: itself, or a hash of it. Of an id that was made by this function it is the id itself.
 *
 * @example
 * wireOrderId('binance', 'momentum-mjyv9k00-1x8fk3q') // the same
 * wireOrderId('okx', 'momentum-mjyv9k00-1x8fk3q')     // 32 hexadecimal digits: no dashes there
 */
export function wireOrderId(exchange: string, clientOrderId: string): string {
  const style = styles[exchange]
  if (style === undefined || style.accepts.test(clientOrderId)) return clientOrderId
  const { prefix = '', hexDigits } = style
  return prefix + createHash('sha256').update(clientOrderId).digest('hex').slice(0, hexDigits)
}
