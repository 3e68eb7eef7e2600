import type { Payment } from '../account-book.ts'
import { json } from '../answer.ts'
import type { Call, Route } from '../call.ts'
import { isJsonObject, type JsonObject, parseJson } from '../json.ts'
import { type Query, queryFlag, queryNumber, queryObject } from '../query.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments, Refused } from '../refused.ts'
import { compileFilter } from '../search/compile-filter.ts'
import { defineFields } from '../search/field.ts'

const PAGE_ROWS_MAX = 100

/** Money paid and owed. */
export const invoiceRoutes: readonly Route[] = [
  { method: 'GET', path: '/users/me/invoices', access: 'billing_read', handle: classic },
  {
    method: 'GET',
    path: '/invoices',
    access: 'billing_read',
    limit: every(3),
    handle: call => (call.version === 0 ? searched(call) : page('when', call.query, payments(call))),
  },
  {
    method: 'GET',
    path: '/charges',
    access: 'billing_read',
    limit: every(1),
    handle: call => page('day', call.query, charges(call)),
  },
]

interface Entry {
  readonly id: number
  readonly start: number
  readonly end: number | null
  readonly type: string
  readonly source: string
  readonly description: string
  readonly amount: number
  readonly items: readonly object[]
  readonly metadata: JsonObject
}

function classic(call: Call) {
  const { query } = call
  const fromS = queryNumber(query, 'sdate') ?? 0
  const toS = queryNumber(query, 'edate') ?? call.nowMs / 1000
  const includesCharges = queryFlag(query, 'inc_charges', true)
  const paid = [...call.caller.book.payments].map(payment => ({
    description: payment.description,
    quantity: '1',
    rate: String(payment.amountUsd),
    amount: String(payment.amountUsd),
    timestamp: payment.whenS,
    type: 'payment',
    ...(payment.instanceId === undefined ? {} : { instance_id: payment.instanceId }),
  }))
  const owed = includesCharges
    ? charges(call).map(charge => ({
        description: charge.description,
        quantity: '1',
        rate: String(charge.amount),
        amount: String(charge.amount),
        timestamp: charge.start,
        type: 'charge',
        instance_id: charge.metadata['instance_id'],
      }))
    : []
  const charged = charges(call).reduce((sum, charge) => sum + charge.amount, 0)
  return json({
    invoices: [...paid, ...owed].filter(row => row.timestamp >= fromS && row.timestamp <= toS),
    current: { charges: charged, service_fee: 0, total: charged, credit: 0 },
  })
}

const columns = defineFields<Entry>({
  id: ['number', entry => entry.id],
  when: ['number', entry => entry.start],
  day: ['number', entry => entry.start],
  service: ['text', entry => entry.metadata['service']],
  type: ['text', entry => entry.type],
  amount_cents: ['number', entry => entry.amount * 100],
})

function searched(call: Call) {
  const filter = compileFilter(queryObject(call.query, 'select_filters'), columns, new Set())
  return json({ success: true, invoices: payments(call).filter(filter.matches) })
}

/** A bad date range is HTTP 200 with `success` false, as documented. */
function page(dateColumn: 'when' | 'day', query: Query, entries: readonly Entry[]) {
  const select = queryObject(query, 'select_filters')
  const range = select[dateColumn]
  if (!isJsonObject(range) || Object.keys(range).length === 0)
    return json({ success: false, error: 'Invalid date range', count: 0, total: 0, results: [], next_token: null })
  const filter = compileFilter(select, columns, new Set())
  const [unusable] = filter.ignoredFields
  if (unusable !== undefined) throw invalidArguments(`Column ${unusable} cannot be used in select_filters`)
  const sign = queryFlag(query, 'latest_first') ? -1 : 1
  const matched = entries.filter(filter.matches).sort((a, b) => sign * (a.start - b.start || a.id - b.id))
  const limit = Math.min(PAGE_ROWS_MAX, Math.max(1, queryNumber(query, 'limit') ?? 20))
  const from = readToken(query.get('after_token'))
  const results = matched.slice(from, from + limit)
  const next = from + limit < matched.length ? Buffer.from(JSON.stringify({ offset: from + limit })) : undefined
  return json({
    success: true,
    count: results.length,
    total: matched.length,
    results: results.map(({ id: _, ...entry }) => entry),
    next_token: next === undefined ? null : next.toString('base64'),
  })
}

function readToken(token: string | undefined): number {
  if (token === undefined || token === '' || token === 'null') return 0
  const value = parseJson(Buffer.from(token, 'base64').toString())
  const offset = isJsonObject(value) ? value['offset'] : undefined
  if (typeof offset !== 'number' || offset < 0) throw new Refused(400, 'invalid_token', 'Invalid pagination token')
  return offset
}

function payments(call: Call): Entry[] {
  return [...call.caller.book.payments].map((payment: Payment) => ({
    id: payment.id,
    start: payment.whenS,
    end: payment.whenS,
    type: payment.service === 'instance_prepay' ? 'reserved' : payment.service === 'transfer' ? 'transfer' : 'credit',
    source: payment.service === 'stripe_payments' ? 'stripe' : payment.service,
    description: payment.description,
    amount: payment.amountUsd,
    items: [],
    metadata: { invoice_id: payment.id, service: payment.service },
  }))
}

/** What the instances that still exist have cost so far. */
function charges(call: Call): Entry[] {
  return call.simulation.world.contracts({ accountId: call.caller.account.id }).map(contract => ({
    id: contract.id,
    start: contract.startMs / 1000,
    end: call.nowMs / 1000,
    type: 'instance',
    source: `instance-${contract.id}`,
    description: `Instance ${contract.id} charges`,
    amount: contract.paidUsd,
    items: [],
    metadata: { instance_id: contract.id, label: contract.label ?? null },
  }))
}
