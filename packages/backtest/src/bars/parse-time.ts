/** A time as files write it: a date, a date with a time of day, with or without a zone; or a number of seconds, milliseconds, micro- or nanoseconds. */
export interface ParsedTime {
  /** Milliseconds since the epoch. */
  readonly ms: number
  /** How the file says which zone: `none` counts as UTC. */
  readonly zone: 'none' | 'utc' | 'offset' | 'number'
}

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/

/** `undefined` for what is no time. */
export function parseTime(text: string | number): ParsedTime | undefined {
  const trimmed = String(text).trim()
  if (/^\d{9,19}(\.\d+)?$/.test(trimmed)) return { ms: fromNumber(Number(trimmed)), zone: 'number' }
  const match = pattern.exec(trimmed)
  if (match === null) return undefined
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '0', zone] = match
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const isReal =
    new Date(date).getUTCDate() === Number(day) &&
    Number(month) <= 12 &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60
  if (!isReal) return undefined
  const ms = date + Math.floor(Number(`0.${fraction}`) * 1000)
  if (zone === undefined) return { ms, zone: 'none' }
  if (zone === 'Z' || zone === 'UTC') return { ms, zone: 'utc' }
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  const offset = zone.startsWith('-') ? -minutes : minutes
  return { ms: ms - offset * 60_000, zone: offset === 0 ? 'utc' : 'offset' }
}

/** The unit is told by the size: all of them between the years 1973 and 2286. */
function fromNumber(value: number): number {
  if (value < 1e11) return value * 1000
  if (value < 1e14) return value
  if (value < 1e17) return Math.floor(value / 1000)
  return Math.floor(value / 1e6)
}
