import { invalidInput } from '../client/check-input.ts'
import type { WireOperator } from './wire-filter.ts'

/** One comparison as it was written. */
export interface Comparison {
  readonly field: string
  readonly operator: WireOperator
  /** As written, still with its quotes or brackets. */
  readonly value: string
}

const symbols: Readonly<Record<string, WireOperator>> = {
  '=': 'eq',
  '==': 'eq',
  '!=': 'neq',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
}

// Two-word forms first: "not in" begins like nothing else, "noteq" like "not eq".
const words: readonly (readonly [RegExp, WireOperator])[] = [
  [/ +not ?in +/y, 'notin'],
  [/ +not ?eq +/y, 'neq'],
  [/ +nin +/y, 'notin'],
  [/ +neq +/y, 'neq'],
  [/ +gte +/y, 'gte'],
  [/ +lte +/y, 'lte'],
  [/ +gt +/y, 'gt'],
  [/ +lt +/y, 'lt'],
  [/ +eq +/y, 'eq'],
  [/ +in +/y, 'in'],
]

/**
 * Splits a query into comparisons: `field operator value`, blanks between them free.
 *
 * @throws {InvalidInputError} for anything that is left over, naming it.
 */
export function readComparisons(query: string): readonly Comparison[] {
  const text = query.trim()
  const comparisons: Comparison[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  while (at < text.length) {
    const field = take(/[A-Za-z0-9_]+/y)
    if (field === undefined) throw unreadable(text, at, 'a field name')
    const operator = readOperator(take)
    if (operator === undefined) throw unreadable(text, at, `an operator such as = or >= after ${field}`)
    take(/ */y)
    const value = take(/\[[^\]]+\]|"[^"]+"|[^ ]+/y)
    if (value === undefined) throw unreadable(text, at, `a value for ${field}`)
    take(/ */y)
    comparisons.push({ field, operator, value })
  }
  return comparisons
}

function readOperator(take: (pattern: RegExp) => string | undefined): WireOperator | undefined {
  const symbol = take(/ *[=><!]+/y)
  if (symbol !== undefined) return symbols[symbol.trim()]
  for (const [pattern, operator] of words) if (take(pattern) !== undefined) return operator
  return undefined
}

function unreadable(text: string, at: number, wanted: string): Error {
  const rest = text.slice(at, at + 40)
  return invalidInput(
    `expected ${wanted} in the query, was ${rest === '' ? 'its end' : JSON.stringify(rest)}; write comparisons such as gpu_name=RTX_4090 dph<0.6`,
  )
}
