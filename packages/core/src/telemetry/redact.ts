import { cutSecrets } from '../errors/cut-secrets.ts'
import { isSecretName } from './secret-name.ts'

const depthMax = 8

/**
 * A copy of what is to be logged, without the values of secret fields at any depth, errors with their causes included.
 *
 * @example
 * redact({ headers: { Authorization: 'Bearer 3f9a' } }) // { headers: { Authorization: '[secret]' } }
 */
export function redact(fields: object): Record<string, unknown> {
  try {
    return copyOf(fields, 0, []) as Record<string, unknown>
  } catch {
    // A getter that throws must not turn a log line into a failure.
    return { fields: '[not loggable]' }
  }
}

function copyOf(value: unknown, depth: number, path: readonly unknown[]): unknown {
  if (typeof value === 'string') return cutSecrets(value)
  if (typeof value !== 'object' || value === null) return value
  if (path.includes(value)) return '[circular]'
  if (depth >= depthMax) return '[deep]'
  const inner = [...path, value]
  if (Array.isArray(value)) return value.map(item => copyOf(item, depth + 1, inner))
  if (ArrayBuffer.isView(value)) return '[binary]'
  const copy: Record<string, unknown> = {}
  if (value instanceof Error) {
    copy['type'] = value.name
    copy['message'] = cutSecrets(value.message)
    copy['stack'] = cutSecrets(value.stack ?? '')
    if (value.cause !== undefined) copy['cause'] = copyOf(value.cause, depth + 1, inner)
  } else if (typeof (value as { toJSON?: unknown }).toJSON === 'function') {
    return copyOf((value as { toJSON: () => unknown }).toJSON(), depth + 1, inner)
  }
  for (const [key, item] of Object.entries(value))
    copy[key] = isSecretName(key) && item !== undefined ? '[secret]' : copyOf(item, depth + 1, inner)
  return copy
}
