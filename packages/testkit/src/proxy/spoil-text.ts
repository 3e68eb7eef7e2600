import type { FaultEffect } from './fault.ts'

/** The text of an answer as a fault changes it; one that is not JSON stays as it is. */
export function spoilText(fault: FaultEffect, text: string): string {
  switch (fault.kind) {
    case 'malformed-json':
      return text.slice(0, Math.ceil(text.length / 2))
    case 'html-page':
      return '<!doctype html><html><body><h1>Welcome</h1>Please sign in to use this network.</body></html>'
    case 'extra-fields':
      return rewrite(text, (entries, depth) => [...entries, ...addedTo(entries, depth)])
    case 'duplicate-fields':
      return rewrite(text, ([first, ...rest]) => (first === undefined ? [] : [[first[0], null], first, ...rest]))
    case 'missing-field':
      return rewriteField(text, fault.field, () => [])
    case 'renamed-field':
      return rewriteField(text, fault.field, ([, value]) => [[fault.to, value]])
    case 'mistyped-field':
      return rewriteField(text, fault.field, ([name]) => [[name, 'value' in fault ? fault.value : { mistyped: true }]])
    default:
      return text
  }
}

/** JSON text as it is written here; what is no JSON stays as it is. */
export function withoutSpaces(text: string): string {
  return rewrite(text, entries => entries)
}

type Entry = readonly [name: string, value: unknown]

/**
 * One more field for an object that has some. Objects that hold nothing but objects are taken for maps, in which one more would be one
 * more thing; in a map of figures it is a figure.
 */
function addedTo(entries: readonly Entry[], depth: number): readonly Entry[] {
  const like = entries.find(([, value]) => typeof value !== 'object' || value === null)
  return like === undefined ? [] : [[`added_in_level_${depth}`, like[1]]]
}

function rewriteField(text: string, field: string, change: (entry: Entry) => readonly Entry[]): string {
  const wanted = field.split('.')
  return rewrite(text, (entries, _depth, path) =>
    entries.flatMap(entry => {
      const at = [...path, entry[0]]
      return wanted.every((name, i) => name === at[at.length - wanted.length + i]) ? change(entry) : [entry]
    }),
  )
}

/** Writes JSON anew, with the entries of each object as `change` makes them: also such that no object could hold, twice one name. */
function rewrite(
  text: string,
  change: (entries: readonly Entry[], depth: number, path: readonly string[]) => readonly Entry[],
): string {
  const write = (value: unknown, path: readonly string[], depth: number): string => {
    if (Array.isArray(value)) return `[${value.map(item => write(item, path, depth + 1)).join()}]`
    if (typeof value !== 'object' || value === null) return JSON.stringify(value)
    const entries = change(Object.entries(value), depth, path)
    return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${write(item, [...path, name], depth + 1)}`).join()}}`
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return text
  }
  return write(parsed, [], 0)
}
