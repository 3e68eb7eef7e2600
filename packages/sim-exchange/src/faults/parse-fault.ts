import { InvalidInputError } from '@org/core'
import type { Fault, FaultEffect } from './fault.ts'

const statuses = new Set([400, 401, 403, 404, 418, 429, 500, 502, 503, 504])

type Fields = Readonly<Record<string, unknown>>

/** A fault from JSON. @throws {InvalidInputError} `INVALID_FAULT` naming what is wrong. */
export function parseFault(value: unknown): Fault {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('expected a JSON object')
  const fields = value as Fields
  const method = optional(fields, 'method', isText, 'a string')
  const path = optional(fields, 'path', isText, 'a string')
  const count = optional(fields, 'count', isCount, 'a count')
  const skip = optional(fields, 'skip', isCount, 'a count')
  const probability = optional(fields, 'probability', isShare, 'a number from 0 to 1')
  return {
    ...parseEffect(fields),
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
    ...(count === undefined ? {} : { count }),
    ...(skip === undefined ? {} : { skip }),
    ...(probability === undefined ? {} : { probability }),
  }
}

function parseEffect(fields: Fields): FaultEffect {
  const kind = fields['kind']
  switch (kind) {
    case 'reset-before':
    case 'reset-after':
    case 'malformed-json':
    case 'stale-rows':
    case 'crossed-book':
    case 'maintenance':
      return { kind }
    case 'status': {
      const status = fields['status']
      if (typeof status !== 'number' || !statuses.has(status))
        throw invalid(`status: expected one of ${[...statuses].join(', ')}`)
      return { kind, status, afterEffect: fields['afterEffect'] === true }
    }
    case 'slow':
      return { kind, delayMs: required(fields, 'delayMs', isAmount, 'a number >= 0') }
    case 'missing-field':
      return { kind, field: required(fields, 'field', isText, 'a string') }
    case 'truncated-list': {
      const keep = optional(fields, 'keep', isCount, 'a count')
      return keep === undefined ? { kind } : { kind, keep }
    }
    default:
      throw invalid(`kind: unknown ${JSON.stringify(kind)}`)
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0
const isCount = (value: unknown): value is number => isAmount(value) && Number.isInteger(value)
const isShare = (value: unknown): value is number => isAmount(value) && value <= 1

function optional<T>(fields: Fields, name: string, is: (value: unknown) => value is T, what: string): T | undefined {
  return fields[name] === undefined ? undefined : required(fields, name, is, what)
}

function required<T>(fields: Fields, name: string, is: (value: unknown) => value is T, what: string): T {
  const value = fields[name]
  if (!is(value)) throw invalid(`${name}: expected ${what}`)
  return value
}

function invalid(what: string): InvalidInputError {
  return new InvalidInputError({ code: 'INVALID_FAULT', message: `fault: ${what}` })
}
