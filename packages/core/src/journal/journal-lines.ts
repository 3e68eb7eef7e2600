import { AutomationError } from '../errors/automation-error.ts'
import type { JournalEntry } from './journal-entry.ts'

/**
 * The journal as lines of JSON (JSONL), oldest first, each with its line end.
 *
 * @example
 * await pipeline(exportJournal(store), createWriteStream('journal.jsonl'))
 */
export async function* exportJournal(store: { journal(): AsyncIterable<JournalEntry> }): AsyncIterable<string> {
  for await (const entry of store.journal()) yield `${JSON.stringify(entry)}\n`
}

/**
 * Entries from lines that {@link exportJournal} wrote, for `verifyChain` and `replayJournal`. Empty lines are left out.
 *
 * @throws {AutomationError} `JOURNAL_UNREADABLE` naming the first line that is no entry.
 * @example
 * const broken = await verifyChain(importJournal(createInterface(createReadStream('journal.jsonl'))))
 */
export async function* importJournal(lines: AsyncIterable<string> | Iterable<string>): AsyncIterable<JournalEntry> {
  let number = 0
  for await (const line of lines) {
    number++
    if (line.trim() !== '') yield parseLine(line, number)
  }
}

function parseLine(line: string, number: number): JournalEntry {
  let cause: unknown
  try {
    const entry = JSON.parse(line) as JournalEntry
    const { seq, at, hash, fact } = entry
    if (Number.isInteger(seq) && typeof at === 'number' && typeof hash === 'string' && typeof fact?.type === 'string')
      return entry
  } catch (error) {
    cause = error
  }
  throw new AutomationError({
    code: 'JOURNAL_UNREADABLE',
    message: `line ${number} of the journal is no entry: it was cut off or changed; export it anew`,
    cause,
  })
}
