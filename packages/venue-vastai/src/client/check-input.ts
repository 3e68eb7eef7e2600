import { InvalidInputError } from '@org/core'
import type { z } from 'zod'
import { pathText } from './parse-answer.ts'

/**
 * Reads what a caller passed, before any request is made.
 *
 * @throws {InvalidInputError} `VASTAI_INVALID_INPUT`, every problem with its field in one line.
 */
export function checkInput<Schema extends z.ZodType>(schema: Schema, input: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(issue => {
    const path = pathText(issue.path)
    return path === '' ? issue.message : `${path}: ${issue.message}`
  })
  throw invalidInput(`${what} is not usable: ${problems.join('; ')}`)
}

/** An id as Vast.ai hands them out. @throws {InvalidInputError} unless it is a positive integer. */
export function checkId(id: number, name: string): number {
  if (Number.isSafeInteger(id) && id > 0) return id
  throw invalidInput(`expected ${name} to be a positive integer, was ${String(id)}`)
}

/** At least one id, and not more than go into one request. */
export function checkIds(ids: readonly number[], name: string, countMax: number): readonly number[] {
  if (ids.length === 0 || ids.length > countMax)
    throw invalidInput(`expected 1 to ${countMax} ${name}, were ${ids.length}`)
  for (const id of ids) checkId(id, `each of ${name}`)
  return ids
}

/** A refusal of what the caller wrote. */
export function invalidInput(message: string): InvalidInputError {
  return new InvalidInputError({ code: 'VASTAI_INVALID_INPUT', message })
}
