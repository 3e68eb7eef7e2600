/** How a filter compares a field. Values arrive as strings; the field's type says what they mean. */
export type FieldType =
  | 'number'
  | 'text'
  /** `null` counts as false. */
  | 'flag'
  /** GPU names: underscore and space are one. */
  | 'gpu-name'
  /** Rows say `Texas, US`, queries say `US`. */
  | 'place'
  /** `550.54.15` compares as 550054015. */
  | 'version'

/** A column that can be filtered and ordered by. */
export interface Field<Row> {
  readonly type: FieldType
  readonly of: (row: Row) => unknown
}

/** Columns by name. */
export type Fields<Row> = ReadonlyMap<string, Field<Row>>

/** Short forms: `{ num_gpus: ['number', row => row.gpuCount] }`. */
export function defineFields<Row>(
  columns: Readonly<Record<string, readonly [FieldType, (row: Row) => unknown]>>,
): Fields<Row> {
  return new Map(Object.entries(columns).map(([name, [type, of]]) => [name, { type, of }]))
}

/** What a value means for a field: a number, text, boolean or null. NaN where it means nothing. */
export function coerce(value: unknown, type: FieldType): number | string | boolean | null {
  if (value === null || value === undefined || value === 'null' || value === 'None')
    return type === 'flag' ? false : null
  switch (type) {
    case 'number':
      return typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : numberFrom(value)
    case 'flag':
      return value === true || value === 1 || value === 'true' || value === 'True' || value === '1'
    case 'version':
      return typeof value === 'number' ? value : versionNumber(String(value))
    case 'gpu-name':
      return String(value).replaceAll('_', ' ')
    case 'place':
    case 'text':
      return String(value)
  }
}

/** `550.54.15` is 550054015: three digits per part. Plain digits stand for themselves. */
export function versionNumber(version: string): number {
  const parts = version.split('.').map(Number)
  if (parts.some(part => !Number.isFinite(part))) return Number.NaN
  if (parts.length === 1) return parts[0] as number
  return (parts[0] ?? 0) * 1_000_000 + (parts[1] ?? 0) * 1_000 + (parts[2] ?? 0)
}

/** `US` of `Texas, US`. */
export function countryCode(geolocation: string): string {
  return geolocation.slice(geolocation.lastIndexOf(',') + 1).trim()
}

function numberFrom(value: unknown): number {
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}
