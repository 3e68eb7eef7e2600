import { AutomationError } from '../errors/automation-error.ts'
import { canonicalJson } from '../intent/json.ts'
import { emptyLedger, evolve } from '../ledger/evolve.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import { ledgerToText } from '../ledger/snapshot.ts'
import type { JournalEntry } from './journal-entry.ts'

/**
 * Every budget, rebuilt from the journal alone.
 *
 * @throws {AutomationError} `JOURNAL_INCOMPLETE` when the first entry is missing: budgets rest on all of history.
 * @example
 * const ledger = await replayJournal(store.journal())
 */
export async function replayJournal(entries: AsyncIterable<JournalEntry>): Promise<LedgerState> {
  const state = emptyLedger()
  for await (const { fact, at } of fromTheFirst(entries)) evolve(state, fact, at)
  return state
}

/** @throws {AutomationError} `JOURNAL_INCOMPLETE` where an entry is missing. */
export async function* fromTheFirst(entries: AsyncIterable<JournalEntry>): AsyncIterable<JournalEntry> {
  let seq = 0
  for await (const entry of entries) {
    if (entry.seq !== seq + 1)
      throw new AutomationError({
        code: 'JOURNAL_INCOMPLETE',
        message: `entry ${seq + 1} is missing, ${entry.seq} follows: budgets cannot be rebuilt without it`,
      })
    seq = entry.seq
    yield entry
  }
}

/** A part of the stored ledger that the journal does not give. */
export interface LedgerDifference {
  /** `budget max_daily_loss@global`, `reservation i-7`, or the name of another part. */
  readonly what: string
  readonly stored: string | undefined
  readonly replayed: string | undefined
}

/**
 * Rebuilds every budget from the journal alone and compares it with what the store keeps. Nothing differs in a sound store; stop writers,
 * or what they write meanwhile shows.
 *
 * @returns What differs; nothing when both agree.
 * @example
 * const differences = await compareWithReplay(store)
 * if (differences.length > 0) throw new Error(`the ledger does not follow from its journal: ${differences[0]?.what}`)
 */
export async function compareWithReplay(store: {
  read(): LedgerState
  journal(): AsyncIterable<JournalEntry>
}): Promise<readonly LedgerDifference[]> {
  const replayed = partsOf(await replayJournal(store.journal()))
  const stored = partsOf(store.read())
  const differences: LedgerDifference[] = []
  for (const what of new Set([...stored.keys(), ...replayed.keys()])) {
    const [kept, made] = [stored.get(what), replayed.get(what)]
    if (kept !== made) differences.push({ what, stored: kept, replayed: made })
  }
  return differences
}

/** The ledger in parts small enough to name, as text. */
function partsOf(state: LedgerState): ReadonlyMap<string, string> {
  const { budgets, reservations, ...rest } = JSON.parse(ledgerToText(state)) as Record<string, unknown>
  const parts = new Map(Object.entries(rest).map(([name, value]) => [name, canonicalJson(value)]))
  for (const [kind, map] of [
    ['budget', budgets],
    ['reservation', reservations],
  ] as const)
    for (const [key, value] of (map as { readonly $map: readonly [string, unknown][] }).$map)
      parts.set(`${kind} ${key}`, canonicalJson(value))
  return parts
}
