import { hash as digestOf } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { type LedgerState, ledgerFormat, ledgerFromText, ledgerToText } from '@org/core'
import type { Head, JournalTable } from './journal-table.ts'
import { corruptError } from './store-error.ts'

/** Snapshots kept: the newest, and the one before for a look back. */
const snapshotsKept = 2

/** The newest snapshot in a form that this version reads, or `undefined`: then all of history is replayed. */
export function readSnapshot(
  db: DatabaseSync,
  journal: JournalTable,
  path: string,
): { readonly state: LedgerState; readonly head: Head } | undefined {
  const row = db
    .prepare('SELECT seq, ledger, checksum FROM snapshot WHERE format = ? ORDER BY seq DESC LIMIT 1')
    .get(ledgerFormat)
  if (row === undefined) return undefined
  const head = journal.headAt(Number(row['seq']))
  const text = String(row['ledger'])
  if (head === undefined) throw corruptError(path, `the journal ends before snapshot ${String(row['seq'])}`)
  if (row['checksum'] !== checksum(head, text)) throw corruptError(path, `snapshot ${head.seq} was changed`)
  return { state: ledgerFromText(text), head }
}

/** The sequence number of the newest snapshot, 0 without one. */
export function snapshotSeq(db: DatabaseSync): number {
  return Number(db.prepare('SELECT max(seq) AS seq FROM snapshot WHERE format = ?').get(ledgerFormat)?.['seq'] ?? 0)
}

/** A snapshot that is ready to be written. */
export interface SealedSnapshot {
  readonly seq: number
  readonly text: string
  readonly checksum: string
}

/** `state` as it is after `head`. The larger part of the work: done before the lock is taken. */
export function sealSnapshot(state: LedgerState, head: Head): SealedSnapshot {
  const text = ledgerToText(state)
  return { seq: head.seq, text, checksum: checksum(head, text) }
}

/** Call within a write transaction. */
export function writeSnapshot(db: DatabaseSync, snapshot: SealedSnapshot): void {
  db.prepare('INSERT OR REPLACE INTO snapshot (seq, format, ledger, checksum) VALUES (?, ?, ?, ?)').run(
    snapshot.seq,
    ledgerFormat,
    snapshot.text,
    snapshot.checksum,
  )
  db.prepare('DELETE FROM snapshot WHERE seq NOT IN (SELECT seq FROM snapshot ORDER BY seq DESC LIMIT ?)').run(
    snapshotsKept,
  )
}

/** Binds a snapshot to its place in history. */
function checksum(head: Head, text: string): string {
  return digestOf('sha256', head.hash + text)
}
