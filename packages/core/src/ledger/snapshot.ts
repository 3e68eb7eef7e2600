import { AutomationError } from '../errors/automation-error.ts'
import { emptyLedger } from './evolve.ts'
import type { LedgerState } from './ledger-state.ts'

/**
 * The form that {@link ledgerToText} writes. A snapshot of another form is not read: the journal before it is replayed instead. Raise
 * the number when a field keeps its name and changes its meaning; new and lost fields of the state show by themselves.
 */
export const ledgerFormat = `3:${Object.keys(emptyLedger()).sort().join(',')}`

/**
 * The whole ledger as JSON text, so that a store need not replay all of history at start.
 *
 * It knows nothing of what the ledger holds: maps, sets, arrays, plain objects and JSON values pass. A thing that may change must be
 * reachable by one way only, or it is two things after reading back.
 *
 * @example
 * const copy = ledgerFromText(ledgerToText(state)) // equal to `state`, shares nothing with it
 */
export function ledgerToText(state: LedgerState): string {
  const members = Object.entries(state).map(([field, value]) => `${JSON.stringify(field)}:${fieldToText(value)}`)
  return `{${members.join(',')}}`
}

/** Ids that have ended come by the hundred thousand: where nothing needs a mark, a look at each value would take most of the time. */
function fieldToText(field: unknown): string {
  if (field instanceof Map && isText(field.values())) return `{"$map":${JSON.stringify([...field])}}`
  if (field instanceof Set && isText(field)) return `{"$set":${JSON.stringify([...field])}}`
  return JSON.stringify(field, (_key, value: unknown) => marked(value))
}

function isText(values: Iterable<unknown>): boolean {
  for (const value of values) if (typeof value !== 'string') return false
  return true
}

function marked(value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value] }
  if (value instanceof Set) return { $set: [...value] }
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
  // Parameters of intents may hold any key, also one of ours.
  if (isRecord(value) && markOf(value) !== undefined) return { $object: Object.entries(value) }
  return value
}

/**
 * @throws {AutomationError} `LEDGER_SNAPSHOT_INVALID` for text that {@link ledgerToText} did not write.
 */
export function ledgerFromText(text: string): LedgerState {
  try {
    const state = restored(JSON.parse(text)) as LedgerState
    const missing = Object.keys(emptyLedger()).find(field => !Object.hasOwn(state, field))
    if (missing !== undefined) throw new Error(`${missing} is missing`)
    return state
  } catch (cause) {
    throw new AutomationError({
      code: 'LEDGER_SNAPSHOT_INVALID',
      message: 'the snapshot of the ledger cannot be read: replay the journal instead',
      cause,
    })
  }
}

/** What marks stand for, in place and from the inside out; a reviver of `JSON.parse` does the same ten times as slowly. */
function restored(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (typeof value[i] === 'object') value[i] = restored(value[i])
    return value
  }
  const record = value as Record<string, unknown>
  // Each is an own property already, `__proto__` too: nothing but its value changes.
  for (const key of Object.keys(record)) if (typeof record[key] === 'object') record[key] = restored(record[key])
  return unmark(record)
}

type Mark = '$map' | '$set' | '$number' | '$object'

/** The mark of an object that has nothing but one. */
function markOf(value: Record<string, unknown>): Mark | undefined {
  let only: string | undefined
  for (const key in value) {
    if (only !== undefined) return undefined
    only = key
  }
  return only === '$map' || only === '$set' || only === '$number' || only === '$object' ? only : undefined
}

function unmark(value: Record<string, unknown>): unknown {
  switch (markOf(value)) {
    case '$map':
      return new Map(value['$map'] as [unknown, unknown][])
    case '$set':
      return new Set(value['$set'] as unknown[])
    case '$number':
      return Number(value['$number'])
    case '$object':
      return Object.fromEntries(value['$object'] as [string, unknown][])
    case undefined:
      return value
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
