import { hash as digestOf } from 'node:crypto'
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
  return sealEntry(previous, fact, at).entry
}

/** The next entry together with the text of its fact, which was hashed and is what to keep. */
export function sealEntry(
  previous: { readonly seq: number; readonly hash: string },
  fact: Fact,
  at: number,
): { readonly entry: JournalEntry; readonly factText: string } {
  const seq = previous.seq + 1
  const factText = canonicalJson(fact)
  return { entry: { seq, at, fact, hash: chainHash(previous.hash, seq, at, factText) }, factText }
}

/** SHA-256 over the previous hash and the entry in canonical JSON, hexadecimal. */
export function entryHash(previousHash: string, seq: number, at: number, fact: Fact): string {
  return chainHash(previousHash, seq, at, canonicalJson(fact))
}

function chainHash(previousHash: string, seq: number, at: number, factText: string): string {
  return digestOf('sha256', `${previousHash}{"at":${canonicalJson(at)},"fact":${factText},"seq":${seq}}`)
}
