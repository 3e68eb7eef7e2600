import { type Answer, json, plainText } from '../wire/answer.ts'
import { type Json, parseJson } from '../wire/json.ts'
import type { Hit } from './fault-plan.ts'

const REMEMBERED_MAX = 100

const priceFields = new Set([
  'dph_base',
  'dph_total',
  'dph_total_adj',
  'discounted_dph_total',
  'discounted_hourly',
  'min_bid',
  'storage_cost',
  'storage_total_cost',
  'vram_costperhour',
  'gpuCostPerHour',
  'diskHour',
  'totalHour',
  'discountTotalHour',
  'discountedTotalPerHour',
  'listed_gpu_cost',
  'listed_storage_cost',
  'listed_volume_cost',
  'min_bid_price',
  'price_p10',
  'price_p25',
  'price_median',
  'price_p75',
  'price_p90',
])

/** The answer of a `status` fault. */
export function statusAnswer(status: number): Answer {
  if (status === 429) return plainText('API requests too frequent: endpoint threshold=2.0', 429)
  if (status >= 500) return plainText(status === 502 ? 'Bad Gateway' : 'Internal Server Error', status)
  const [error, msg] =
    status === 401
      ? ['auth_error', 'Invalid user key']
      : status === 403
        ? ['not_authorized', 'You do not have permission to do this']
        : ['not_found', 'No such resource']
  return json({ success: false, error, msg }, status)
}

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
    case 'wrong-unit':
      return rewrite(answer, value => scaled(value, fault.factor ?? 100))
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
  const value = answer.contentType === 'application/json' ? parseJson(answer.body) : undefined
  return value === undefined ? answer : { ...answer, body: JSON.stringify(change(value)) }
}

function withoutField(value: Json, field: string): Json {
  return mapObject(
    value,
    ([key, inner]) => (key === field ? undefined : [key, withoutField(inner, field)]),
    inner => withoutField(inner, field),
  )
}

function scaled(value: Json, factor: number): Json {
  return mapObject(
    value,
    ([key, inner]) => [key, typeof inner === 'number' && priceFields.has(key) ? inner * factor : scaled(inner, factor)],
    inner => scaled(inner, factor),
  )
}

function truncated(value: Json, keep: number): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).slice(0, keep)
  return mapObject(
    value,
    ([key, inner]) => [key, truncated(inner, keep)],
    inner => inner,
  )
}

function mapObject(
  value: Json,
  change: (entry: readonly [string, Json]) => readonly [string, Json] | undefined,
  changeItem: (item: Json) => Json,
): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(changeItem)
  if (typeof value !== 'object' || value === null) return value
  const changed: Record<string, Json> = {}
  for (const entry of Object.entries(value)) {
    const kept = change(entry)
    if (kept !== undefined) changed[kept[0]] = kept[1]
  }
  return changed
}
