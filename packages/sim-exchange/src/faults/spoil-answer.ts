import { type Answer, json } from '../wire/answer.ts'
import type { Hit } from './fault-plan.ts'

const REMEMBERED_MAX = 100

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** The answer of a `status` fault: the exchange's own words where it has some, a gateway's page where it has none. */
export function statusAnswer(status: number): Answer {
  switch (status) {
    case 400:
      return json({ code: -1000, msg: 'An unknown error occurred while processing the request.' }, 400)
    case 401:
      return json({ code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' }, 401)
    case 418:
      return json({ code: -1003, msg: 'Way too much request weight used; IP banned.' }, 418, { 'Retry-After': '120' })
    case 429:
      return json({ code: -1003, msg: 'Too much request weight used.' }, 429, { 'Retry-After': '5' })
    case 503:
      return json({ code: -1001, msg: 'Internal error; unable to process your request. Please try again.' }, 503)
    default:
      return { status, body: `<html><h1>${status}</h1></html>`, headers: { 'Content-Type': 'text/html' } }
  }
}

/** Refuses as the exchange does while it is being worked on. */
export const maintenanceAnswer: Answer = json({ code: 1, msg: 'System is under maintenance.' }, 503)

/** Applies the faults that change what is said, not what is done. `request` names the request for stale answers. */
export function spoilAnswer(answer: Answer, hits: readonly Hit[], request: string): Answer {
  let spoiled = answer
  for (const hit of hits) spoiled = spoilOnce(spoiled, hit, request)
  return spoiled
}

function spoilOnce(answer: Answer, { fault, remembered }: Hit, request: string): Answer {
  switch (fault.kind) {
    case 'status':
      return fault.afterEffect ? statusAnswer(fault.status) : answer
    case 'malformed-json':
      return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
    case 'missing-field':
      return rewrite(answer, value => withoutField(value, fault.field))
    case 'truncated-list':
      return rewrite(answer, value => truncated(value, fault.keep ?? 1))
    case 'crossed-book':
      return rewrite(answer, crossed)
    case 'stale-rows': {
      const earlier = remembered.get(request)
      if (earlier !== undefined) return { ...answer, body: earlier }
      if (remembered.size < REMEMBERED_MAX) remembered.set(request, answer.body)
      return answer
    }
    default:
      return answer
  }
}

function rewrite(answer: Answer, change: (value: Json) => Json): Answer {
  return answer.status >= 400 ? answer : { ...answer, body: JSON.stringify(change(JSON.parse(answer.body) as Json)) }
}

function withoutField(value: Json, field: string): Json {
  return mapValues(value, (inner, key) => (key === field ? undefined : withoutField(inner, field)))
}

function truncated(value: Json, keep: number): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).slice(0, keep)
  return mapValues(value, inner => truncated(inner, keep))
}

const otherSide = new Map([
  ['bids', 'asks'],
  ['asks', 'bids'],
  ['bidPrice', 'askPrice'],
  ['askPrice', 'bidPrice'],
])

function crossed(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return (value as readonly Json[]).map(crossed)
  const row = value as { readonly [key: string]: Json }
  return mapValues(row, (inner, key) => row[otherSide.get(key ?? '') ?? ''] ?? inner)
}

/** `key` is absent for items of a list. */
function mapValues(value: Json, change: (inner: Json, key?: string) => Json | undefined): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return (value as readonly Json[]).map(item => change(item) ?? null)
  const changed: Record<string, Json> = {}
  for (const [key, inner] of Object.entries(value as { readonly [key: string]: Json })) {
    const kept = change(inner, key)
    if (kept !== undefined) changed[key] = kept
  }
  return changed
}
