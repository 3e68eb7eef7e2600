import type { Logger } from '@org/core'

/** Keeps everything that is said, at every level, as text. */
export function recordingLogger(lines: string[], about: object = {}): Logger {
  const say = (fields: object, message: string) => {
    lines.push(`${message} ${textOf({ ...about, ...fields })}`)
  }
  return {
    debug: say,
    info: say,
    warn: say,
    error: say,
    child: fields => recordingLogger(lines, { ...about, ...fields }),
  }
}

/** All that a value would show of itself: errors with stack and causes too. */
export function textOf(value: unknown): string {
  const seen = new Set<unknown>()
  return (
    JSON.stringify(value, (_name, item: unknown) => {
      if (typeof item === 'bigint' || typeof item === 'function') return String(item)
      if (typeof item !== 'object' || item === null) return item
      if (seen.has(item)) return '[seen]'
      seen.add(item)
      if (!(item instanceof Error)) return item
      return { ...item, message: item.message, stack: item.stack, cause: item.cause }
    }) ?? ''
  )
}
