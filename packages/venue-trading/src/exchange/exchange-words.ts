const addresses = /\b(?:https?|wss?):\/\/\S+/gi
const wordsMax = 200
/** Where exchanges put their reason. */
const reasonFields = ['msg', 'message', 'retMsg', 'error_message', 'error', 'reason'] as const

/**
 * The exchange's own reason in one line, from ccxt's message, which holds the id of the exchange, the address with its signature, and the whole
 * answer. Secrets and addresses are gone, whatever the exchange repeats.
 *
 * @example
 * wordsOf(new ccxt.BadRequest('binance {"code":-1013,"msg":"Filter failure: NOTIONAL"}'), 'binance', []) // 'Filter failure: NOTIONAL'
 */
export function wordsOf(failure: unknown, exchange: string, secrets: readonly string[]): string {
  if (!(failure instanceof Error)) return ''
  const text = reasonIn(failure.message) ?? failure.message
  return withoutSecrets(text, secrets)
    .replace(new RegExp(`^${exchange}\\s+`), '')
    .replace(/^(GET|POST|PUT|DELETE|PATCH)\s+/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, wordsMax)
}

/** Text without addresses, whose query holds signatures, and without the given values. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const cut = text.replace(addresses, '').replace(/(signature|api_?key)=[^&\s"]+/gi, '$1=[secret]')
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), cut)
}

function reasonIn(message: string): string | undefined {
  const start = message.indexOf('{')
  const end = message.lastIndexOf('}')
  if (start < 0 || end < start) return undefined
  let body: unknown
  try {
    body = JSON.parse(message.slice(start, end + 1))
  } catch {
    return undefined
  }
  for (const field of reasonFields) {
    const value = (body as Readonly<Record<string, unknown>>)[field]
    const first: unknown = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string' && first !== '') return first
  }
  return undefined
}
