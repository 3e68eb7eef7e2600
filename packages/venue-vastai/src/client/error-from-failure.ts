import { AbortedError, type AutomationError } from '@org/core'
import type { Endpoint } from './endpoint.ts'
import { lostEffect } from './error-from-answer.ts'
import { VastAiConnectionError, VastAiMalformedResponseError, VastAiTimeoutError } from './errors.ts'

/** Codes of failures before a single byte of the request can have left. */
const neverSent = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Codes that say the same of a connection that was not made, and nothing of one that stood: there they come while the answer is awaited. */
const neverSentByConnect = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])

const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/** What a failure of the network means: nothing left, or the request left and nobody knows. */
export function errorFromFailure(
  target: Endpoint,
  failure: unknown,
  context: { readonly origin: string; readonly signal: AbortSignal | undefined; readonly timeoutMs: number },
): AutomationError {
  const effect = lostEffect(target)
  if (context.signal?.aborted) return new AbortedError({ effect, cause: context.signal.reason })
  const { code, syscall } = causeOf(failure)
  const base = { endpoint: target.name, cause: failure, details: { reason: code } }
  if (neverSent.has(code) || (syscall === 'connect' && neverSentByConnect.has(code)))
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

/** The first code in the chain of causes, and what the system was asked to do; an attempt at several addresses fails as a list. */
function causeOf(failure: unknown): { readonly code: string; readonly syscall: unknown } {
  let current = failure
  for (let depth = 0; depth < 4 && typeof current === 'object' && current !== null; depth++) {
    const { code, syscall, cause, errors } = current as { [name in 'code' | 'syscall' | 'cause' | 'errors']?: unknown }
    const first: unknown = Array.isArray(errors) ? errors[0] : undefined
    if (typeof code === 'string')
      return { code, syscall: syscall ?? (first as { syscall?: unknown } | undefined)?.syscall }
    current = cause ?? first
  }
  return { code: failure instanceof Error ? failure.name : 'unknown failure', syscall: undefined }
}
