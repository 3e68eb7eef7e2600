import { AutomationError, type Intent } from '@org/core'
import type { z } from 'zod'

/**
 * An intent's parameters, checked; the gate has done so already, others may call the venue without it.
 *
 * @throws {AutomationError} `INVALID_PARAMS` naming the field; nothing was sent.
 */
export function readParams<Schema extends z.ZodType>(intent: Intent, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(intent.params)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new AutomationError({
    code: 'INVALID_PARAMS',
    message: `${intent.action}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not usable'}; nothing was sent`,
  })
}
