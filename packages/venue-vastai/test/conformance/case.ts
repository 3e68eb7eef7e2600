import { readFileSync } from 'node:fs'
import { z } from 'zod'

const caseSchema = z.object({
  id: z.string(),
  /** The command line that was run. */
  cli: z.string(),
  method: z.string(),
  path: z.string(),
  /** Decoded texts; several are JSON. */
  query: z.record(z.string(), z.string()),
  /** `null`: none was sent. */
  body: z.unknown(),
  headers: z.record(z.string(), z.string()).optional(),
  /** `2/3`: the second of three requests of the command. */
  step: z.string().optional(),
})

/** One request that the official client was seen to make. */
export type Case = z.output<typeof caseSchema>

/** The cases of a file. @throws when it is not of the known form. */
export function readCases(file: string): readonly Case[] {
  return z.object({ cases: z.array(caseSchema) }).parse(JSON.parse(readFileSync(file, 'utf8'))).cases
}

/** Which request of its command a case is, counted from 0. */
export function stepOf(each: Case): number {
  return Number(each.step?.split('/')[0] ?? '1') - 1
}
