import type { ErrorEffect } from '@org/core'
import type { Endpoint } from './endpoint.ts'
import {
  VastAiAuthenticationError,
  type VastAiError,
  type VastAiErrorOptions,
  VastAiInvalidArgumentsError,
  VastAiNotFoundError,
  VastAiOfferGoneError,
  VastAiPermissionError,
  VastAiRateLimitError,
  VastAiRefusedError,
  VastAiServerError,
} from './errors.ts'
import { permissionFor } from './permission-for.ts'

/** An answer that is not a success. */
export interface RefusingAnswer {
  readonly status: number
  /** Body, with secrets already taken out. */
  readonly text: string
  /** Value of the `retry-after` header, if a proxy sent one. */
  readonly retryAfter?: string | undefined
}

/** What a lost answer to this endpoint means for its effect. */
export function lostEffect(target: Endpoint): ErrorEffect {
  return target.kind === 'read' ? 'none' : 'unknown'
}

/** The error that a refusing answer means. */
export function errorFromAnswer(target: Endpoint, answer: RefusingAnswer): VastAiError {
  const { status } = answer
  const { error, msg } = readRefusal(answer.text)
  const said = msg ?? error ?? `status ${status}`
  const base = { endpoint: target.name, status, details: { error, msg } }
  const refused = (what: string): VastAiErrorOptions => ({ ...base, message: `${target.name}: ${what}` })

  if (status === 429) return rateLimitError(target, answer, base)
  if (status === 408 || status >= 500)
    return new VastAiServerError({
      ...base,
      message: `${target.name}: Vast.ai answered ${status} (${said}); try again later`,
      effect: lostEffect(target),
      retryable: target.kind !== 'once',
    })
  if (status === 401 || /invalid user key|session expired/i.test(said)) return authenticationError(target, base, said)
  if (status === 403)
    return new VastAiPermissionError(refused(`not permitted (${said}); ${permissionHint(target, said)}`))
  if (/no_such_ask|no longer available/i.test(`${error} ${said}`))
    return new VastAiOfferGoneError(refused(`the offer is gone (${said}); search again`))
  if (error === 'no_pending_price_increase')
    return new VastAiNotFoundError(refused('no such pending price increase any more; list them again'))
  if (status === 404) return new VastAiNotFoundError(refused(`not found (${said})`))
  if ((status === 400 || status === 422) && error !== 'GPU conflict' && error !== 'missing_billing')
    return new VastAiInvalidArgumentsError(refused(`arguments refused (${said})`))
  if (status >= 300 && status < 400) return new VastAiRefusedError(refused(`redirected (${status}); check baseUrl`))
  return new VastAiRefusedError(refused(said))
}

/** Vast.ai says `success: false` with status 200 as well; nothing happened then. */
export function errorFromRefusal(target: Endpoint, text: string): VastAiError {
  const { error, msg } = readRefusal(text)
  const known =
    error !== undefined && /^(auth_error|no_such_|invalid_|no_pending_|not_authorized|label_too_long)/.exec(error)?.[1]
  const status = {
    auth_error: 401,
    no_such_: 404,
    invalid_: 400,
    no_pending_: 404,
    not_authorized: 403,
    label_too_long: 400,
  }
  return errorFromAnswer(target, {
    status: status[known as keyof typeof status] ?? 200,
    text: msg === undefined && error === undefined ? '{"msg":"refused without a reason"}' : text,
  })
}

function authenticationError(target: Endpoint, base: Omit<VastAiErrorOptions, 'message'>, said: string): VastAiError {
  // Market metrics are for hosts: a right key of a renter gets 401 there.
  const advice = target.route.startsWith('/metrics/')
    ? 'only keys of hosts with a machine may read market metrics'
    : 'set VAST_AI_API_KEY to a key from https://console.vast.ai/manage-keys/'
  return new VastAiAuthenticationError({
    ...base,
    message: `${target.name}: the API key was not accepted (${said}); ${advice}`,
  })
}

function permissionHint(target: Endpoint, said: string): string {
  return /own machines|machine owner|not your own/i.test(said)
    ? 'a host may only do this with machines of its own'
    : `the key needs the permission group ${permissionFor(target)}`
}

function rateLimitError(
  target: Endpoint,
  answer: RefusingAnswer,
  base: Omit<VastAiErrorOptions, 'message'>,
): VastAiRateLimitError {
  const thresholdMs = readThreshold(answer)
  const limit = thresholdMs === undefined ? '' : ` (at most one call in ${thresholdMs / 1000} s)`
  return new VastAiRateLimitError({
    ...base,
    message: `${target.name}: called too often${limit}; scan less often, or stop other programs that use this key`,
    retryable: true,
    ...(thresholdMs === undefined ? {} : { retryAfterMs: thresholdMs }),
  })
}

/** The throttle answers in plain text: `API requests too frequent: endpoint threshold=4.5`, seconds between two calls. */
function readThreshold(answer: RefusingAnswer): number | undefined {
  const match = /threshold\s*=\s*(\d+(?:\.\d+)?)(?:\s*per\s*(\d+(?:\.\d+)?)\s*s)?/i.exec(answer.text)
  const seconds =
    match === null
      ? Number(answer.retryAfter ?? Number.NaN)
      : match[2] === undefined
        ? Number(match[1])
        : Number(match[2]) / Number(match[1])
  // An hour is no interval between two calls: something else was meant.
  return seconds > 0 && seconds <= 3600 ? seconds * 1000 : undefined
}

interface Refusal {
  readonly error: string | undefined
  readonly msg: string | undefined
}

function readRefusal(text: string): Refusal {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  if (typeof body !== 'object' || body === null)
    // An HTML page of a proxy says nothing in one line.
    return { error: undefined, msg: text.trimStart().startsWith('<') ? undefined : oneLine(text) }
  const { error, msg, message, detail } = body as Record<string, unknown>
  return { error: oneLine(error), msg: oneLine(msg) ?? oneLine(message) ?? oneLine(detail) }
}

function oneLine(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined
  return value.replace(/\s+/g, ' ').trim().slice(0, 300)
}
