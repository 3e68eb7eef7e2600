import { InvalidInputError } from '@org/core'
import { z } from 'zod'
import { listingTermsSchema } from '../actions/listing-terms.ts'
import type { VastAiQueries } from '../actions/queries.ts'

const machineId = z.number().int().positive()
const day = z.number().int().min(0)

const querySchemas = {
  'market-rate': z.strictObject({
    model: z.string().min(1),
    like: z
      .union([
        z.strictObject({ machineId }),
        z.strictObject({
          gpus: z.number().int().positive().optional(),
          verification: z.enum(['verified', 'unverified', 'deverified']).optional(),
          reliability: z.enum(['high', 'fair', 'low']).optional(),
        }),
      ])
      .optional(),
  }),
  machines: z.strictObject({}),
  machine: z.strictObject({ machineId }),
  earnings: z.strictObject({ machineId: machineId.optional(), fromDay: day, toDay: day }),
  'listing-impact': z.strictObject({ machineId, terms: listingTermsSchema }),
} as const satisfies { readonly [Kind in keyof VastAiQueries]: z.ZodType }

export type ParsedQuery<Kind extends keyof VastAiQueries> = z.output<(typeof querySchemas)[Kind]>

/**
 * What was asked, checked.
 *
 * @throws {InvalidInputError} `UNKNOWN_QUERY` with the known ones, `INVALID_QUERY` with the field.
 */
export function parseQuery<Kind extends keyof VastAiQueries>(kind: Kind, query: unknown): ParsedQuery<Kind> {
  const schema: z.ZodType | undefined = Object.hasOwn(querySchemas, kind) ? querySchemas[kind] : undefined
  if (schema === undefined)
    throw new InvalidInputError({
      code: 'UNKNOWN_QUERY',
      message: `vastai answers no question ${JSON.stringify(kind)}; known: ${Object.keys(querySchemas).join(', ')}`,
    })
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data as ParsedQuery<Kind>
  const issue = parsed.error.issues[0]
  throw new InvalidInputError({
    code: 'INVALID_QUERY',
    message: `question ${kind}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not usable'}`,
  })
}
