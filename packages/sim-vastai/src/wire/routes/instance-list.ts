import { json } from '../answer.ts'
import type { Call, Route } from '../call.ts'
import { isJsonObject, type Json, type JsonObject, parseJson } from '../json.ts'
import { ownContract, ownContracts } from '../own-contract.ts'
import { type Query, queryNumber, queryObject } from '../query.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments, Refused } from '../refused.ts'
import { instanceRow } from '../rows/instance-row.ts'
import { compileFilter } from '../search/compile-filter.ts'
import { defineFields, type FieldType } from '../search/field.ts'
import { compileOrder } from '../search/order-rows.ts'

/** Rows of one page of the v1 list. */
export const PAGE_ROWS_MAX = 25
const PAGE_ROWS_FALLBACK = 5

type Row = Record<string, unknown>

/** Reading instances. */
export const instanceListRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/instances',
    access: 'instance_read',
    limit: every(1),
    handle: call => (call.version === 0 ? listAll(call) : listPage(call)),
  },
  { method: 'GET', path: '/instances/filters', access: 'instance_read', handle: filters },
  { method: 'GET', path: '/instances/:id', access: 'instance_read', limit: every(2), handle: one },
  {
    method: 'GET',
    path: '/instances/balance/:id',
    access: 'billing_read',
    limit: every(3),
    handle: call => {
      const contract = ownContract(call, call.params[0])
      return json({
        success: true,
        instance_id: contract.id,
        refundable_deposit: 0,
        total_discount: contract.discount,
        discount_months: 0,
      })
    },
  },
  {
    method: 'POST',
    path: '/contracts/fetch',
    access: 'instance_read',
    changes: false,
    handle: call => {
      const label = call.body['label']
      const ids = call.body['contract_ids']
      const rows = rowsOf(call).filter(
        row =>
          (label === undefined || row['label'] === label) &&
          (!Array.isArray(ids) || (ids as readonly Json[]).includes(row['id'] as number)),
      )
      return json({ success: true, contracts: rows })
    },
  },
]

function rowsOf(call: Call): Row[] {
  return ownContracts(call).map(contract => instanceRow(call.simulation, contract))
}

function listAll(call: Call) {
  return json({ instances: rowsOf(call) })
}

/** One instance is one object under `instances`, not a list; null when there is none. */
function one(call: Call) {
  const id = Number(call.params[0])
  const contract = ownContracts(call).find(each => each.id === id)
  return json({ instances: contract === undefined ? null : instanceRow(call.simulation, contract) })
}

function filters(call: Call) {
  const seen = new Map<string, object>()
  for (const { actual_status, verification, gpu_name } of rowsOf(call) as { [key: string]: unknown }[])
    seen.set(`${actual_status}|${verification}|${gpu_name}`, { actual_status, verification, gpu_name })
  return json({ filters: [...seen.values()] })
}

const columnTypes: Readonly<Record<string, FieldType>> = {
  id: 'number',
  machine_id: 'number',
  host_id: 'number',
  template_id: 'number',
  template_hash_id: 'text',
  template_name: 'text',
  label: 'text',
  actual_status: 'text',
  intended_status: 'text',
  cur_state: 'text',
  next_state: 'text',
  gpu_name: 'gpu-name',
  verification: 'text',
  geolocation: 'place',
  image_uuid: 'text',
  image_runtype: 'text',
  is_bid: 'flag',
  start_date: 'number',
  end_date: 'number',
  public_ipaddr: 'text',
  ssh_host: 'text',
  disk_space: 'number',
}

const fields = defineFields<Row>(
  Object.fromEntries(Object.entries(columnTypes).map(([name, type]) => [name, [type, (row: Row) => row[name]]])),
)

function listPage(call: Call) {
  const { query } = call
  const select = queryObject(query, 'select_filters')
  const filter = compileFilter(select, fields, new Set())
  const [unusable] = filter.ignoredFields
  if (unusable !== undefined) throw invalidArguments(`Column ${unusable} cannot be used in select_filters`)
  const all = rowsOf(call)
  const matched = all.filter(filter.matches).sort(compileOrder(readOrder(query), fields))
  const limit = pageRows(query)
  const from = readToken(query.get('after_token'), matched)
  const page = matched.slice(from, from + limit)
  const labelCounts: Record<string, number> = {}
  for (const row of all) {
    const label = String(row['label'] ?? '')
    labelCounts[label] = (labelCounts[label] ?? 0) + 1
  }
  const columns = readColumns(query)
  const last = page.at(-1)
  return json({
    success: true,
    instances: columns === undefined ? page : page.map(row => pick(row, columns)),
    instances_found: matched.length,
    total_instances: all.length,
    label_counts: labelCounts,
    next_token: from + limit < matched.length && last !== undefined ? makeToken(last, from + limit) : null,
  })
}

function pageRows(query: Query): number {
  const limit = queryNumber(query, 'limit') ?? PAGE_ROWS_MAX
  return limit <= 0 ? PAGE_ROWS_FALLBACK : Math.min(PAGE_ROWS_MAX, Math.floor(limit))
}

function readOrder(query: Query): Json {
  const text = query.get('order_by')
  if (text === undefined) return [['id', 'asc']]
  const value = parseJson(text)
  if (value === undefined) throw invalidArguments('Invalid order_by: expected a JSON list')
  return value
}

function readColumns(query: Query): readonly string[] | undefined {
  const text = query.get('select_cols')
  if (text === undefined) return undefined
  const value = parseJson(text)
  if (!Array.isArray(value)) throw invalidArguments('Invalid select_cols: expected a JSON list')
  const columns = (value as readonly Json[]).map(String)
  return columns.includes('*') ? undefined : columns
}

/** Columns that do not exist read null. */
function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map(name => [name, row[name] ?? null]))
}

function makeToken(last: Row, offset: number): string {
  return Buffer.from(JSON.stringify({ values: { id: last['id'] }, offset })).toString('base64')
}

/** Where the next page begins: after the last row shown, which may have moved, or at its old place when it is gone. */
function readToken(token: string | undefined, rows: readonly Row[]): number {
  if (token === undefined || token === '' || token === 'null') return 0
  const value = parseJson(Buffer.from(token, 'base64').toString())
  const offset = isJsonObject(value) ? value['offset'] : undefined
  const values = isJsonObject(value) ? (value['values'] as JsonObject | undefined) : undefined
  if (typeof offset !== 'number' || !isJsonObject(values))
    throw new Refused(400, 'invalid_token', 'Invalid pagination token')
  const index = rows.findIndex(row => row['id'] === values['id'])
  return index === -1 ? offset : index + 1
}
