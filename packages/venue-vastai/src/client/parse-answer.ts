import type { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { errorFromRefusal, lostEffect } from './error-from-answer.ts'
import { VastAiMalformedResponseError } from './errors.ts'

/**
 * Turns the text of a successful answer into what `schema` says.
 *
 * @throws {VastAiError} for `success: false`; {@link VastAiMalformedResponseError} with the field's path for anything unexpected.
 */
export function parseAnswer<Schema extends z.ZodType>(
  target: Endpoint,
  text: string,
  schema: Schema,
  hideSecrets: (text: string) => string,
): z.output<Schema> {
  const value = parseJson(target, text)
  if (typeof value === 'object' && value !== null && (value as { success?: unknown }).success === false)
    throw errorFromRefusal(target, hideSecrets(text))
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = pathText(issue?.path ?? [])
  throw new VastAiMalformedResponseError({
    endpoint: target.name,
    message: `${target.name}: unexpected answer at ${path === '' ? 'its top' : path}: ${issue?.message ?? 'unknown shape'}`,
    effect: lostEffect(target),
    details: { path, problems: parsed.error.issues.length },
  })
}

/** For example `offers[3].num_gpus`. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = ''
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`
  return text
}

function parseJson(target: Endpoint, text: string): unknown {
  // Some acknowledgements are empty.
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    // Python writes NaN and Infinity, which JSON does not know. Only looked for when parsing failed.
    if (/NaN|Infinity/.test(text)) {
      try {
        return JSON.parse(withoutNonNumbers(text))
      } catch {
        // The first failure is the one to report.
      }
    }
    // Without a cause: the parser's own message quotes the text, which may hold a secret.
    throw new VastAiMalformedResponseError({
      endpoint: target.name,
      message: `${target.name}: the answer is not JSON (${text.length} characters); a proxy may stand in between`,
      effect: lostEffect(target),
      retryable: target.kind !== 'once',
    })
  }
}

/** `NaN`, `Infinity` and `-Infinity` outside of strings become `null`. */
function withoutNonNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, token => (token.startsWith('"') ? token : 'null'))
}
