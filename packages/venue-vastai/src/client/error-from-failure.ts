import { AbortedError, type AutomationError } from '@org/core'
import type { Endpoint } from './endpoint.ts'
import { lostEffect } from './error-from-answer.ts'
import { VastAiConnectionError, VastAiMalformedResponseError, VastAiTimeoutError } from './errors.ts'

/** Codes of failures before a single byte of the request can have left. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/** What a failure of the network means: nothing left, or the request left and nobody knows. */
export function errorFromFailure(
  target: Endpoint,
  failure: unknown,
  context: { readonly origin: string; readonly signal: AbortSignal | undefined; readonly timeoutMs: number },
): AutomationError {
  const effect = lostEffect(target)
  if (context.signal?.aborted) return new AbortedError({ effect, cause: context.signal.reason })
  const code = codeOf(failure)
  const base = { endpoint: target.name, cause: failure, details: { reason: code } }
  if (neverSent.has(code))
    return new VastAiConnectionError({
      ...base,
      message: `${target.name}: cannot connect to ${context.origin} (${code}); check baseUrl and the network`,
      effect: 'none',
      retryable: true,
    })
  if (timeouts.has(code))
    return new VastAiTimeoutError({
      ...base,
      message: `${target.name}: no answer from ${context.origin} within ${context.timeoutMs / 1000} s`,
      effect,
      retryable: target.kind !== 'once',
    })
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return new VastAiMalformedResponseError({
      ...base,
      message: `${target.name}: the answer is larger than responseBytesMax; ask for less, or raise it`,
      effect,
    })
  return new VastAiConnectionError({
    ...base,
    message: `${target.name}: the connection to ${context.origin} broke (${code})${effect === 'none' ? '' : '; look before repeating'}`,
    effect,
    retryable: target.kind !== 'once',
  })
}

/** The first code in the chain of causes; a connection attempt to several addresses fails as a list. */
function codeOf(failure: unknown): string {
  let current = failure
  for (let depth = 0; depth < 4 && typeof current === 'object' && current !== null; depth++) {
    const { code, cause, errors } = current as { code?: unknown; cause?: unknown; errors?: unknown }
    if (typeof code === 'string') return code
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
  return failure instanceof Error ? failure.name : 'unknown failure'
}
