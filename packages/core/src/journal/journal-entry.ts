import { createHash } from 'node:crypto'
import { canonicalJson } from '../intent/json.ts'
import type { Fact } from './fact.ts'

/** A fact with its place in history. `hash` covers the entry and the hash before it, so that nothing can be changed unnoticed. */
export interface JournalEntry {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number
  /** Milliseconds since the epoch; never smaller than the entry before. */
  readonly at: number
  readonly fact: Fact
  readonly hash: string
}

/** The hash before the first entry. */
export const genesisHash = '0'.repeat(64)

export function nextEntry(
  previous: { readonly seq: number; readonly hash: string },
  fact: Fact,
  at: number,
): JournalEntry {
  const seq = previous.seq + 1
  return { seq, at, fact, hash: entryHash(previous.hash, seq, at, fact) }
}

/** SHA-256 over the previous hash and the entry in canonical JSON, hexadecimal. */
export function entryHash(previousHash: string, seq: number, at: number, fact: Fact): string {
  return createHash('sha256').update(previousHash).update(canonicalJson({ seq, at, fact })).digest('hex')
}
