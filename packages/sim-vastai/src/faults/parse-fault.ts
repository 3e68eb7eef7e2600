import { InvalidInputError } from '@org/core'
import { isJsonObject } from '../wire/json.ts'
import type { Fault, FaultEffect } from './fault.ts'

const statuses = new Set([400, 401, 403, 404, 429, 500, 502, 503, 504])

/** A fault from JSON. @throws {InvalidInputError} `INVALID_FAULT` naming what is wrong. */
export function parseFault(value: unknown): Fault {
  if (!isJsonObject(value)) throw invalid('expected a JSON object')
  const fault: Record<string, unknown> = { ...parseEffect(value) }
  for (const key of ['method', 'path'] as const) {
    const text = value[key]
    if (text === undefined) continue
    if (typeof text !== 'string') throw invalid(`${key}: expected a string`)
    fault[key] = text
  }
  for (const key of ['count', 'skip'] as const) {
    const count = value[key]
    if (count === undefined) continue
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) throw invalid(`${key}: expected a count`)
    fault[key] = count
  }
  const { probability } = value as { readonly probability?: unknown }
  if (probability !== undefined) {
    if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1))
      throw invalid('probability: expected a number from 0 to 1')
    fault['probability'] = probability
  }
  return fault as unknown as Fault
}

function parseEffect(value: Readonly<Record<string, unknown>>): FaultEffect {
  const kind = value['kind']
  switch (kind) {
    case 'reset-before':
    case 'reset-after':
    case 'malformed-json':
    case 'stale-rows':
      return { kind }
    case 'status': {
      const status = value['status']
      if (typeof status !== 'number' || !statuses.has(status))
        throw invalid(`status: expected one of ${[...statuses].join(', ')}`)
      return { kind, status, afterEffect: value['afterEffect'] === true }
    }
    case 'slow':
      return { kind, delayMs: positive(value, 'delayMs') }
    case 'missing-field': {
      const field = value['field']
      if (typeof field !== 'string') throw invalid('field: expected a string')
      return { kind, field }
    }
    case 'truncated-list':
      return value['keep'] === undefined ? { kind } : { kind, keep: positive(value, 'keep') }
    case 'wrong-unit':
      return value['factor'] === undefined ? { kind } : { kind, factor: positive(value, 'factor') }
    default:
      throw invalid(`kind: unknown ${JSON.stringify(kind)}`)
  }
}

function positive(value: Readonly<Record<string, unknown>>, key: string): number {
  const number = value[key]
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0)
    throw invalid(`${key}: expected a number >= 0`)
  return number
}

function invalid(what: string): InvalidInputError {
  return new InvalidInputError({ code: 'INVALID_FAULT', message: `fault: ${what}` })
}
