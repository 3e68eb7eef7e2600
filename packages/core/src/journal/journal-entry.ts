import { hash as digestOf } from 'node:crypto'
import { jsonText } from '../intent/json.ts'
import type { Fact } from './fact.ts'

/** A fact with its place in history. `hash` covers the entry and the hash before it, so that nothing can be changed unnoticed. */
export interface JournalEntry {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number
  /** Milliseconds since the epoch; see {@link entryTime}. */
  readonly at: number
  readonly fact: Fact
  readonly hash: string
}

/** The hash before the first entry. */
export const genesisHash = '0'.repeat(64)

/** Where history ends, as far as the next entry rests on it. */
interface Previous {
  readonly seq: number
  readonly hash: string
}

/** The time of an entry that is decided at `at`: never before that of the one before, but where its fact sets the time back. */
export function entryTime(previousAt: number, fact: Fact, at: number): number {
  return fact.type === 'time-set-back' ? at : Math.max(at, previousAt)
}

export function nextEntry(previous: Previous, fact: Fact, at: number): JournalEntry {
  return sealEntry(previous, fact, at).entry
}

/**
 * The next entry together with the text of its fact, which was hashed and is what to keep.
 *
 * @throws {InvalidInputError} `NOT_JSON` for a fact that has no text.
 */
export function sealEntry(
  previous: Previous,
  fact: Fact,
  at: number,
): { readonly entry: JournalEntry; readonly factText: string } {
  const seq = previous.seq + 1
  const factText = jsonText(fact)
  return { entry: { seq, at, fact, hash: chainHash(previous.hash, seq, at, factText) }, factText }
}

/**
 * The hash that an entry with `fact` has after the one with `previousHash`: SHA-256, hexadecimal. `fact` is hashed as the text that
 * `JSON.stringify` makes of it, which is the same for what was read back from that text; a copy with its keys in another order is another
 * text.
 */
export function entryHash(previousHash: string, seq: number, at: number, fact: Fact): string {
  return chainHash(previousHash, seq, at, jsonText(fact))
}

/** {@link entryHash} for a fact that is kept as text: what is proved is the text that is there. */
export function chainHash(previousHash: string, seq: number, at: number, factText: string): string {
  return digestOf('sha256', `${previousHash}{"at":${at},"fact":${factText},"seq":${seq}}`)
}
