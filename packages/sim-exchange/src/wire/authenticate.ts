import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ApiKey, KeyRing } from './key-ring.ts'
import type { Params } from './params.ts'
import { refusals, WireError } from './wire-error.ts'

const RECV_WINDOW_MS = 5_000
const RECV_WINDOW_MS_MAX = 60_000
const AHEAD_MS_MAX = 1_000

/** What a signed request shows. */
export interface Signed {
  readonly apiKey: string | undefined
  /** The text that was signed, without the signature. */
  readonly payload: string
  readonly params: Params
}

/** The key behind a request that shows a key alone. */
export function findKey(keys: KeyRing, apiKey: string | undefined): ApiKey {
  if (apiKey === undefined || !/^[A-Za-z0-9]{10,128}$/.test(apiKey)) throw refusals.keyFormat()
  const key = keys.find(apiKey)
  if (key === undefined) throw refusals.key()
  return key
}

/** The key behind a signed request; checks in the exchange's order: key, parameters, time, signature. */
export function authenticate(keys: KeyRing, signed: Signed, serverMs: number): ApiKey {
  const key = findKey(keys, signed.apiKey)
  const { params } = signed
  const signature = params.required('signature')
  const timestamp = params.integer('timestamp')
  if (timestamp === undefined) throw refusals.missing('timestamp')
  const recvWindow = params.integer('recvWindow') ?? RECV_WINDOW_MS
  if (recvWindow > RECV_WINDOW_MS_MAX) throw new WireError(-1131, 'recvWindow must be less than 60000.')
  if (timestamp >= serverMs + AHEAD_MS_MAX) throw refusals.timestampAhead()
  if (serverMs - timestamp > recvWindow) throw refusals.timestamp()
  if (!isSignature(signature, createHmac('sha256', key.secret).update(signed.payload).digest()))
    throw refusals.signature()
  return key
}

function isSignature(text: string, expected: Buffer): boolean {
  const given = Buffer.from(text, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
