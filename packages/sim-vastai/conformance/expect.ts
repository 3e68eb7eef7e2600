import type { Ran } from './python-client.ts'

/** @throws {Error} when `condition` is false. */
export function ensure(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

/** The command's output holds every text, and it did not break. */
export function prints(...texts: readonly string[]): (ran: Ran) => void {
  return ran => {
    const output = `${ran.stdout}\n${ran.stderr}`
    ensure(!output.includes('Traceback'), 'the client broke')
    for (const text of texts) ensure(output.includes(text), `expected output with ${JSON.stringify(text)}`)
  }
}

/** What `--raw` printed. */
export function rawRows(ran: Ran, key?: string): readonly Record<string, unknown>[] {
  ensure(!ran.stderr.includes('Traceback'), 'the client broke')
  const value = JSON.parse(ran.stdout) as unknown
  const rows = key !== undefined && !Array.isArray(value) ? (value as Record<string, unknown>)[key] : value
  ensure(Array.isArray(rows), 'expected a list')
  return rows as readonly Record<string, unknown>[]
}

/** One object that `--raw` printed. */
export function rawObject(ran: Ran): Record<string, unknown> {
  ensure(!ran.stderr.includes('Traceback'), 'the client broke')
  return JSON.parse(ran.stdout) as Record<string, unknown>
}

/** A field that must be a number. */
export function numberOf(row: Readonly<Record<string, unknown>> | undefined, field: string): number {
  const value = row?.[field]
  ensure(typeof value === 'number', `expected a number in ${field}, was ${JSON.stringify(value)}`)
  return value
}
