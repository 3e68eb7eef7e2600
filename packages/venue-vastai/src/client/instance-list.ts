import type { z } from 'zod'
import type { instancePageSchema } from '../wire/instance.ts'
import { invalidInput } from './check-input.ts'
import type { QueryValues } from './query-text.ts'

/** Which instances, in which order, and what of them. */
export interface InstanceSearch {
  /** All that are given must hold; `null` among labels means unlabelled. */
  readonly filter?:
    | {
        readonly actual_status?: readonly string[] | undefined
        readonly label?: readonly (string | null)[] | undefined
        readonly gpu_name?: readonly string[] | undefined
        readonly verification?: readonly string[] | undefined
      }
    | undefined
  /** @default by id */
  readonly order?: readonly (readonly [column: string, direction: 'asc' | 'desc'])[] | undefined
  /** Only these fields; `id` comes always. @default all */
  readonly columns?: readonly string[] | undefined
  /** Rows of one page, 1 to 25. @default 25 */
  readonly pageSize?: number | undefined
  /** `next_token` of the page before. */
  readonly after?: string | undefined
}

/** Pages read at most when all instances are listed: 10,000 instances. */
export const pagesMax = 400
const pageSizeMax = 25

export type InstancePageAnswer = z.output<typeof instancePageSchema>

/** The query of one page. */
export function instanceListQuery(search: InstanceSearch): QueryValues {
  const pageSize = search.pageSize ?? pageSizeMax
  if (!(Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= pageSizeMax))
    throw invalidInput(`expected pageSize to be an integer from 1 to ${pageSizeMax}, was ${String(pageSize)}`)
  const filters: Record<string, unknown> = {}
  for (const [column, values] of Object.entries(search.filter ?? {}))
    if (values !== undefined) filters[column] = { in: values }
  const order = (search.order ?? []).map(([col, dir]) => ({ col, dir }))
  // Rows that compare equal must not change places between two pages.
  if (!order.some(({ col }) => col === 'id')) order.push({ col: 'id', dir: 'asc' })
  const { columns } = search
  return {
    select_filters: filters,
    order_by: order,
    limit: pageSize,
    select_cols: columns === undefined || columns.includes('id') ? columns : ['id', ...columns],
    after_token: search.after,
  }
}
