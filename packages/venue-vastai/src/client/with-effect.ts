import { AbortedError, type AutomationError, type ErrorEffect } from '@org/core'
import { VastAiError } from './errors.ts'

/** The same error, said of all attempts together: one before the last may have acted, whatever the last one says. */
export function withEffect(error: AutomationError, effect: ErrorEffect): AutomationError {
  if (effect === 'none' || error.effect === effect) return error
  return error instanceof VastAiError ? error.withEffect(effect) : new AbortedError({ effect, cause: error.cause })
}
