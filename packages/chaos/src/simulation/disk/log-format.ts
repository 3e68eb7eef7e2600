import { entryHash, entryTime, genesisHash, type JournalEntry } from '@org/core'

/** Where history ends. */
export interface Head {
  readonly seq: number
  readonly hash: string
  readonly at: number
}

export const beginning: Head = { seq: 0, hash: genesisHash, at: 0 }

/** What one atomic step wrote: entries of the journal and states of strategies. */
export interface Group {
  readonly entries: readonly JournalEntry[]
  readonly states: readonly { readonly key: string; readonly text: string }[]
  /** Index of the first write after it. */
  readonly end: number
}

export function entryRecord(entry: JournalEntry): string {
  return `E${JSON.stringify(entry)}`
}

export function stateRecord(key: string, text: string): string {
  return `S${JSON.stringify({ key, text })}`
}

/** Closes a group: how many records it holds, and the hash of the newest entry. Without it the group never happened. */
export function endRecord(recordCount: number, hash: string): string {
  return `C${JSON.stringify({ recordCount, hash })};`
}

/** Reads the groups from write `from` on. How the tail of a file is judged is what recovery stands on, so that it can be decorated. */
export type ReadGroups = (writes: readonly string[], from: number, head: Head) => readonly Group[]

/** Whole groups whose entries follow from `head`, up to the first that is not whole or does not follow. */
export const readGroups: ReadGroups = (writes, from, head) => {
  const groups: Group[] = []
  let entries: JournalEntry[] = []
  let states: { key: string; text: string }[] = []
  let last = head
  for (let i = from; i < writes.length; i++) {
    const text = writes[i] as string
    if (text.startsWith('E')) {
      const entry = provedEntry(text, last)
      if (entry === undefined) break
      entries.push(entry)
      last = entry
      continue
    }
    const value = parsed(text)
    if (value === undefined) break
    if (text.startsWith('S')) states.push(value as { key: string; text: string })
    else {
      const { recordCount, hash } = value as { recordCount: number; hash: string }
      if (recordCount !== entries.length + states.length || hash !== last.hash) break
      groups.push({ entries, states, end: i + 1 })
      entries = []
      states = []
    }
  }
  return groups
}

/** What one reader has proved the others need not prove again: half the time of a world would go into hashing. */
const proved = new Map<string, { readonly entry: JournalEntry; readonly after: string }>()
const provedMax = 2_000

function provedEntry(text: string, last: Head): JournalEntry | undefined {
  const known = proved.get(text)
  if (known?.after === last.hash) return known.entry
  const entry = parsed(text) as JournalEntry | undefined
  if (entry === undefined || entry.seq !== last.seq + 1) return undefined
  if (entry.hash !== entryHash(last.hash, entry.seq, entry.at, entry.fact)) return undefined
  if (entry.at !== entryTime(last.at, entry.fact, entry.at)) return undefined
  if (proved.size >= provedMax) proved.clear()
  proved.set(text, { entry, after: last.hash })
  return entry
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.slice(1, text.startsWith('C') ? -1 : undefined))
  } catch {
    return undefined
  }
}
